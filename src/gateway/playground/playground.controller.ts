import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Controller, Get, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { Raw } from '../../common/raw.decorator.js';

/** Where `npm run build` puts the page: beside the built server, whatever folder that was started in. */
const FOLDER = resolve(import.meta.dirname, '../../../dist/playground');

/** Everything that the page consists of. */
const TYPES: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'app.js': 'text/javascript; charset=utf-8',
  'app.css': 'text/css; charset=utf-8',
  'icon.svg': 'image/svg+xml',
};

/** Nothing from elsewhere, nothing inline; pictures of attachments may be anywhere. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: https:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A page to try the server with. It is an ordinary client; where it was not built, nothing else is the worse for it. */
@Controller('playground')
@Raw()
export class PlaygroundController {
  @Get()
  page(@Res() response: Response): Promise<void> {
    return this.send('index.html', response);
  }

  @Get(':file')
  async file(@Param('file') name: string, @Res() response: Response): Promise<void> {
    if (!Object.hasOwn(TYPES, name)) throw new TalksyError('NOT_FOUND', 'The playground has no such file.');
    await this.send(name, response);
  }

  private async send(name: string, response: Response): Promise<void> {
    const bytes = await readFile(join(FOLDER, name)).catch(() => undefined);
    if (!bytes) throw new TalksyError('NOT_FOUND', 'The playground was not built; `npm run build` does that.');
    response.setHeader('Content-Security-Policy', POLICY);
    response.setHeader('Cache-Control', 'no-cache');
    response.type(TYPES[name]!).send(bytes);
  }
}
