import { RunJavaScriptTool } from '../builtin/run-javascript.tool.js';
import { Sandbox } from './sandbox.service.js';

const never = new AbortController().signal;

describe('The sandbox', () => {
  let sandbox: Sandbox;
  const run = (code: string, input?: unknown) => sandbox.run(code, input, never);
  const valueOf = async (code: string, input?: unknown) => {
    const outcome = await run(code, input);
    return outcome.ok ? outcome.value : `${outcome.name}: ${outcome.message}`;
  };

  beforeAll(() => void (sandbox = new Sandbox(1500)));
  afterAll(() => sandbox.onModuleDestroy());

  it.each([
    ['1 + 1', undefined, 2],
    ['const a = [3, 1, 2]; a.sort()', undefined, [1, 2, 3]],
    ['return input.map((n) => n * 2)', [1, 2], [2, 4]],
    ['const sum = (...n) => n.reduce((a, b) => a + b); return sum(...input)', [1, 2, 3], 6],
    ['return (await Promise.resolve(4)) + 1', undefined, 5],
    ['const twice = (n) => { return n * 2 }; twice(4)', undefined, 8],
    ['undefined', undefined, null],
    ['"é😀\\u0000"', undefined, 'é😀\u0000'],
    ['({ a: { b: null } })', undefined, { a: { b: null } }],
  ])('gives the value of %s', async (code, input, value) => {
    expect(await valueOf(code, input)).toEqual(value);
  });

  it('serves the tool that models call', async () => {
    const tool = new RunJavaScriptTool(sandbox);
    const context = { userId: 'u', role: 'user', callId: 'c', signal: never } as const;
    expect(await tool.execute({ code: 'input + 1', input: 1 }, context)).toEqual({ value: 2 });
    expect(await tool.execute({ code: 'console.log("x"); 1' }, context)).toEqual({ value: 1, logs: ['x'] });
    const failing = tool.execute({ code: 'nothing' }, context);
    await expect(failing).rejects.toMatchObject({
      code: 'TOOL_FAILED',
      message: expect.stringMatching(/^ReferenceError/),
    });
  });

  it('lets programs wait for a thread, and gives up those that are stopped', async () => {
    const stop = new AbortController();
    const running = Array.from({ length: 2 }, () => sandbox.run('for (;;);', null, stop.signal));
    const waiting = sandbox.run('1', null, stop.signal);
    const behind = run('2');
    stop.abort(new Error('stopped'));
    const outcomes = await Promise.allSettled([...running, waiting]);
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && (outcome.reason as Error).message)).toEqual([
      'stopped',
      'stopped',
      'stopped',
    ]);
    expect(await behind).toMatchObject({ value: 2 });
  });

  it('gives what was logged', async () => {
    expect(await run('console.log("a", 1, { b: 2 }); console.error(undefined); 7')).toEqual({
      ok: true,
      value: 7,
      logs: ['a 1 {"b":2}', 'undefined'],
    });
  });

  it.each([
    ['throw new TypeError("no")', 'TypeError: no'],
    ['throw 5', expect.stringContaining('no error')],
    ['nothing.at.all', expect.stringMatching(/^ReferenceError: /)],
    ['return 1 +', expect.stringMatching(/^SyntaxError: /)],
    ['await new Promise(() => {})', expect.stringContaining('never happens')],
    ['const o = {}; o.o = o; o', expect.stringMatching(/^TypeError: /)],
    ['1n', expect.stringMatching(/^TypeError: /)],
  ])('says what is wrong with %s', async (code, message) => {
    expect(await valueOf(code)).toEqual(message);
  });

  it.each([
    'process',
    'require("fs")',
    'fetch("http://127.0.0.1")',
    'WebSocket',
    'setTimeout(() => 1)',
    'globalThis.process.exit(1)',
    'import("node:fs").then((fs) => fs.readdirSync("/"))',
    'return await import("node:fs")',
    'import fs from "node:fs"',
    '(function () { return this })().process.env',
    'this.constructor.constructor("return process")().exit()',
    'console.log.constructor("return process")().mainModule.require("fs")',
    'new Function("return process")()',
    'input.constructor.constructor("return process")()',
    'try { null.x } catch (e) { e.constructor.constructor("return process")() }',
    'return (async () => {}).constructor("return process")()',
    'Error.prepareStackTrace = (_, s) => s; new Error().stack[0].getThis().process.pid',
    'new Worker("data:")',
    'new WebAssembly.Memory({ initial: 1 })',
    'new SharedArrayBuffer(8).constructor.constructor("return process")()',
    'std.exit(1)',
    'os.exec(["ls"])',
    'Deno',
  ])('has nothing of the host for %s', async (code) => {
    const outcome = await run(code, {});
    expect(outcome.ok ? outcome.value : outcome.name).toEqual(
      expect.stringMatching(/^(ReferenceError|TypeError|SyntaxError|Error)$/),
    );
  });

  it.each([
    'for (;;);',
    'while (true) { try { for (;;); } catch {} }',
    '(function f() { f() })()',
    'const f = () => Promise.resolve().then(f); await f()',
    'return { then() { for (;;); } }',
    '/(a+)+$/.test("a".repeat(40) + "b")',
    '"a".repeat(2 ** 29)',
    'new ArrayBuffer(2 ** 31)',
    'const all = []; for (;;) all.push(new ArrayBuffer(2 ** 20))',
    'const all = []; for (;;) all.push(new Uint8Array(1e6).fill(1))',
    'let s = "x"; for (;;) s += s',
    'new Array(1e9).fill(0)',
    'Array.from({ length: 1e9 })',
    '[...Array(1e8).keys()].sort()',
    '2n ** 100000000n',
    'JSON.parse("[".repeat(1e6))',
    'JSON.stringify(Array(1e6).fill("x".repeat(1000)))',
    '"x".repeat(20000)',
    'Array(5000).fill("wide")',
    'JSON.stringify = () => "x".repeat(1e6); String.prototype.toString = () => "y"; "z".repeat(20000)',
    'new Proxy({}, { get() { for (;;); } }).x',
    'Object.defineProperty(Object.prototype, "then", { get() { for (;;); } }); ({})',
  ])('ends %s in time, and works on', async (code) => {
    const started = performance.now();
    const refused = await run(code).then(
      ({ ok }) => !ok,
      ({ code: reason }: { code: string }) => reason === 'TOOL_TIMEOUT',
    );
    expect(refused).toBe(true);
    expect(performance.now() - started).toBeLessThan(5000);
    expect(await valueOf('6 * 7')).toBe(42);
  });
});
