import { Module } from '@nestjs/common';
import { MessageLimit } from './message-limit.service.js';
import { RequestLimit } from './request-limit.service.js';

/** Limits for who calls too often. Needs the RateCounter that the storage binds. */
@Module({ providers: [MessageLimit, RequestLimit], exports: [MessageLimit, RequestLimit] })
export class RateLimitModule {}
