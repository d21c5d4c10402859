import { Module } from '@nestjs/common';
import { AiModule } from '../ai/ai.module.js';
import { MetricsModule } from '../observability/metrics.module.js';
import { ConversationModule } from '../conversation/conversation.module.js';
import { ToolsModule } from '../tools/tools.module.js';
import { AbandonedRuns } from './own/abandoned-runs.service.js';
import { AnswerKeeper } from './own/answer-keeper.service.js';
import { EndedAccounts } from './own/ended-accounts.service.js';
import { QueuedRuns } from './own/queued-runs.service.js';
import { RunAdmission } from './own/run-admission.service.js';
import { RunOwnership } from './own/run-ownership.service.js';
import { RecorderFactory } from './record/recorder-factory.service.js';
import { ConversationForks } from './conversation-forks.service.js';
import { ConversationRemoval } from './conversation-removal.service.js';
import { RunAnnouncements } from './run-announcements.service.js';
import { RunDrain } from './run-drain.service.js';
import { RunEngine } from './run-engine.service.js';
import { RunMetrics } from './run-metrics.service.js';
import { RunProbe } from './run-probe.service.js';
import { AnswerRemoval } from './answer-removal.service.js';
import { AskedQuestions } from './asked-questions.service.js';
import { ModelTitles } from './model-titles.service.js';
import { RunReader } from './run-reader.service.js';
import { RunRecovery, RunRecoveryConfig } from './run-recovery.service.js';
import { RunRegenerator } from './run-regenerator.service.js';
import { RunRequestRules } from './run-request-rules.service.js';
import { RunStarter } from './run-starter.service.js';
import { RunStopper } from './run-stopper.service.js';
import { ToolCalls } from './turn/tool-calls.service.js';
import { ContextSummaries } from './turn/context-summaries.service.js';
import { TurnContext } from './turn/turn-context.service.js';
import { TurnPlayer } from './turn-player.service.js';

/** The heart: starts, plays, records, stops, reads and recovers runs. */
@Module({
  imports: [AiModule, ConversationModule, MetricsModule, ToolsModule],
  providers: [
    AbandonedRuns,
    AnswerKeeper,
    ContextSummaries,
    ConversationForks,
    ConversationRemoval,
    EndedAccounts,
    QueuedRuns,
    RunAdmission,
    RunAnnouncements,
    RecorderFactory,
    RunDrain,
    RunEngine,
    RunMetrics,
    RunOwnership,
    RunProbe,
    AnswerRemoval,
    AskedQuestions,
    ModelTitles,
    RunReader,
    RunRecovery,
    RunRecoveryConfig,
    RunRegenerator,
    RunRequestRules,
    RunStarter,
    RunStopper,
    ToolCalls,
    TurnContext,
    TurnPlayer,
  ],
  exports: [
    ConversationForks,
    ConversationRemoval,
    RunDrain,
    RunEngine,
    AnswerRemoval,
    AskedQuestions,
    RunReader,
    RunRegenerator,
    RunStarter,
    RunStopper,
  ],
})
export class RunModule {}
