import { type DynamicModule, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { DestinationStream } from 'pino';
import { LogConfig } from '../config/config.js';
import { httpLogOptions } from './http-log-options.js';
import { logDestination } from './log-destination.js';
import { ServerLogger } from './server-logger.js';

/** Logging by LogConfig. The bootstrap hands `ServerLogger` to the application, and rooms use Nest's `Logger`. */
@Module({})
export class LoggingModule {
  /** `destination` takes the lines instead of standard output. */
  static forRoot(destination?: DestinationStream): DynamicModule {
    const pino = LoggerModule.forRootAsync({
      inject: [LogConfig],
      useFactory: (config: LogConfig) => ({
        pinoHttp: [httpLogOptions(config), destination ?? logDestination(config, Boolean(process.stdout.isTTY))],
      }),
    });
    return { module: LoggingModule, imports: [pino], providers: [ServerLogger], exports: [ServerLogger] };
  }
}
