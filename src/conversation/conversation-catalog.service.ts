import { Injectable } from '@nestjs/common';
import { TalksyError } from '../common/errors/talksy-error.js';
import { newRowId } from '../common/ids.js';
import { type ConversationSettings, isConversationId } from './conversation.js';
import { ConversationAccess } from './conversation-access.service.js';
import {
  type ConversationChange,
  ConversationDirectory,
  type ConversationPlace,
  type ConversationQuery,
} from './conversation-directory.port.js';
import type { SeenConversation } from './conversation-store.port.js';

const MAX_PAGE = 100;

export interface CreateWish extends ConversationSettings, ConversationPlace {
  userId: string;
  title?: string;
  /** The client's own choice: 1 to 128 of `[A-Za-z0-9_-]`. */
  id?: string;
}

export interface ConversationPage {
  conversations: SeenConversation[];
  /** The cursor of the next page, if there is one. */
  next?: string;
}

/** Conversations as things to find, make and change. */
@Injectable()
export class ConversationCatalog {
  constructor(
    private readonly directory: ConversationDirectory,
    private readonly access: ConversationAccess,
  ) {}

  /** One page, changed last first, of at most 100. Throws VALIDATION_ERROR for what is no cursor. */
  async list(query: Omit<ConversationQuery, 'limit'> & { limit?: number }): Promise<ConversationPage> {
    const limit = Math.min(query.limit ?? MAX_PAGE, MAX_PAGE);
    const found = await this.directory.list({ ...query, limit: limit + 1 });
    const conversations = found.slice(0, limit);
    const next = found.length > limit ? conversations.at(-1)?.cursor : undefined;
    return { conversations, ...(next !== undefined && { next }) };
  }

  /**
   * A conversation without messages. Throws NOT_FOUND for a place that the user may not see, FORBIDDEN where they may
   * only read, CONFLICT where the id is taken.
   */
  async create({ id = newRowId(), organizationId, projectId, ...wish }: CreateWish): Promise<SeenConversation> {
    if (!isConversationId(id))
      throw new TalksyError('VALIDATION_ERROR', 'id must be 1 to 128 of A-Z, a-z, 0-9, _ and -');
    const wanted = { ...(organizationId && { organizationId }), ...(projectId && { projectId }) };
    const place = await this.requirePlace(wish.userId, wanted);
    if (!(await this.directory.create({ ...wish, ...place, id }))) {
      throw new TalksyError('CONFLICT', 'This id is taken.');
    }
    return this.access.require(id, wish.userId);
  }

  /** Needs the permission to write; to move it to another place, that of an owner. Throws as `create` does. */
  async change(id: string, userId: string, change: ConversationChange): Promise<SeenConversation> {
    await this.access.require(id, userId, change.place ? 'admin' : 'write');
    const place = change.place && (await this.requirePlace(userId, change.place));
    await this.directory.change(id, { ...change, ...(place && { place }) });
    return this.access.require(id, userId);
  }

  private async requirePlace(userId: string, wanted: ConversationPlace): Promise<ConversationPlace> {
    const place = await this.directory.findPlace(userId, wanted);
    if (!place) throw new TalksyError('NOT_FOUND', 'There is no such organization or project.');
    const { role, ...where } = place;
    if (role === 'viewer') throw new TalksyError('FORBIDDEN', 'You may only read in this organization or project.');
    return where;
  }
}
