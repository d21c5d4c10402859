import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { findChromium, openChromium } from '../support/chromium.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

const TEXT = `Ein Satz mit 東京 und 😀, ${'lang genug, um ihn mitten darin zu unterbrechen, '.repeat(8)}ohne ein Wort zu verlieren.`;
const AXE = readFileSync(resolve(import.meta.dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8');
const WIDE = { width: 1360, height: 860 };
const PHONE = { width: 390, height: 800 };

const executable = findChromium();
let people = 0;

describe('The playground', () => {
  let app: TestApp;

  beforeAll(async () => {
    const server = { command: process.execPath, args: ['test/support/mcp-server.mjs'] };
    app = await startTalksy({
      AI_MOCK_TOKEN_DELAY_MS: '20',
      RUN_MAX_CONCURRENT_PER_USER: '20',
      MCP_SERVERS: JSON.stringify({ test: server }),
    });
  }, 60_000);
  afterAll(() => app.close());

  it('is served with a policy under which nothing foreign or inline runs', async () => {
    const page = await fetch(`${app.url}/playground`);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const html = await page.text();
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
    expect(files).toHaveLength(3);
    for (const path of files) expect((await fetch(app.url + path)).status).toBe(200);
    for (const path of ['/playground/none.js', '/playground/..%2fmain.js'])
      expect((await fetch(app.url + path)).status).toBe(404);
  });

  (executable ? describe : describe.skip)('in Chromium', () => {
    let browser: Browser;
    let context: BrowserContext;
    let page: Page;
    let problems: string[];

    const write = async (text: string): Promise<void> => {
      await page.getByLabel('Message', { exact: true }).fill(text);
      await page.keyboard.press('Enter');
    };
    const answers = () => page.locator('article[data-role=assistant]:not(.writing) .said');
    const written = (length: number) =>
      page.waitForFunction(
        (enough) => (document.querySelector('.writing .said')?.textContent ?? '').length >= enough,
        length,
      );
    const answered = (count: number) =>
      page.waitForFunction(
        (wanted) =>
          document.querySelectorAll('article[data-role=assistant]:not(.writing)').length === wanted &&
          !document.querySelector('.writing'),
        count,
      );
    const faultsOf = async (): Promise<string[]> => {
      // Not as a script of the page, which its policy would refuse.
      await page.evaluate(AXE);
      return page.evaluate(async () => {
        const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } };
        return (await axe.run()).violations.map(({ id }) => id);
      });
    };

    beforeAll(async () => {
      browser = await openChromium(executable!);
    });
    afterAll(() => browser?.close());
    beforeEach(async () => {
      problems = [];
      context = await browser.newContext({ viewport: WIDE, colorScheme: 'light' });
      page = await context.newPage();
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
      await page.goto(`${app.url}/playground`);
      await page.getByLabel('Email').fill(`playground-${process.pid}-${++people}@example.com`);
      await page.getByLabel('Password').fill('correct horse battery');
      await page.getByRole('button', { name: 'Create account' }).click();
      await page.getByLabel('Message', { exact: true }).waitFor();
    });
    afterEach(async () => {
      expect(problems).toEqual([]);
      await context.close();
    });

    it('streams an answer with its figures, and shows each event with its place in the log', async () => {
      await write(`exactly: ${TEXT}`);
      await written(20);
      await answered(1);
      expect(await answers().textContent()).toBe(`${TEXT}\n`);
      expect(await page.locator('.figures').textContent()).toMatch(/first token \d+ ms · \d+ tokens\/s · \d+ tokens/);
      const seqs = await page.locator('.log li:has(.event:text-is("stream_chunk")) .seq').allTextContents();
      expect(seqs.map(Number)).toEqual(seqs.map((_seq, at) => Number(seqs[0]) + at));
      expect(await page.locator('.connection').textContent()).toContain('connected to node');
      expect(await page.locator('.sidebar li').count()).toBe(1);
    });

    it('goes on at the exact word when its connection is cut, and when it is reloaded', async () => {
      // Still being written when a slow machine has loaded the page again.
      const text = TEXT.repeat(4);
      await write(`exactly: ${text}`);
      await written(30);
      await page.getByRole('button', { name: 'Cut the connection' }).click();
      await page.locator('.connection[data-up=false]').waitFor();
      await page.locator('.connection[data-up=true]').waitFor();
      await written(60);
      await page.reload();
      await written(70);
      await answered(1);
      expect(await answers().textContent()).toBe(`${text}\n`);
    });

    it('stops an answer, and says so', async () => {
      await write(`exactly: ${TEXT}`);
      await written(20);
      await page.locator('.writing').getByRole('button', { name: 'Stop' }).click();
      await answered(1);
      expect(await page.locator('.badge').textContent()).toBe('cancelled');
      expect((await answers().textContent())!.length).toBeLessThan(TEXT.length);
    });

    it('regenerates, edits, switches between branches, forks, searches and deletes', async () => {
      await write('exactly: first');
      await answered(1);
      await page.getByRole('button', { name: 'Regenerate' }).click();
      await page.getByText('2/2').waitFor();
      await answered(1);
      await page.getByRole('button', { name: 'Previous branch' }).click();
      await page.getByText('1/2').waitFor();
      await page.getByRole('button', { name: 'Edit' }).click();
      await page.getByLabel('Edit message').fill('exactly: edited');
      await page.getByRole('button', { name: 'Send as a new branch' }).click();
      await page.waitForFunction(
        () => document.querySelector('[data-role=assistant] .said')?.textContent === 'edited\n',
      );
      await answered(1);
      await page.locator('[data-role=assistant]').getByRole('button', { name: 'Fork' }).click();
      await page.waitForFunction(() => document.querySelectorAll('.sidebar li').length === 2);
      expect(await answers().allTextContents()).toEqual(['edited\n']);
      await page.getByRole('button', { name: 'New conversation' }).click();
      await write('exactly: elsewhere');
      await page.waitForFunction(() => document.querySelectorAll('.sidebar li').length === 3);
      expect(await page.locator('article').count()).toBe(2);
      await page.getByLabel('Search conversations').fill('nothing like it');
      await page.getByText('Nothing matches.').waitFor();
      await page.getByLabel('Search conversations').fill('edited');
      await page.waitForFunction(() => document.querySelectorAll('.sidebar li').length === 2);
      await page.locator('.sidebar .delete').first().click();
      await page.waitForFunction(() => document.querySelectorAll('.sidebar li').length === 1);
    });

    it('asks before a tool is called that needs it, shows its calls, and takes attachments', async () => {
      await write('please use the tool test_delete_all');
      await page.getByRole('button', { name: 'Allow' }).click();
      await answered(1);
      expect(await page.locator('.steps').textContent()).toContain('test_delete_all');
      await page.locator('input[type=file]').setInputFiles([
        { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('Grüße') },
        { name: 'dot.png', mimeType: 'image/png', buffer: Buffer.from('iVBORw0KGgo=', 'base64') },
      ]);
      await page.getByText('notes.txt').waitFor();
      await write('exactly: seen');
      await answered(2);
      expect(await page.locator('[data-role=user] .hint').textContent()).toBe('notes.txt, dot.png');
    });

    it('fits a phone, and both themes, with no fault that a checker finds', async () => {
      await write('exactly: **bold** and `code`');
      await answered(1);
      expect(await page.locator('.said strong').textContent()).toBe('bold');
      expect(await faultsOf()).toEqual([]);
      await page.getByRole('button', { name: 'Dark' }).click();
      await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark');
      expect(await faultsOf()).toEqual([]);
      await page.setViewportSize(PHONE);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.width);
      await page.getByRole('button', { name: 'Chats' }).click();
      expect(await page.locator('.sidebar').isVisible()).toBe(true);
      await page.keyboard.press('Escape');
      expect(await page.locator('.sidebar').isVisible()).toBe(false);
      await page.getByRole('button', { name: 'Events' }).click();
      expect(await page.locator('.log').isVisible()).toBe(true);
      expect(await faultsOf()).toEqual([]);
    });

    it('tells whoever signs in wrongly what is wrong, and lets them out again', async () => {
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByLabel('Email').fill('nobody@example.com');
      await page.getByLabel('Password').fill('wrong password');
      await page.getByRole('button', { name: 'Sign in' }).click();
      expect(await page.getByRole('alert').textContent()).toMatch(/email|password/i);
      // The browser notes every refused request.
      problems = problems.filter((problem) => !problem.includes('401'));
      expect(await faultsOf()).toEqual([]);
    });
  });
});
