import pino, { type DestinationStream } from 'pino';
import pretty from 'pino-pretty';
import { LogConfig } from '../config/config.js';

/**
 * Where log lines go: standard output, as JSON or readable. Synchronous and in this process, so that the last words
 * before a crash are not lost. `isTerminal` allows colours.
 */
export function logDestination({ format }: LogConfig, isTerminal: boolean): DestinationStream {
  if (format === 'json') return pino.destination({ dest: 1, sync: true });
  return pretty({ colorize: isTerminal, translateTime: 'SYS:HH:MM:ss.l', singleLine: true, sync: true });
}
