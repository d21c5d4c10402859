import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule, type AppParts } from './app.module.js';
import { Lifecycle } from './common/lifecycle.js';
import { ConfigError } from './config/config-error.js';
import type { ServerConfig, TalksyConfig } from './config/config.js';
import { ApiDocuments } from './gateway/docs/api-documents.service.js';
import { configureHttp } from './gateway/http/configure-http.js';
import { HttpLimits } from './gateway/http/http-limits.service.js';
import { TalksyIoAdapter } from './gateway/sockets/talksy-io.adapter.js';
import { flushTraces } from './observability/tracing.js';
import { ServerLogger } from './observability/server-logger.js';
import { RunDrain } from './run/run-drain.service.js';
import { RunStarter } from './run/run-starter.service.js';
import { SocketRooms } from './storage/socket-io/socket-rooms.js';

/** How long connections may take to close once nothing is being answered any more. */
const CLOSE_DEADLINE_MS = 5000;

/** A server that listens. */
export interface TalksyServer {
  readonly app: NestExpressApplication;
  /** As a person would type it. */
  readonly url: string;
  /** Refuses new runs, lets those in flight finish within the grace, hands the rest over, then closes everything. */
  stop(): Promise<void>;
}

/** Builds the application and listens. Rejects with ConfigError, one line, where the port or a store cannot be had. */
export async function startServer(config: TalksyConfig, parts: AppParts = {}): Promise<TalksyServer> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config, parts), {
    bodyParser: false,
    // What fails while the house is built is thrown, and told in one line; Nest would print it as well.
    logger: false,
    abortOnError: false,
    forceCloseConnections: true,
  });
  app.useLogger(app.get(ServerLogger));
  configureHttp(app, config.server, (trusts) => app.get(HttpLimits).middleware(trusts));
  app.useWebSocketAdapter(new TalksyIoAdapter(app, config.server, app.get(SocketRooms).adapter));
  await listen(app, config.server);
  app.get(ApiDocuments).describe(app);
  app.get(Lifecycle).markReady();
  return { app, url: urlOf(app), stop: () => stop(app, config.server) };
}

async function listen(app: NestExpressApplication, { port, host }: ServerConfig): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close();
    throw unusablePort(error, port, host);
  }
}

function unusablePort(error: unknown, port: number, host: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return new ConfigError(`PORT ${port} is taken by another program; stop it or set PORT to another number`);
  }
  if (code === 'EACCES')
    return new ConfigError(`PORT ${port} needs more rights than this user has; set PORT above 1023`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new ConfigError(`HOST ${host} is no address of this machine; set HOST to one, or to 0.0.0.0 for all`);
  }
  return error;
}

async function stop(app: NestExpressApplication, { shutdownGraceMs }: ServerConfig): Promise<void> {
  app.get(Lifecycle).beginDraining();
  await app.get(RunStarter).settled();
  await app.get(RunDrain).drain(shutdownGraceMs);
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_DEADLINE_MS)));
  await Promise.race([app.close(), deadline]);
  clearTimeout(timer);
  await flushTraces();
}

function urlOf(app: NestExpressApplication): string {
  const { port, address } = app.getHttpServer().address() as AddressInfo;
  const host = ['0.0.0.0', '::', '127.0.0.1'].includes(address) ? 'localhost' : address;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
