import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Metrics } from '../../observability/metrics.service.js';
import { SocketDirectory } from './socket-directory.js';

/** What is counted of connections. */
@Injectable()
export class SocketMetrics implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly directory: SocketDirectory,
  ) {}

  onModuleInit(): void {
    this.metrics.gauge({ name: 'talksy_connections', help: 'Open socket connections of this node.' }, () => [
      { value: this.directory.size },
    ]);
  }
}
