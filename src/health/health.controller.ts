import { Controller, Get, Header, HttpStatus, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Raw } from '../common/raw.decorator.js';
import { ServerConfig } from '../config/config.js';
import { APP_INFO } from '../common/app-info.js';
import { type DetailedHealth, HealthService, type Readiness } from './health.service.js';

/** What operators and load balancers ask. Open to all, without the house's envelope. */
@Raw()
@Controller()
export class HealthController {
  constructor(
    private readonly health: HealthService,
    private readonly config: ServerConfig,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  index() {
    const { name, version } = APP_INFO;
    const { phase } = this.health;
    return { name, version, status: phase === 'ready' ? 'running' : phase, docs: '/docs' };
  }

  /** The process answers; says nothing of the rooms behind it. */
  @Get('health')
  @Header('Cache-Control', 'no-store')
  summary() {
    const { phase } = this.health;
    return { status: phase === 'ready' ? 'ok' : phase, timestamp: this.health.timestamp() };
  }

  /** 200 as long as the process should not be killed. */
  @Get('health/live')
  @Header('Cache-Control', 'no-store')
  live() {
    return { status: 'alive' };
  }

  /** 503 while starting or draining, and while a room is down that every request needs. */
  @Get('health/ready')
  @Header('Cache-Control', 'no-store')
  async ready(@Res({ passthrough: true }) response: Response): Promise<Readiness> {
    const readiness = await this.health.readiness();
    if (readiness.status !== 'ready') response.status(HttpStatus.SERVICE_UNAVAILABLE);
    return readiness;
  }

  /** Every check; 503 only when the whole is unhealthy. */
  @Get('health/detailed')
  @Header('Cache-Control', 'no-store')
  async detailed(@Res({ passthrough: true }) response: Response): Promise<DetailedHealth> {
    const health = await this.health.detailed(this.config.environment);
    if (health.status === 'unhealthy') response.status(HttpStatus.SERVICE_UNAVAILABLE);
    return health;
  }
}
