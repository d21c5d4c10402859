import { Injectable } from '@nestjs/common';
import { TalksyError } from '../common/errors/talksy-error.js';
import { MessageTree } from '../conversation/message-tree.port.js';
import { ConversationRemoval } from './conversation-removal.service.js';
import { RunLog } from './run-log.port.js';
import { RunReader } from './run-reader.service.js';
import { RunStopper } from './run-stopper.service.js';
import { isEnded } from './run.js';

/** Deletes single answers for good, with the question that they answer. */
@Injectable()
export class AnswerRemoval {
  constructor(
    private readonly reader: RunReader,
    private readonly stopper: RunStopper,
    private readonly tree: MessageTree,
    private readonly conversations: ConversationRemoval,
    private readonly log: RunLog,
  ) {}

  /**
   * Stops the run; then nothing of question and answer is left, and of their conversation nothing where they were all
   * there was: else it keeps its title, and what was said before and after its place. Throws RUN_NOT_FOUND; FORBIDDEN for somebody else's
   * answer, unless the conversation is theirs.
   */
  async remove(runId: string, userId: string): Promise<void> {
    const runs = await this.reader.requireChain(runId, userId, 'admin');
    const [{ conversationId, userMessageId, userId: ownerId }] = runs;
    if (!conversationId || !userMessageId) throw new TalksyError('RUN_NOT_FOUND');
    for (const run of runs) if (!isEnded(run)) await this.stopper.stop(run.id, userId);
    const isAll = (await this.tree.list(conversationId, runs.length + 2)).length <= runs.length + 1;
    if (isAll && ownerId === userId) return this.conversations.remove(conversationId, userId);
    await this.tree.erase([userMessageId, ...runs.flatMap(({ messageId }) => messageId ?? [])]);
    await Promise.all(runs.map(({ id }) => this.log.retire(id, 0)));
  }
}
