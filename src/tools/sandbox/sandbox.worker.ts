// A thread for programs we do not trust: it may be ended at any time. All it does is in guest-run.
import { parentPort, workerData } from 'node:worker_threads';
import type { GuestJob, GuestLimits, GuestOutcome } from './guest-run.js';

type RunGuest = (wasm: WebAssembly.Module, job: GuestJob, limits: GuestLimits) => Promise<GuestOutcome>;

const { wasm, limits } = workerData as { wasm: WebAssembly.Module; limits: GuestLimits };
// Beside this file, and like it JavaScript or, under Jest, TypeScript.
const sibling = new URL(`./guest-run${import.meta.url.slice(-3)}`, import.meta.url).href;
const { runGuest } = (await import(sibling)) as { runGuest: RunGuest };

parentPort!.on('message', (job: GuestJob) => {
  void runGuest(wasm, job, limits).then((outcome) => parentPort!.postMessage(outcome));
});
