import { AttemptTiming } from '../../src/ai/attempts/attempt-timing.js';
import { ChatModels } from '../../src/ai/chat-models.js';
import { ModelRouter } from '../../src/ai/model-router.service.js';
import { ProviderHealth } from '../../src/ai/provider-health.js';
import { Lifecycle } from '../../src/common/lifecycle.js';
import { NodeIdentity } from '../../src/common/node-identity.js';
import { newRowId } from '../../src/common/ids.js';
import { loadConfig } from '../../src/config/load-config.js';
import { ConversationAccess } from '../../src/conversation/conversation-access.service.js';
import { ConversationBranches } from '../../src/conversation/conversation-branches.service.js';
import { AskedQuestions } from '../../src/run/asked-questions.service.js';
import { ConversationForks } from '../../src/run/conversation-forks.service.js';
import { AbandonedRuns } from '../../src/run/own/abandoned-runs.service.js';
import { AnswerKeeper } from '../../src/run/own/answer-keeper.service.js';
import { QueuedRuns } from '../../src/run/own/queued-runs.service.js';
import { RunAdmission } from '../../src/run/own/run-admission.service.js';
import { RunOwnership } from '../../src/run/own/run-ownership.service.js';
import { RecorderFactory } from '../../src/run/record/recorder-factory.service.js';
import { RunDrain } from '../../src/run/run-drain.service.js';
import { Metrics } from '../../src/observability/metrics.service.js';
import { RunMetrics } from '../../src/run/run-metrics.service.js';
import { RunEngine } from '../../src/run/run-engine.service.js';
import type { RunRecord } from '../../src/run/run-event.js';
import type { RunLease } from '../../src/run/run-lease.port.js';
import type { RunLog } from '../../src/run/run-log.port.js';
import { RunReader } from '../../src/run/run-reader.service.js';
import { RunRecovery, RunRecoveryConfig } from '../../src/run/run-recovery.service.js';
import { RunRegenerator } from '../../src/run/run-regenerator.service.js';
import { RunRequestRules } from '../../src/run/run-request-rules.service.js';
import { RunStarter } from '../../src/run/run-starter.service.js';
import { RunStopper } from '../../src/run/run-stopper.service.js';
import type { RunStore } from '../../src/run/run-store.port.js';
import { ContextSummaries } from '../../src/run/turn/context-summaries.service.js';
import { TurnContext } from '../../src/run/turn/turn-context.service.js';
import { TurnPlayer } from '../../src/run/turn-player.service.js';
import { PostgresConversationStore } from '../../src/storage/conversation-store/postgres-conversation-store.adapter.js';
import type { Database } from '../../src/storage/database/database.js';
import { MemoryRunLease } from '../../src/storage/run-lease/memory-run-lease.adapter.js';
import { MemoryRunLog } from '../../src/storage/run-log/memory-run-log.adapter.js';
import { PostgresMessageTree } from '../../src/storage/message-tree/postgres-message-tree.adapter.js';
import { PostgresRunStore } from '../../src/storage/run-store/postgres-run-store.adapter.js';
import { FakeClock } from './fake-clock.js';
import { SeverableLog } from './severable-log.js';
import { ScriptedModel } from './scripted-model.js';
import { ToolBench } from './tool-bench.js';

/** Tests share a user, and leave runs behind. */
const MANY = { RUN_MAX_CONCURRENT_PER_USER: '1000' };

/** What several nodes have in common where there is Redis. */
export interface SharedState {
  log: RunLog;
  lease: RunLease;
}

export interface RunNodeOptions {
  shared?: SharedState;
  env?: Record<string, string>;
  store?: RunStore;
}

/** The run room of one node: its own log and leases, a database that it may share with other nodes, a scripted model. */
export class RunNode {
  readonly clock = new FakeClock();
  readonly model = new ScriptedModel();
  readonly lifecycle = new Lifecycle();
  readonly identity = new NodeIdentity();
  readonly log: SeverableLog;
  readonly lease: RunLease;
  readonly store: RunStore;
  /** No tool is there unless the test adds it. */
  readonly tools: ToolBench;
  readonly ownership: RunOwnership;
  readonly answers: AnswerKeeper;
  readonly engine: RunEngine;
  readonly queue: QueuedRuns;
  readonly drain: RunDrain;
  readonly reader: RunReader;
  readonly admission: RunAdmission;
  readonly starter: RunStarter;
  readonly stopper: RunStopper;
  readonly recovery: RunRecovery;
  readonly conversations: PostgresConversationStore;
  readonly access: ConversationAccess;
  readonly branches: ConversationBranches;
  readonly regenerator: RunRegenerator;
  readonly forks: ConversationForks;
  private readonly recorders: RecorderFactory;

  constructor(database: Database, { env = {}, store = new PostgresRunStore(database), shared }: RunNodeOptions = {}) {
    const config = loadConfig({ DATABASE_URL: 'postgres://shared/database', RUN_LEASE_TTL_MS: '200', ...MANY, ...env });
    const models = new ChatModels([this.model], new ScriptedModel());
    const router = new ModelRouter(models, new ProviderHealth(config.ai), config.ai, new AttemptTiming());
    this.tools = new ToolBench(config.tools, database, store);
    const conversations = (this.conversations = new PostgresConversationStore(database));
    const summaries = new ContextSummaries(router, conversations);
    const context = new TurnContext(router, new AskedQuestions(conversations, config.session), config.ai, summaries);
    const player = new TurnPlayer(router, context, this.tools.calls, config.ai, config.run);
    this.log = new SeverableLog(shared?.log ?? new MemoryRunLog(this.clock));
    this.lease = shared?.lease ?? new MemoryRunLease(this.clock);
    this.store = store;
    const metrics = new RunMetrics(new Metrics());
    this.recorders = new RecorderFactory(this.log, metrics);
    this.ownership = new RunOwnership(this.identity, this.lease, this.log, store, config.run);
    this.answers = new AnswerKeeper(store, this.log, metrics);
    this.engine = new RunEngine(player, this.recorders, this.ownership, this.answers, config.run);
    const access = (this.access = new ConversationAccess(conversations));
    const tree = new PostgresMessageTree(database);
    this.reader = new RunReader(this.log, store, access);
    const rules = new RunRequestRules(router, config.server, config.ai, config.run);
    this.queue = new QueuedRuns(store, this.recorders, this.ownership, this.engine, config.run);
    this.admission = new RunAdmission(this.lifecycle, this.engine, metrics, config.run);
    this.starter = new RunStarter(store, rules, this.queue, this.ownership, this.admission);
    this.branches = new ConversationBranches(conversations, tree, access);
    this.regenerator = new RunRegenerator(this.branches, this.starter);
    this.forks = new ConversationForks(this.branches, access, tree, this.reader);
    const abandoned = new AbandonedRuns(store, this.log, this.ownership, metrics);
    this.stopper = new RunStopper(this.log, store, this.reader, abandoned, this.ownership);
    const recoveryConfig = new RunRecoveryConfig(config.store, config.run);
    this.recovery = new RunRecovery(abandoned, this.engine, this.queue, this.ownership, recoveryConfig);
    this.drain = new RunDrain(this.recovery, this.queue, this.engine);
  }

  /** Starts a run in a new conversation; its id. */
  async start(userId: string, text = 'a question', conversationId = newRowId()): Promise<string> {
    const conversation = { id: conversationId, createIfMissing: true };
    return (await this.starter.start({ userId, text, conversation })).run.id;
  }

  /** Every record of the run, once it has ended. */
  async records(runId: string, userId: string): Promise<RunRecord[]> {
    const source = await this.reader.open(runId, userId);
    const records: RunRecord[] = [];
    for await (const batch of source.follow(-1, new AbortController().signal)) records.push(...batch);
    return records;
  }

  /** Waits until the log holds this much text. */
  async untilText(runId: string, userId: string, text: string): Promise<void> {
    const source = await this.reader.open(runId, userId);
    let seen = '';
    for await (const batch of source.follow(-1, new AbortController().signal)) {
      for (const record of batch) if (record.type === 'text.delta') seen += record.data.text;
      if (seen.startsWith(text)) return;
    }
    throw new Error(`the run ended with "${seen}"`);
  }

  private dead = false;

  /** Ends timers without ending runs, and cuts the log: what remains of a node whose process was killed. */
  die(): void {
    this.dead = true;
    this.log.sever();
    void this.answers.beforeApplicationShutdown();
    this.ownership.onModuleDestroy();
    this.queue.onModuleDestroy();
    this.admission.onModuleDestroy();
    this.recorders.onApplicationShutdown();
  }

  async close(): Promise<void> {
    if (this.dead) return;
    await this.drain.drain(0);
    await this.answers.beforeApplicationShutdown();
    this.die();
  }
}
