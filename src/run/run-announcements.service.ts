import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../common/event-bus.port.js';
import { type NewAnswer, RunStarter } from './run-starter.service.js';

/** Tells every node of the answers that begin here, whatever way their questions came in. */
@Injectable()
export class RunAnnouncements implements OnModuleInit {
  private readonly logger = new Logger(RunAnnouncements.name);

  constructor(
    private readonly starter: RunStarter,
    private readonly events: EventBus,
  ) {}

  onModuleInit(): void {
    this.starter.onNewAnswer((answer) => void this.announce(answer));
  }

  /** An announcement that is lost harms no answer: who looks at the conversation finds it. */
  private async announce(answer: NewAnswer): Promise<void> {
    try {
      await this.events.publish('conversation.answering', answer);
    } catch (error) {
      this.logger.warn({ runId: answer.runId, err: error }, 'an answer could not be announced');
    }
  }
}
