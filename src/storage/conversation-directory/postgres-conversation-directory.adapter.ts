import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { isUuid } from '../../common/ids.js';
import type { ConversationRole } from '../../conversation/conversation.js';
import {
  type ConversationChange,
  ConversationDirectory,
  type ConversationMember,
  type ConversationPlace,
  type ConversationQuery,
  type ListedConversation,
  type NewConversation,
} from '../../conversation/conversation-directory.port.js';
import { roleOfRank } from '../conversation-store/conversation-rank.sql.js';
import { Database } from '../database/database.js';
import { listConversations } from './list-conversations.sql.js';

interface PlaceRow {
  organization_id: string;
  project_id: string | null;
  rank: number;
}

/** Conversations in SQL, from outside. */
@Injectable()
export class PostgresConversationDirectory extends ConversationDirectory {
  constructor(private readonly database: Database) {
    super();
  }

  override async list(query: ConversationQuery): Promise<ListedConversation[]> {
    const isSomewhere = [query.organizationId, query.projectId].every((id) => id === undefined || isUuid(id));
    return isSomewhere ? this.database.run((db) => listConversations(db, query)) : [];
  }

  override async create(conversation: NewConversation): Promise<boolean> {
    const { id, userId, title, model, temperature, systemPrompt, organizationId, projectId } = conversation;
    const { numInsertedOrUpdatedRows } = await this.database.run((db) =>
      db
        .insertInto('conversations')
        .values({
          id,
          user_id: userId,
          title: title ?? null,
          model: model ?? null,
          temperature: temperature ?? null,
          system_prompt: systemPrompt ?? null,
          organization_id: organizationId ?? null,
          project_id: projectId ?? null,
          active_depth: 0,
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirstOrThrow(),
    );
    return Number(numInsertedOrUpdatedRows) === 1;
  }

  override async change(id: string, change: ConversationChange): Promise<void> {
    const { title, archived, model, temperature, systemPrompt, place } = change;
    await this.database.run((db) =>
      db
        .updateTable('conversations')
        .set({
          updated_at: sql<Date>`now()`,
          ...(title !== undefined && { title }),
          ...(archived !== undefined && { archived_at: archived ? sql<Date>`coalesce(archived_at, now())` : null }),
          ...(model !== undefined && { model }),
          ...(temperature !== undefined && { temperature }),
          ...(systemPrompt !== undefined && { system_prompt: systemPrompt }),
          ...(place && { organization_id: place.organizationId ?? null, project_id: place.projectId ?? null }),
        })
        .where('id', '=', id)
        .execute(),
    );
  }

  override async retitle(id: string, from: string, to: string): Promise<void> {
    await this.database.run((db) =>
      db.updateTable('conversations').set({ title: to }).where('id', '=', id).where('title', '=', from).execute(),
    );
  }

  override async delete(id: string, limit: number): Promise<string[] | undefined> {
    return this.database.run((db) =>
      db.transaction().execute(async (transaction) => {
        const found = await sql`select from conversations where id = ${id} for update`.execute(transaction);
        if (found.rows.length === 0) return undefined;
        const runs = await transaction
          .selectFrom('runs')
          .select('id')
          .where('conversation_id', '=', id)
          .orderBy('created_at', 'desc')
          .limit(limit)
          .execute();
        await transaction.deleteFrom('conversations').where('id', '=', id).execute();
        return runs.map((run) => run.id);
      }),
    );
  }

  override async findPlace(
    userId: string,
    { organizationId, projectId }: ConversationPlace,
  ): Promise<(ConversationPlace & { role: ConversationRole }) | undefined> {
    if (organizationId === undefined && projectId === undefined) return { role: 'owner' };
    if (projectId === undefined && organizationId === userId) return { role: 'owner' };
    if (![organizationId, projectId].every((id) => id === undefined || isUuid(id))) return undefined;
    const rank = sql`case role when 'viewer' then 1 when 'editor' then 2 else 3 end`;
    const { rows } = await this.database.run((db) =>
      sql<PlaceRow>`
        with place as (
          select organization.id as organization_id, project.id as project_id
          from organizations organization
          left join projects project on project.organization_id = organization.id and project.id = ${projectId ?? null}::uuid
          where organization.id = coalesce(${organizationId ?? null}::uuid,
                                           (select organization_id from projects where id = ${projectId ?? null}::uuid))
            and (project.id is not null or ${projectId ?? null}::uuid is null)
        )
        select place.*, (select coalesce(max(rank), 0)::integer from (
          select ${rank} as rank from organization_members member
          where member.organization_id = place.organization_id and user_id = ${userId}::uuid
          union all
          select ${rank} from project_members member
          where member.project_id = place.project_id and user_id = ${userId}::uuid
        ) as ranks) as rank
        from place
      `.execute(db),
    );
    const role = rows[0] && roleOfRank(rows[0].rank);
    if (!role) return undefined;
    const { organization_id: ofOrganization, project_id: ofProject } = rows[0]!;
    return { organizationId: ofOrganization, ...(ofProject && { projectId: ofProject }), role };
  }

  override async members(id: string): Promise<ConversationMember[]> {
    const { rows } = await this.database.run((db) =>
      sql<ConversationMember>`
        select users.id as "userId", users.email, member.role
        from (
          select user_id, 'owner' as role, created_at, true as is_owner from conversations where id = ${id}
          union all
          select user_id, role, created_at, false from conversation_members where conversation_id = ${id}
        ) as member join users on users.id = member.user_id
        order by member.is_owner desc, member.created_at, users.id
      `.execute(db),
    );
    return rows;
  }

  override async setMember(id: string, userId: string, role: ConversationRole): Promise<boolean> {
    if (!isUuid(userId)) return false;
    const { rows } = await this.database.run((db) =>
      sql`
        insert into conversation_members (conversation_id, user_id, role)
        select conversation.id, users.id, ${role} from conversations conversation, users
        where conversation.id = ${id} and users.id = ${userId}::uuid and conversation.user_id <> users.id
        on conflict (conversation_id, user_id) do update set role = excluded.role
        returning user_id
      `.execute(db),
    );
    return rows.length === 1;
  }

  override async removeMember(id: string, userId: string): Promise<boolean> {
    if (!isUuid(userId)) return false;
    const { numDeletedRows } = await this.database.run((db) =>
      db
        .deleteFrom('conversation_members')
        .where('conversation_id', '=', id)
        .where('user_id', '=', userId)
        .executeTakeFirstOrThrow(),
    );
    return Number(numDeletedRows) === 1;
  }
}
