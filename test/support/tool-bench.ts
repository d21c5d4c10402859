import { Metrics } from '../../src/observability/metrics.service.js';
import { ToolMetrics } from '../../src/tools/tool-metrics.service.js';
import type { ToolConfig } from '../../src/config/config.js';
import { ToolCalls } from '../../src/run/turn/tool-calls.service.js';
import { PostgresApprovalStore } from '../../src/storage/approval-store/postgres-approval-store.adapter.js';
import { PostgresCallerRoles } from '../../src/storage/caller-roles/postgres-caller-roles.adapter.js';
import type { Database } from '../../src/storage/database/database.js';
import { MemoryEventBus } from '../../src/storage/event-bus/memory-event-bus.adapter.js';
import type { RunStore } from '../../src/run/run-store.port.js';
import { PostgresRunStore } from '../../src/storage/run-store/postgres-run-store.adapter.js';
import { ToolApprovals } from '../../src/tools/tool-approvals.service.js';
import { ToolCallers } from '../../src/tools/tool-callers.service.js';
import { ToolRegistry } from '../../src/tools/tool-registry.service.js';
import { ToolRunner } from '../../src/tools/tool-runner.service.js';
import { type ToolContext, ToolHandler, type ToolSpec } from '../../src/tools/tool.js';

type Work = (parameters: Record<string, unknown>, context: ToolContext) => unknown;

class WorkHandler extends ToolHandler {
  constructor(private readonly work: Work) {
    super();
  }

  override execute(parameters: Record<string, unknown>, context: ToolContext): unknown {
    return this.work(parameters, context);
  }
}

/** A tool that does what the test says; its parameters are free unless told otherwise. */
export function addTool(registry: ToolRegistry, spec: Partial<ToolSpec> & { name: string }, work: Work): () => void {
  const whole = {
    description: 'A tool of the test.',
    category: 'custom',
    version: '1',
    parameters: {},
    ...spec,
  } as const;
  return registry.register(whole, new WorkHandler(work));
}

/** The tools of one node, on the database that it shares with others. */
export class ToolBench {
  readonly registry: ToolRegistry;
  readonly approvals: ToolApprovals;
  readonly runner: ToolRunner;
  readonly calls: ToolCalls;

  constructor(config: ToolConfig, database: Database, runs: RunStore = new PostgresRunStore(database)) {
    const events = new MemoryEventBus();
    this.registry = new ToolRegistry(config);
    this.runner = new ToolRunner(this.registry, config, new ToolMetrics(new Metrics()));
    this.approvals = new ToolApprovals(new PostgresApprovalStore(database), events, config);
    this.approvals.onModuleInit();
    const callers = new ToolCallers(this.registry, new PostgresCallerRoles(database));
    this.calls = new ToolCalls(this.registry, callers, this.runner, this.approvals, runs);
  }

  add(spec: Partial<ToolSpec> & { name: string }, work: Work): void {
    addTool(this.registry, spec, work);
  }
}
