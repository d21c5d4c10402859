import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { Raw } from '../../common/raw.decorator.js';
import { ApiDocuments } from './api-documents.service.js';

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Talksy API</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({ url: '/docs/openapi.json', dom_id: '#ui', deepLinking: true, validatorUrl: null });\n`;

/** What the UI's package has of what the page needs. */
const ASSETS: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
};

/** The UI sets styles of its own; nothing else is inline, and nothing is foreign. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The documents of the API, for programs and for people. */
@Controller('docs')
@Raw()
export class DocsController {
  constructor(private readonly documents: ApiDocuments) {}

  @Get()
  page(@Res() response: Response): void {
    response.setHeader('Content-Security-Policy', POLICY);
    response.type('text/html; charset=utf-8').send(PAGE);
  }

  @Get('openapi.json')
  openApi(): Promise<object> {
    return this.documents.openApi();
  }

  @Get('asyncapi.json')
  asyncApi(): object {
    return this.documents.asyncApi();
  }

  @Get(':file')
  async file(@Param('file') name: string, @Res() response: Response): Promise<void> {
    if (name === 'start.js') return void response.type('text/javascript; charset=utf-8').send(START);
    const type = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
    const bytes = type && (await readFile(join(folderOfUi(), name)).catch(() => undefined));
    if (!type || !bytes) throw new TalksyError('NOT_FOUND', 'The documents have no such file.');
    response.setHeader('Cache-Control', 'no-cache');
    response.type(type).send(bytes);
  }
}

const require = createRequire(import.meta.url);

/** The package comes with the generator, wherever that is installed. */
function folderOfUi(): string {
  const generator = createRequire(require.resolve('@nestjs/swagger/package.json'));
  return dirname(generator.resolve('swagger-ui-dist/package.json'));
}
