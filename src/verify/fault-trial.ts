import { randomUUID } from 'node:crypto';
import { CheckedStream } from './checked-stream.js';
import { LedgerServer } from './ledger-server.js';
import { longAnswer } from './long-answer.js';
import type { Fault, FaultStage } from './fault.js';
import { historiesOf } from './stored-histories.js';
import { judge, longestStallMs, type StreamVerdict } from './stream-verdict.js';

/** How long answers may take to end once the fault is over, beyond the time they would have taken. */
const PATIENCE_MS = 60_000;
const POLL_MS = 20;
/** One answer in so many calls a tool. */
const TOOL_EVERY = 10;
const TOOL_QUESTION = { text: 'Please use the tool to book a seat.', tools: [LedgerServer.toolName] };

/** How much a trial drives through a fault. */
export interface TrialSize {
  readonly streams: number;
  readonly tokens: number;
  readonly tokenDelayMs: number;
  /** A trial that touched fewer answers in the middle has proved nothing. */
  readonly leastHit: number;
}

/** One line of the table. */
export interface TrialResult {
  readonly fault: string;
  readonly notRun?: string;
  readonly streams: number;
  readonly hit: number;
  readonly takeovers: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly altered: number;
  /** 95th percentile of the longest pause that a touched answer made. */
  readonly p95StallMs: number;
  readonly failures: readonly string[];
}

/** Who asks in a trial, for how much, and the tool that every tenth answer calls. */
export interface TrialLoad {
  readonly size: TrialSize;
  readonly tokens: readonly string[];
  readonly ledger: LedgerServer;
}

/** Drives answers through one fault and judges every one of them. */
export async function runTrial(
  fault: Fault,
  place: Omit<FaultStage, 'streams'>,
  load: TrialLoad,
): Promise<TrialResult> {
  const { size, ledger } = load;
  const callsBefore = ledger.calls;
  const streams = planStreams(fault, place.fleet.urls, load);
  const stage: FaultStage = { ...place, streams };
  const notRun = fault.missing?.(stage);
  if (notRun) return { ...NOTHING, fault: fault.name, notRun };
  const takeoversBefore = place.fleet.takeovers;
  const deadline = performance.now() + size.tokens * size.tokenDelayMs + PATIENCE_MS;
  const follows = Promise.all(streams.map((stream) => stream.follow(deadline)));
  await untilFlowing(streams, deadline);
  const since = performance.now();
  const touched = streams.filter((stream) => stream.isOpen && fault.touches(stream, stage));
  await fault.stage(stage);
  await follows;
  const hit = fault.cuts ? streams.filter(({ cutCount }) => cutCount > 0) : touched;
  const histories = await historiesOf(streams, place.fleet.urls);
  const verdicts = streams.map((stream, i) => judge(stream, histories[i]!));
  const takeovers = place.fleet.takeovers - takeoversBefore;
  const stalls = hit.map((stream) => longestStallMs(stream, since));
  const calls = ledger.calls - callsBefore;
  const failures = [
    ...failuresOf(verdicts),
    ...shortcomings(fault, { hit: hit.length, takeovers, size }),
    ...miscounted(streams, calls),
  ];
  return { ...countsOf(verdicts), fault: fault.name, hit: hit.length, takeovers, p95StallMs: p95(stalls), failures };
}

const NOTHING = { streams: 0, hit: 0, takeovers: 0, lost: 0, duplicated: 0, altered: 0, p95StallMs: 0, failures: [] };

function planStreams(fault: Fault, urls: readonly string[], { size, tokens }: TrialLoad): CheckedStream[] {
  return Array.from({ length: size.streams }, (_, i) => {
    const cuts = new Set(fault.cuts?.() ?? []);
    const token = tokens[i % tokens.length]!;
    const question = i % TOOL_EVERY === 0 ? TOOL_QUESTION : plainQuestion(size, i);
    return new CheckedStream({ urls, token, messageId: randomUUID(), cuts, ...question }, i % urls.length);
  });
}

function plainQuestion({ tokens }: TrialSize, number: number) {
  const expected = longAnswer(tokens, number);
  return { text: `exactly: ${expected}`, expected, tools: [] };
}

/** Each of these answers calls the tool once; a node that repeats a call adds one to the ledger. */
function miscounted(streams: readonly CheckedStream[], calls: number): string[] {
  const callers = streams.filter(({ plan }) => plan.tools.length > 0).length;
  if (callers > 0 && calls === 0) return ['no answer called the tool'];
  return calls > callers ? [`${callers} answers called the tool ${calls} times`] : [];
}

/** Until every answer has begun and most are well on their way. */
async function untilFlowing(streams: readonly CheckedStream[], deadline: number): Promise<void> {
  const isFlowing = (): boolean => streams.every(({ chunks }) => chunks.length > 3);
  while (!isFlowing() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

function countsOf(verdicts: readonly StreamVerdict[]) {
  const count = (what: 'lost' | 'duplicated' | 'altered'): number => verdicts.filter((verdict) => verdict[what]).length;
  return {
    streams: verdicts.length,
    lost: count('lost'),
    duplicated: count('duplicated'),
    altered: count('altered'),
  };
}

const failuresOf = (verdicts: readonly StreamVerdict[]): string[] =>
  verdicts.flatMap(({ reasons }, i) => (reasons.length > 0 ? [`stream ${i}: ${reasons.join('; ')}`] : []));

function shortcomings(fault: Fault, { hit, takeovers, size }: { hit: number; takeovers: number; size: TrialSize }) {
  return [
    ...(hit < size.leastHit ? [`only ${hit} answers were hit in the middle, ${size.leastHit} are needed`] : []),
    ...(fault.impliesTakeover && takeovers === 0 ? ['no node took an answer over'] : []),
  ];
}

function p95(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0);
}
