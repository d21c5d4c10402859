import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from '../../src/verify/free-port.js';

const START_LIMIT_MS = 5000;
const SITE = join(import.meta.dirname, '../../ops/nginx/talksy.conf');

/** The nginx that we recommend, with the configuration that we ship, before nodes of a test. */
export class OwnNginx {
  private constructor(
    readonly url: string,
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {}

  static find(): string | undefined {
    const folders = [...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean), '/usr/sbin'];
    return folders.map((folder) => join(folder, 'nginx')).find(isExecutable);
  }

  /** Starts it before the nodes at these addresses; clients on websocket need no stickiness, so it has none. */
  static async start(nodes: readonly string[]): Promise<OwnNginx> {
    const folder = mkdtempSync(join(tmpdir(), 'talksy-nginx-'));
    const port = await freePort();
    const servers = nodes.map((url) => `server ${new URL(url).host} max_fails=1 fail_timeout=1s;`).join(' ');
    const site = readFileSync(SITE, 'utf8')
      .replace(/^ {2}(ip_hash;|server node\d.*)$/gm, '')
      .replace('upstream talksy {', `upstream talksy { ${servers}`)
      .replace('listen 80;', `listen 127.0.0.1:${port};`);
    writeFileSync(join(folder, 'nginx.conf'), whole(folder, site));
    const child = spawn(OwnNginx.find()!, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-g', 'daemon off;'], {
      stdio: 'ignore',
    });
    const nginx = new OwnNginx(`http://127.0.0.1:${port}`, folder, child);
    await nginx.untilServing();
    return nginx;
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async untilServing(): Promise<void> {
    const giveUpAt = Date.now() + START_LIMIT_MS;
    const isServing = () =>
      fetch(`${this.url}/health/live`).then(
        ({ ok }) => ok,
        () => false,
      );
    while (!(await isServing())) {
      if (Date.now() > giveUpAt) throw new Error('nginx does not serve');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

const whole = (folder: string, site: string): string => `
error_log ${join(folder, 'error.log')};
pid ${join(folder, 'pid')};
events { worker_connections 2048; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${join(folder, kind)};`).join('\n  ')}
  ${site}
}
`;

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
