import { Module } from '@nestjs/common';
import { AuditLog } from './audit-log.service.js';

/** The audit log, for rooms where something security-relevant happens. */
@Module({ providers: [AuditLog], exports: [AuditLog] })
export class AuditModule {}
