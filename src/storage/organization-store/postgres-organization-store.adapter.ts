import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { isUuid } from '../../common/ids.js';
import type { Member, MemberRole, Organization, Project } from '../../user/organization.js';
import { type GroupId, type MemberOutcome, OrganizationStore } from '../../user/organization-store.port.js';
import { Database } from '../database/database.js';
import { changeMember, tablesOf } from './change-member.sql.js';

/** Roles from the one that may least to the one that may most. */
const ROLES = sql`array['viewer', 'editor', 'admin', 'owner']`;

/** Organizations and projects in SQL. */
@Injectable()
export class PostgresOrganizationStore extends OrganizationStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async ensurePersonal(userId: string): Promise<void> {
    await this.database.run((db) =>
      sql`
        with made as (
          insert into organizations (id, name, personal_of)
          select id, 'Personal', id from users where id = ${userId}::uuid
          on conflict (id) do nothing
          returning id
        )
        insert into organization_members (organization_id, user_id, role) select id, id, 'owner' from made
      `.execute(db),
    );
  }

  override async createOrganization(id: string, name: string, userId: string): Promise<void> {
    await this.database.run((db) =>
      sql`
        with made as (insert into organizations (id, name) values (${id}::uuid, ${name}) returning id)
        insert into organization_members (organization_id, user_id, role) select id, ${userId}::uuid, 'owner' from made
      `.execute(db),
    );
  }

  override async createProject(id: string, name: string, organizationId: string): Promise<void> {
    await this.database.run((db) =>
      db.insertInto('projects').values({ id, name, organization_id: organizationId }).execute(),
    );
  }

  override async listOrganizations(userId: string): Promise<Organization[]> {
    return this.organizations(userId);
  }

  override async findOrganization(id: string, userId: string): Promise<Organization | undefined> {
    return isUuid(id) ? (await this.organizations(userId, id))[0] : undefined;
  }

  override async listProjects(userId: string, organizationId?: string): Promise<Project[]> {
    return this.projects(userId, organizationId === undefined ? {} : { organizationId });
  }

  override async findProject(id: string, userId: string): Promise<Project | undefined> {
    return isUuid(id) ? (await this.projects(userId, { id }))[0] : undefined;
  }

  override async rename(group: GroupId, name: string): Promise<void> {
    const { groups } = tablesOf(group);
    await this.database.run((db) =>
      sql`update ${groups} set name = ${name}, updated_at = now() where id = ${group.id}::uuid`.execute(db),
    );
  }

  override async delete(group: GroupId): Promise<void> {
    const { groups } = tablesOf(group);
    await this.database.run((db) => sql`delete from ${groups} where id = ${group.id}::uuid`.execute(db));
  }

  override async members(group: GroupId): Promise<Member[]> {
    const { members, groupId } = tablesOf(group);
    const { rows } = await this.database.run((db) =>
      sql<Member>`
        select users.id as "userId", users.email, member.role, member.created_at as "createdAt"
        from ${members} member join users on users.id = member.user_id
        where member.${groupId} = ${group.id}::uuid
        order by member.created_at, users.id
      `.execute(db),
    );
    return rows;
  }

  override async setMember(group: GroupId, userId: string, role: MemberRole): Promise<MemberOutcome> {
    return this.changeMember(group, userId, role);
  }

  override async removeMember(group: GroupId, userId: string): Promise<MemberOutcome> {
    return this.changeMember(group, userId, undefined);
  }

  private async changeMember(group: GroupId, userId: string, role: MemberRole | undefined): Promise<MemberOutcome> {
    if (!isUuid(userId)) return 'missing';
    return this.database.run((db) => db.transaction().execute((trx) => changeMember(trx, group, userId, role)));
  }

  private async organizations(userId: string, id?: string): Promise<Organization[]> {
    const { rows } = await this.database.run((db) =>
      sql<Organization>`
        select organization.id, name, personal_of is not null as "isPersonal", member.role,
               organization.created_at as "createdAt", organization.updated_at as "updatedAt"
        from organizations organization join organization_members member on member.organization_id = organization.id
        where member.user_id = ${userId}::uuid and (${id ?? null}::uuid is null or organization.id = ${id ?? null}::uuid)
        order by personal_of is null, name, organization.id
      `.execute(db),
    );
    return rows;
  }

  private async projects(userId: string, where: { organizationId?: string; id?: string }): Promise<Project[]> {
    const { organizationId = null, id = null } = where;
    const { rows } = await this.database.run((db) =>
      sql<Project>`
        select project.id, organization_id as "organizationId", name, best.role,
               created_at as "createdAt", updated_at as "updatedAt"
        from projects project, lateral (
          select role from (
            select role from organization_members member
            where member.organization_id = project.organization_id and user_id = ${userId}::uuid
            union all
            select role from project_members where project_id = project.id and user_id = ${userId}::uuid
          ) as roles
          order by array_position(${ROLES}, role) desc limit 1
        ) as best
        where (${id}::uuid is null or project.id = ${id}::uuid)
          and (${organizationId}::uuid is null or project.organization_id = ${organizationId}::uuid)
        order by name, project.id
      `.execute(db),
    );
    return rows;
  }
}
