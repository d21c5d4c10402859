import { Module } from '@nestjs/common';
import { Accounts } from './accounts.service.js';

/** Accounts. The store behind them is bound by the storage room. */
@Module({ providers: [Accounts], exports: [Accounts] })
export class UserModule {}
