import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { register } from '../support/assistant-client.js';
import { findChromium, openChromium } from '../support/chromium.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

const TEXT = `Ein Satz mit 東京 und 😀, ${'lang genug, um mitten darin neu zu laden, '.repeat(6)}ohne ein Wort zu verlieren.`;

const executable = findChromium();

(executable ? describe : describe.skip)('In Chromium, a page with useChat', () => {
  let app: TestApp;
  let site: Server;
  let browser: Browser;
  let address: string;
  const problems: string[] = [];

  const open = async (id: string): Promise<Page> => {
    const page = await browser.newPage();
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    const { accessToken } = await register(app.url);
    const hash = new URLSearchParams({ api: `${app.url}/api/ui/chat`, token: accessToken, id });
    await page.goto(`${address}#${hash.toString()}`);
    return page;
  };

  beforeAll(async () => {
    app = await startTalksy({ AI_MOCK_TOKEN_DELAY_MS: '20' });
    const bundled = await build({
      entryPoints: [resolve(import.meta.dirname, '../support/use-chat-app.js')],
      bundle: true,
      write: false,
      format: 'esm',
      define: { 'process.env.NODE_ENV': '"production"' },
    });
    const script = bundled.outputFiles[0]!.text;
    site = createServer(({ url }, response) => {
      if (url === '/app.js') return void response.setHeader('content-type', 'text/javascript').end(script);
      response.setHeader('content-type', 'text/html');
      response.end(
        '<!doctype html><link rel="icon" href="data:,"><div></div><script type="module" src="/app.js"></script>',
      );
    });
    await new Promise<void>((listening) => site.listen(0, '127.0.0.1', listening));
    address = `http://localhost:${(site.address() as AddressInfo).port}/`;
    browser = await openChromium(executable!);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    site?.close();
    await app?.close();
  });

  it('shows an answer, and the same message whole when it is reloaded in the middle of it', async () => {
    const page = await open('browser-chat');
    await page.locator('input').fill(`exactly: ${TEXT}`);
    await page.locator('input').press('Enter');
    const answer = page.locator('p[data-role=assistant]');
    await page.waitForFunction(() => (document.querySelector('p[data-role=assistant]')?.textContent ?? '').length > 30);
    const id = await answer.getAttribute('data-id');
    expect((await answer.textContent())!.length).toBeLessThan(TEXT.length);
    await page.reload();
    await page.waitForFunction(
      (whole) => document.querySelector('p[data-role=assistant]')?.textContent === whole,
      TEXT,
    );
    expect(await answer.count()).toBe(1);
    expect(await answer.getAttribute('data-id')).toBe(id);
    expect(await page.locator('p[data-role=user]').allTextContents()).toEqual([`exactly: ${TEXT}`]);
    await page.reload();
    await page.waitForSelector('main[data-status=ready] p[data-role=assistant]');
    expect(await answer.allTextContents()).toEqual([TEXT]);
    // Of the chat that nobody knew before its first message.
    expect(problems.filter((problem) => !problem.includes('404'))).toEqual([]);
    await page.close();
  });
});
