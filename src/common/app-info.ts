import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** What this server is called, its version as in package.json (read once), and where its documentation starts. */
export const APP_INFO = { name: 'Talksy', version: manifest.version, docs: 'README.md' } as const;
