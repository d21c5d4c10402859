import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type GuestLimits, runGuest } from './guest-run.js';

const LIMITS: GuestLimits = { interruptMs: 500, memoryBytes: 8 * 1024 * 1024, outputChars: 1000 };

describe('A program of a stranger, run by Talksy,', () => {
  let wasm: WebAssembly.Module;
  const run = (code: string, input = 'null', limits: Partial<GuestLimits> = {}) =>
    runGuest(wasm, { code, input }, { ...LIMITS, ...limits });

  beforeAll(async () => {
    const path = createRequire(import.meta.url).resolve('quickjs-wasi/quickjs.wasm');
    wasm = await WebAssembly.compile(await readFile(path));
  });

  it('comes to the value of its last expression, or to what it returns', async () => {
    const four = { ok: true, value: 4, logs: [] };
    expect(await run('const two = 2; two + 2')).toEqual(four);
    expect(await run('const twice = (n) => { return n * 2 }; twice(2)')).toEqual(four);
    expect(await run('return input.length', '[1,2,3,4]')).toEqual(four);
    expect(await run('return await Promise.resolve(4)')).toEqual(four);
  });

  it('says what it logs, up to a limit', async () => {
    const outcome = await run('console.log("a", 1, { b: 2 }, undefined); console.log("x".repeat(2000)); null');
    expect(outcome).toEqual({ ok: true, value: null, logs: ['a 1 {"b":2} undefined'] });
  });

  it.each([
    ['throw new RangeError("no")', 'RangeError', 'no'],
    ['throw 5', 'Error', 'the program threw something that is no error'],
    ['throw null', expect.any(String), expect.any(String)],
    ['throw { get name() { throw 1 } }', expect.any(String), expect.any(String)],
    ['return 1 +', 'SyntaxError', expect.any(String)],
    ['await new Promise(() => {})', 'Error', 'the program waits for something that never happens'],
    ['for (;;);', expect.any(String), expect.stringContaining('interrupted')],
    ['"x".repeat(1500)', 'RangeError', 'the result is too large: 1502 characters'],
    ['throw new Error("m".repeat(9999))', 'Error', 'm'.repeat(300)],
  ])('fails with %s', async (code, name, message) => {
    expect(await run(code, 'null', { interruptMs: 100 })).toEqual({ ok: false, name, message });
  });

  it('gains nothing by changing what it is wrapped in', async () => {
    const outcome = await run(`
      String.prototype.constructor = Array.prototype.join = () => 'evil';
      Object.prototype.toJSON = function () { return 'y'.repeat(9000) };
      ({})
    `);
    expect(outcome).toMatchObject({ ok: false, name: 'RangeError' });
    const promise = await run('globalThis.Promise = class { then(f) { f({ toString: () => "evil" }) } }; 1');
    expect(promise).toEqual({ ok: true, value: 1, logs: [] });
  });

  it('starts with nothing of the one before', async () => {
    await run('globalThis.left = 1; Array.prototype.map = 1');
    expect(await run('[typeof left, [1].map((n) => n + 1)]')).toMatchObject({ value: ['undefined', [2]] });
  });

  it('has no more memory than it is given', async () => {
    const outcome = await run('const all = []; for (;;) all.push(new ArrayBuffer(100000))');
    expect(outcome.ok).toBe(false);
  });
});
