import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/verify/free-port.js';
import { findPrograms, unprivilegedAccount } from './test-postgres.js';

/** A PostgreSQL server that a test may stop and start again, with its data on disk between the two. */
export class OwnPostgres {
  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  /** Makes and starts one, on a machine that has the programs (see `hasPostgres`). */
  static async make(): Promise<OwnPostgres> {
    const account = unprivilegedAccount();
    const folder = mkdtempSync(join(tmpdir(), 'talksy-own-postgres-'));
    if (account) chownSync(folder, account.uid, account.gid);
    const server = new OwnPostgres(folder, await freePort());
    server.run('initdb', ['-D', server.data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']);
    await server.start();
    return server;
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres`;
  }

  async start(): Promise<void> {
    const options = `-p ${this.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200`;
    this.run('pg_ctl', ['-D', this.data, '-w', '-l', join(this.folder, 'log'), '-o', options, 'start']);
  }

  async stop(): Promise<void> {
    this.run('pg_ctl', ['-D', this.data, '-w', '-m', 'fast', 'stop']);
  }

  /** Stops it for good and removes what it wrote. */
  remove(): void {
    spawnSync(this.program('pg_ctl'), ['-D', this.data, '-m', 'immediate', 'stop'], this.how);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get data(): string {
    return join(this.folder, 'data');
  }

  private get how() {
    return { ...unprivilegedAccount(), cwd: this.folder, stdio: 'ignore' as const };
  }

  private program(name: string): string {
    return join(findPrograms()!, name);
  }

  private run(name: string, options: string[]): void {
    execFileSync(this.program(name), options, this.how);
  }
}
