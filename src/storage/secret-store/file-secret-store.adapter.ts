import { hkdfSync, randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { type SecretName, SecretStore } from '../../auth/secret-store.port.js';
import { newSecretId } from '../../common/ids.js';
import { ConfigError } from '../../config/config-error.js';
import { StoreConfig } from '../../config/config.js';

const ROOT_BYTES = 32;
const SECRET_BYTES = 48;

/**
 * Generated keys in `secrets.json` of the data folder, readable for its owner only. The file holds one random root, made
 * once; every secret is derived from it (HKDF), so a new name never has to change the file.
 */
@Injectable()
export class FileSecretStore extends SecretStore {
  private readonly path: string;
  private root: Promise<Buffer> | undefined;

  constructor(private readonly config: StoreConfig) {
    super();
    this.path = join(config.dataDir, 'secrets.json');
  }

  /** Rejects with ConfigError where the file cannot be read, written or understood. */
  override async load(name: SecretName): Promise<string> {
    this.root ??= this.loadRoot();
    const secret = hkdfSync('sha256', await this.root, '', `talksy:${name}`, SECRET_BYTES);
    return Buffer.from(secret).toString('base64url');
  }

  private async loadRoot(): Promise<Buffer> {
    try {
      const text = (await this.read()) ?? (await this.create());
      return this.parse(text);
    } catch (error) {
      if (error instanceof ConfigError) throw error;
      const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error';
      throw new ConfigError(
        `DATA_DIR ${this.config.dataDir} cannot keep the generated keys (${reason}); make it writable, or set JWT_SECRET and REFRESH_SECRET`,
      );
    }
  }

  private async read(): Promise<string | undefined> {
    return readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
  }

  /** A link either makes the whole file appear or fails because it is there: of racing processes one wins, all read it. */
  private async create(): Promise<string> {
    await mkdir(this.config.dataDir, { recursive: true, mode: 0o700 });
    const draft = `${this.path}.${newSecretId()}.tmp`;
    try {
      await this.write(draft);
      await link(draft, this.path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    } finally {
      await rm(draft, { force: true });
    }
    return readFile(this.path, 'utf8');
  }

  private async write(draft: string): Promise<void> {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify({ version: 1, root: randomBytes(ROOT_BYTES).toString('base64url') })}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  private parse(text: string): Buffer {
    const root = /"root"\s*:\s*"([\w-]+)"/.exec(text)?.[1];
    const bytes = Buffer.from(root ?? '', 'base64url');
    if (bytes.length === ROOT_BYTES) return bytes;
    throw new ConfigError(
      `${this.path} is damaged; restore it, or delete it (a new one is made, and everybody must log in again)`,
    );
  }
}
