import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { MemberRole } from '../../user/organization.js';
import type { GroupId, MemberOutcome } from '../../user/organization-store.port.js';
import type { Tables } from '../database/schema.js';

/** The tables of a kind of group, and the column of the second that names the first. */
export function tablesOf({ kind }: GroupId): Record<'groups' | 'members' | 'groupId', RawBuilder<unknown>> {
  const [groups, members, groupId] =
    kind === 'organization'
      ? ['organizations', 'organization_members', 'organization_id']
      : ['projects', 'project_members', 'project_id'];
  return { groups: sql.table(groups), members: sql.table(members), groupId: sql.ref(groupId) };
}

/**
 * Gives a member a role, or none, within a transaction. The group is locked first: of two that would each take away
 * another owner the second sees what the first has left.
 */
export async function changeMember(
  transaction: Kysely<Tables>,
  group: GroupId,
  userId: string,
  role: MemberRole | undefined,
): Promise<MemberOutcome> {
  const { groups, members, groupId } = tablesOf(group);
  await sql`select from ${groups} where id = ${group.id}::uuid for update`.execute(transaction);
  if (group.kind === 'organization' && role !== 'owner') {
    const { rows } = await sql<{ is_last: boolean }>`
      select bool_and(user_id = ${userId}::uuid) as is_last from organization_members
      where organization_id = ${group.id}::uuid and role = 'owner'
    `.execute(transaction);
    if (rows[0]?.is_last) return 'last-owner';
  }
  const changing = role
    ? sql`
        insert into ${members} (${groupId}, user_id, role)
        select ${group.id}::uuid, id, ${role} from users where id = ${userId}::uuid
        on conflict (${groupId}, user_id) do update set role = excluded.role
        returning user_id`
    : sql`delete from ${members} where ${groupId} = ${group.id}::uuid and user_id = ${userId}::uuid returning user_id`;
  const { rows } = await changing.execute(transaction);
  return rows.length === 1 ? 'done' : 'missing';
}
