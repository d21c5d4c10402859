import { Module } from '@nestjs/common';
import { SessionProbe } from './session-probe.service.js';
import { SessionService } from './session.service.js';

@Module({ providers: [SessionService, SessionProbe], exports: [SessionService] })
export class SessionModule {}
