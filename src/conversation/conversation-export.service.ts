import { Injectable } from '@nestjs/common';
import type { Conversation } from './conversation.js';
import { ConversationAccess } from './conversation-access.service.js';
import type { Message } from './message.js';
import { MessageTree } from './message-tree.port.js';

/** Messages in memory at a time. */
const PAGE = 200;

/** Conversations as documents, written piece by piece: none is ever in memory as a whole. */
@Injectable()
export class ConversationExport {
  constructor(
    private readonly access: ConversationAccess,
    private readonly tree: MessageTree,
  ) {}

  /** One JSON object: the conversation and the messages of all its branches. Throws CONVERSATION_NOT_FOUND, before anything is written. */
  async json(id: string, userId: string): Promise<AsyncIterable<string>> {
    const { conversation } = await this.access.require(id, userId);
    return this.jsonPieces(conversation);
  }

  /** The current branch, a heading for each message. Throws CONVERSATION_NOT_FOUND, before anything is written. */
  async markdown(id: string, userId: string): Promise<AsyncIterable<string>> {
    const { conversation } = await this.access.require(id, userId);
    return this.markdownPieces(conversation);
  }

  private async *jsonPieces(conversation: Conversation): AsyncIterable<string> {
    yield `${JSON.stringify(conversation).slice(0, -1)},"messages":[`;
    let after: string | undefined;
    do {
      const page: Message[] = await this.tree.list(conversation.id, PAGE, after);
      yield page.map((message, i) => `${after || i > 0 ? ',' : ''}\n${JSON.stringify(message)}`).join('');
      after = page.length === PAGE ? page.at(-1)!.id : undefined;
    } while (after);
    yield '\n]}\n';
  }

  private async *markdownPieces({ id, title }: Conversation): AsyncIterable<string> {
    yield `# ${(title ?? 'Conversation').replace(/\s+/g, ' ')}\n`;
    const ids = await this.tree.branchIds(id);
    for (let i = 0; i < ids.length; i += PAGE) {
      yield (await this.tree.read(ids.slice(i, i + PAGE))).map(toSection).join('');
    }
  }
}

function toSection({ role, content, createdAt, model }: Message): string {
  const who = role === 'user' ? 'User' : `Assistant${model ? ` (${model})` : ''}`;
  return `\n## ${who}, ${createdAt.toISOString()}\n\n${content}\n`;
}
