import type { Member, MemberRole, Organization, Project } from './organization.js';

/** What has members. */
export type GroupKind = 'organization' | 'project';

/** Names one group. */
export interface GroupId {
  kind: GroupKind;
  id: string;
}

/** What became of a change of members. */
export type MemberOutcome = 'done' | 'missing' | 'last-owner';

/**
 * Organizations, the projects in them, and who is in both. Guarantees (organization-store.contract.ts): what the user is
 * not in is not found; an organization keeps an owner, however many change its members at once; `ensurePersonal` is
 * safe to call again and at once.
 */
export abstract class OrganizationStore {
  /** Makes the user's personal organization where it is missing; its id is the user's. */
  abstract ensurePersonal(userId: string): Promise<void>;
  /** With the user as its owner. */
  abstract createOrganization(id: string, name: string, userId: string): Promise<void>;
  abstract createProject(id: string, name: string, organizationId: string): Promise<void>;
  /** The personal one first, then by name. */
  abstract listOrganizations(userId: string): Promise<Organization[]>;
  /** By name. */
  abstract listProjects(userId: string, organizationId?: string): Promise<Project[]>;
  abstract findOrganization(id: string, userId: string): Promise<Organization | undefined>;
  abstract findProject(id: string, userId: string): Promise<Project | undefined>;
  abstract rename(group: GroupId, name: string): Promise<void>;
  abstract delete(group: GroupId): Promise<void>;
  /** In the order in which they came. */
  abstract members(group: GroupId): Promise<Member[]>;
  /** Adds somebody or changes their role; `missing` where there is no such user. */
  abstract setMember(group: GroupId, userId: string, role: MemberRole): Promise<MemberOutcome>;
  abstract removeMember(group: GroupId, userId: string): Promise<MemberOutcome>;
}
