import { Injectable } from '@nestjs/common';
import { TalksyError } from '../common/errors/talksy-error.js';
import { newRowId } from '../common/ids.js';
import {
  type Member,
  type MemberPermission,
  type MemberRole,
  type Organization,
  permissionsOf,
  type Project,
} from './organization.js';
import { type GroupId, OrganizationStore } from './organization-store.port.js';

/** Organizations, projects and their members. What you are not in does not exist; what your role forbids is FORBIDDEN. */
@Injectable()
export class Organizations {
  constructor(private readonly store: OrganizationStore) {}

  /** The user's, the personal one first. */
  async list(userId: string): Promise<Organization[]> {
    await this.store.ensurePersonal(userId);
    return this.store.listOrganizations(userId);
  }

  /** Owned by who makes it. */
  async create(userId: string, name: string): Promise<Organization> {
    const id = newRowId();
    await this.store.createOrganization(id, name, userId);
    return this.require(id, userId);
  }

  /** Throws NOT_FOUND, FORBIDDEN. */
  async require(id: string, userId: string, permission: MemberPermission = 'read'): Promise<Organization> {
    if (id === userId) await this.store.ensurePersonal(userId);
    return permitted(await this.store.findOrganization(id, userId), permission);
  }

  /** Those of every organization and project that the user is in, or of one organization. */
  async listProjects(userId: string, organizationId?: string): Promise<Project[]> {
    if (organizationId !== undefined) await this.require(organizationId, userId);
    return this.store.listProjects(userId, organizationId);
  }

  /** Needs the permission to write in the organization. */
  async createProject(userId: string, name: string, organizationId = userId): Promise<Project> {
    await this.require(organizationId, userId, 'write');
    const id = newRowId();
    await this.store.createProject(id, name, organizationId);
    return this.requireProject(id, userId);
  }

  /** Throws NOT_FOUND, FORBIDDEN. */
  async requireProject(id: string, userId: string, permission: MemberPermission = 'read'): Promise<Project> {
    return permitted(await this.store.findProject(id, userId), permission);
  }

  /** Needs `admin`. */
  async rename(group: GroupId, userId: string, name: string): Promise<Organization | Project> {
    await this.permit(group, userId, 'admin');
    await this.store.rename(group, name);
    return this.permit(group, userId, 'read');
  }

  /** Needs `admin`. Conversations there stay with their owners. CONFLICT for a personal organization. */
  async delete(group: GroupId, userId: string): Promise<void> {
    await this.permit(group, userId, 'admin');
    this.refusePersonal(group, userId);
    await this.store.delete(group);
  }

  async members(group: GroupId, userId: string): Promise<Member[]> {
    await this.permit(group, userId, 'read');
    return this.store.members(group);
  }

  /** Adds somebody or changes their role; needs `admin`, and to make an owner, an owner. NOT_FOUND, CONFLICT. */
  async setMember(group: GroupId, userId: string, member: { userId: string; role: MemberRole }): Promise<Member[]> {
    const { role } = await this.permit(group, userId, 'admin');
    this.refusePersonal(group, userId);
    if (role !== 'owner' && (member.role === 'owner' || (await this.isOwner(group, member.userId)))) throw ownersOnly();
    settle(await this.store.setMember(group, member.userId, member.role));
    return this.store.members(group);
  }

  /** Takes somebody out, also oneself; of others needs `admin`. Throws NOT_FOUND, CONFLICT for the last owner. */
  async removeMember(group: GroupId, userId: string, memberId: string): Promise<void> {
    const { role } = await this.permit(group, userId, memberId === userId ? 'read' : 'admin');
    if (role !== 'owner' && (await this.isOwner(group, memberId))) throw ownersOnly();
    settle(await this.store.removeMember(group, memberId));
  }

  /** Throws NOT_FOUND, FORBIDDEN. */
  async permit(group: GroupId, userId: string, permission: MemberPermission): Promise<Organization | Project> {
    const { kind, id } = group;
    return kind === 'project' ? this.requireProject(id, userId, permission) : this.require(id, userId, permission);
  }

  private async isOwner(group: GroupId, userId: string): Promise<boolean> {
    return (await this.store.members(group)).some((member) => member.userId === userId && member.role === 'owner');
  }

  private refusePersonal({ kind, id }: GroupId, userId: string): void {
    if (kind === 'organization' && id === userId) {
      throw new TalksyError(
        'CONFLICT',
        'A personal organization is its user’s alone, and lasts as long as the account.',
      );
    }
  }
}

function permitted<G extends Organization | Project>(group: G | undefined, permission: MemberPermission): G {
  if (!group) throw new TalksyError('NOT_FOUND', 'There is no such organization or project.');
  if (permissionsOf(group.role).includes(permission)) return group;
  throw new TalksyError('FORBIDDEN', `This needs the permission ${permission}; your role is ${group.role}.`);
}

function settle(outcome: 'done' | 'missing' | 'last-owner'): void {
  if (outcome === 'missing') throw new TalksyError('NOT_FOUND', 'There is no such user or member.');
  if (outcome === 'last-owner')
    throw new TalksyError('CONFLICT', 'This is the last owner; make somebody else one first.');
}

const ownersOnly = (): TalksyError =>
  new TalksyError('FORBIDDEN', 'Only an owner may make somebody an owner, or an owner anything else.');
