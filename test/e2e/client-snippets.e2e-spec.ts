import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { register } from '../support/assistant-client.js';
import { rest } from '../support/rest.js';
import { findChromium, openChromium } from '../support/chromium.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
const clients = readFileSync(join(root, 'docs/CLIENTS.md'), 'utf8');
const executable = findChromium();
const hasCurl = has('curl', 'bash');
const hasPython = has('python3');

/** The code of the block of this language under this heading. */
function snippet(heading: string, language: string): string {
  const [, section = ''] = clients.split(`\n## ${heading}`);
  const code = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(section)?.[1];
  if (!code) throw new Error(`docs/CLIENTS.md has no ${language} under "${heading}"`);
  return code;
}

/** Whether this machine has these programs; says so where it has not. */
function has(...programs: string[]): boolean {
  try {
    for (const program of programs) execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write(`not run: the clients of the documents that need ${programs.join(' and ')}\n`);
    return false;
  }
}

/** Every client of docs/CLIENTS.md, pasted as it is, but for the server's address. */
describe('A client that is copied from the documents', () => {
  let app: TestApp;
  let key: string;
  let folder: string;
  const here = (code: string): string => code.replaceAll('http://localhost:3000', app.url);
  const start = (command: string, args: string[]) =>
    run(command, args, { env: { ...process.env, TALKSY_KEY: key }, timeout: 30_000 }).then(({ stdout }) => stdout);
  const runModule = (code: string): Promise<string> => {
    const file = join(folder, 'client.mjs');
    writeFileSync(file, here(code));
    return start(process.execPath, [file]);
  };

  /** What the document's first block does, where it cannot be run. */
  const madeByHand = async (): Promise<string> => {
    const signIn = { email: 'clients@example.com', password: 'correct horse battery' };
    const { accessToken: credential } = (await rest(app.url, ['POST', '/auth/register'], { body: signIn })).body.data;
    const made = await rest(app.url, ['POST', '/auth/api-keys'], { credential, body: { name: 'my program' } });
    return made.body.data.key;
  };

  beforeAll(async () => {
    app = await startTalksy();
    // Inside the project, where its packages are found by name.
    folder = mkdtempSync(join(root, 'dist', 'snippets-'));
    const [, code = ''] = /```sh\n([\s\S]*?)```/.exec(clients) ?? [];
    key = hasCurl ? (await run('bash', ['-ec', here(code)])).stdout.trim() : await madeByHand();
  }, 60_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await app.close();
  });

  it('has an API key', () => {
    expect(key).toMatch(/^tk_/);
  });

  it('works with curl', async () => {
    if (!hasCurl) return;
    const said = await start('bash', ['-ec', here(snippet('curl', 'sh'))]);
    expect(said).toContain('"content":"Hello from curl"');
    expect(said).toContain('event: response.completed');
  });

  it('works as the README shows it', async () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const [, code = ''] = /```js\n([\s\S]*?)```/.exec(readme) ?? [];
    expect(await runModule(code)).toMatch(/mock/i);
  });

  it.each([
    ['Node: the typed client', 'Hello from Node'],
    ['Node: Socket.IO by hand', 'Hello from a socket'],
    ['The OpenAI SDK', 'Hello from the OpenAI SDK'],
  ])('works: %s', async (heading, text) => {
    expect(await runModule(snippet(heading, 'js'))).toBe(text);
  });

  it('works with Python', async () => {
    if (!hasPython) return;
    expect((await start('python3', ['-c', here(snippet('Python', 'python'))])).trim()).toBe('Hello from Python');
  });

  it('works in a browser, with and without React', async () => {
    if (!executable) return;
    const { accessToken } = await register(app.url);
    const react = `${here(snippet('React: `useChat`', 'jsx'))}
      import { createRoot } from 'react-dom/client';
      createRoot(document.querySelector('#react')).render(<Chat id="pasted" token="${accessToken}" stored={[]} />);`;
    const stdin = { contents: react, loader: 'jsx' as const, resolveDir: root };
    const define = { 'process.env.NODE_ENV': '"production"' };
    const bundle = await build({ stdin, bundle: true, write: false, format: 'esm', jsx: 'automatic', define });
    const files: Record<string, string> = {
      '/plain.js': here(snippet('Browser, without a library', 'js')),
      '/react.js': bundle.outputFiles[0]!.text,
    };
    const scripts = Object.keys(files).map((path) => `<script type="module" src="${path}"></script>`);
    const site = createServer(({ url = '' }, response) => {
      response.setHeader('content-type', files[url] ? 'text/javascript' : 'text/html; charset=utf-8');
      response.end(files[url] ?? `<!doctype html><p id="answer"></p><div id="react"></div>${scripts.join('')}`);
    });
    await new Promise<void>((listening) => site.listen(0, '127.0.0.1', listening));
    const browser = await openChromium(executable);
    try {
      const page = await browser.newPage();
      await page.goto(`http://localhost:${(site.address() as AddressInfo).port}/`);
      await page.waitForFunction(() => document.querySelector('#answer')?.textContent === 'Hello from a browser');
      await page.locator('#react input').fill('exactly: Hello from React');
      await page.locator('#react input').press('Enter');
      await page.waitForFunction(() =>
        document.querySelector('#react')?.textContent?.includes('assistant: Hello from React'),
      );
    } finally {
      await browser.close();
      site.close();
    }
  });
});
