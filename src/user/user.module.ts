import { Module } from '@nestjs/common';
import { Accounts } from './accounts.service.js';
import { Organizations } from './organizations.service.js';

/** Accounts and organizations. The stores behind them are bound by the storage room. */
@Module({ providers: [Accounts, Organizations], exports: [Accounts, Organizations] })
export class UserModule {}
