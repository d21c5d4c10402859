// Loaded by the worker as well, which under Jest is TypeScript whose types Node strips: only syntax that can be
// erased, and no imports of our own files.
import { QuickJS } from 'quickjs-wasi';

/** A program of somebody we do not trust. */
export interface GuestJob {
  /** A script, whose last value counts; or the body of an async function, where it is no script. */
  code: string;
  /** JSON that the program finds as `input`. */
  input: string;
}

/** What became of it. Everything in it is the guest's: nothing but text and JSON. */
export type GuestOutcome = { ok: true; value: unknown; logs: string[] } | { ok: false; name: string; message: string };

export interface GuestLimits {
  /** Time in the interpreter; a built-in function that takes longer is not interrupted. */
  interruptMs: number;
  memoryBytes: number;
  /** Of the result, as JSON, and of everything logged. */
  outputChars: number;
}

const STACK_BYTES = 128 * 1024;
const PENDING = 0;

/** Runs the program in an interpreter of its own, which has no file, no network, no clock to wait for and no host object. */
export async function runGuest(
  wasm: WebAssembly.Module,
  job: GuestJob,
  { interruptMs, memoryBytes, outputChars }: GuestLimits,
): Promise<GuestOutcome> {
  let deadline = Infinity;
  const vm = await QuickJS.create({
    wasm,
    memoryLimit: memoryBytes,
    maxStackSize: STACK_BYTES,
    timezoneOffset: 0,
    interruptHandler: () => performance.now() > deadline,
  });
  try {
    deadline = performance.now() + interruptMs;
    const promise = vm.evalCode(harness(job, outputChars, isScript(vm, job)));
    vm.executePendingJobs();
    if (promise.promiseState === PENDING) return refusal('Error', 'the program waits for something that never happens');
    const settled = await vm.resolvePromise(promise);
    if ('error' in settled) return refusal(property(settled.error, 'name'), property(settled.error, 'message'));
    return settled.value.isString ? packed(settled.value.toString(), outputChars) : refusal('Error', 'no result');
  } catch (error) {
    const { name, message } = error as Error;
    return refusal(String(name), String(message));
  } finally {
    dispose(vm);
  }
}

/** The guest may have changed every function it has, so its own size check is not enough. */
function packed(json: string, outputChars: number): GuestOutcome {
  if (json.length > 3 * outputChars) return refusal('RangeError', 'the result is too large');
  const { value, logs } = JSON.parse(json) as { value?: unknown; logs?: unknown };
  return { ok: true, value: value ?? null, logs: Array.isArray(logs) ? logs.map(String) : [] };
}

type Handle = ReturnType<QuickJS['evalCode']>;

function property(error: Handle, name: string): string {
  try {
    const value = error.getProp(name);
    return value.isString
      ? value.toString()
      : name === 'name'
        ? 'Error'
        : 'the program threw something that is no error';
  } catch {
    return 'unknown';
  }
}

function refusal(name: string, message: string): GuestOutcome {
  return { ok: false, name: name.slice(0, 40), message: message.slice(0, 300) };
}

/** An interpreter that ran out of memory may not be able to clean up; it is thrown away with its memory. */
function dispose(vm: QuickJS): void {
  try {
    vm.dispose();
  } catch {
    return;
  }
}

/** Whether it can stand by itself: without a `return` or `await` outside of every function. Runs nothing. */
function isScript(vm: QuickJS, { code }: GuestJob): boolean {
  try {
    vm.compile(code);
    return true;
  } catch {
    return false;
  }
}

/** The program that runs the program: gives it `input` and `console`, and packs what it comes to as JSON. */
function harness({ code, input }: GuestJob, outputChars: number, script: boolean): string {
  const program = script ? code : `(async function (input) { "use strict";${code}\n})(input)`;
  return `(() => {
    const { stringify, parse } = JSON, { eval: evaluate, String, RangeError } = globalThis;
    const logs = [];
    let room = ${outputChars};
    const log = (...values) => {
      const line = values.map((value) => (typeof value === 'string' ? value : stringify(value) ?? String(value))).join(' ');
      room -= line.length;
      if (room >= 0) logs[logs.length] = line;
    };
    globalThis.console = { log, info: log, warn: log, error: log, debug: log };
    globalThis.input = parse(${JSON.stringify(input)});
    return (async () => {
      const value = await evaluate(${JSON.stringify(program)});
      const json = stringify(value) ?? 'null';
      if (json.length > ${outputChars}) throw new RangeError('the result is too large: ' + json.length + ' characters');
      return '{"value":' + json + ',"logs":' + stringify(logs) + '}';
    })();
  })()`;
}
