import { propagation, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { FakeClock } from '../../test/support/fake-clock.js';
import { RunNode } from '../../test/support/run-node.js';
import { insertUser, openMemoryDatabase } from '../../test/support/test-database.js';
import { within } from '../../test/support/within.js';
import type { Database } from '../storage/database/database.js';
import { MemoryRunLease } from '../storage/run-lease/memory-run-lease.adapter.js';
import { MemoryRunLog } from '../storage/run-log/memory-run-log.adapter.js';

/** What the adapters on Redis are to nodes: one log for all. */
class SharedRunLog extends MemoryRunLog {
  override readonly shared: boolean = true;
}

const TTL_MS = 200;

describe('The trace of a run', () => {
  const exporter = new InMemorySpanExporter();
  let database: Database;

  beforeAll(async () => {
    const spanProcessors = [new SimpleSpanProcessor({ exporter })];
    trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors }));
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    database = await openMemoryDatabase();
  }, 60_000);
  afterAll(async () => {
    trace.disable();
    propagation.disable();
    await database.close();
  });

  it('goes on with the node that takes the run over', async () => {
    const clock = new FakeClock();
    const shared = { log: new SharedRunLog(clock), lease: new MemoryRunLease(clock) };
    const [owner, other] = [new RunNode(database, { shared }), new RunNode(database, { shared })];
    const userId = await insertUser(database);
    const runId = await owner.start(userId);
    owner.model.say('One half');
    await owner.untilText(runId, userId, 'One half');
    const [first] = await firstRecords(owner, runId, userId);
    const { trace: parent } = (first as { data: { trace?: string } }).data;
    expect(parent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);

    owner.die();
    clock.advance(TTL_MS + 1);
    await database.run((db) => db.updateTable('runs').set({ held_until: null }).where('id', '=', runId).execute());
    other.model.say(', and the other.');
    other.model.finish();
    const following = other.records(runId, userId);
    await other.recovery.sweep();
    await within('the end', following);
    await Promise.all([owner.close(), other.close()]);
    const [, traceId, spanId] = parent!.split('-');
    const [taken] = exporter.getFinishedSpans().filter(({ attributes }) => attributes['talksy.run.epoch'] === 2);
    expect(taken!.spanContext().traceId).toBe(traceId);
    expect(taken!.parentSpanContext?.spanId).toBe(spanId);
  });
});

async function firstRecords(node: RunNode, runId: string, userId: string) {
  const source = await node.reader.open(runId, userId);
  for await (const batch of source.follow(-1, new AbortController().signal)) return batch;
  return [];
}
