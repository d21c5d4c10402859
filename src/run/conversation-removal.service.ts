import { Injectable, Logger } from '@nestjs/common';
import { TalksyError } from '../common/errors/talksy-error.js';
import { ConversationAccess } from '../conversation/conversation-access.service.js';
import { ConversationDirectory } from '../conversation/conversation-directory.port.js';
import { RunLog } from './run-log.port.js';
import { RunReader } from './run-reader.service.js';
import { RunStopper } from './run-stopper.service.js';

/** More runs than can wait in a conversation. */
const MAX_STOPS = 100;
/** Logs that are dropped at once; older ones have been dropped long ago, or will be within their retention. */
const MAX_LOGS = 500;

/** Deletes conversations for good: what runs in them is stopped, and no log keeps what was said. */
@Injectable()
export class ConversationRemoval {
  private readonly logger = new Logger(ConversationRemoval.name);

  constructor(
    private readonly access: ConversationAccess,
    private readonly directory: ConversationDirectory,
    private readonly reader: RunReader,
    private readonly stopper: RunStopper,
    private readonly log: RunLog,
  ) {}

  /** Throws CONVERSATION_NOT_FOUND, also the second time; FORBIDDEN for who does not own it. */
  async remove(id: string, userId: string): Promise<void> {
    await this.access.require(id, userId, 'admin');
    await this.stopAll(id, userId);
    const runs = await this.directory.delete(id, MAX_LOGS);
    if (!runs) throw new TalksyError('CONVERSATION_NOT_FOUND');
    const dropped = await Promise.allSettled(runs.map((runId) => this.log.retire(runId, 0)));
    const failed = dropped.filter(({ status }) => status === 'rejected').length;
    if (failed > 0)
      this.logger.warn({ failed }, 'logs of a deleted conversation could not be dropped; they will lapse');
  }

  private async stopAll(id: string, userId: string): Promise<void> {
    for (let i = 0; i < MAX_STOPS; i++) {
      const run = await this.reader.findStoppable(id);
      if (!run || (await this.stopper.stop(run.id, userId)).status === 'cancelling') return;
    }
  }
}
