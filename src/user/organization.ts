/** What somebody is in an organization or a project. */
export const MEMBER_ROLES = ['owner', 'admin', 'editor', 'viewer'] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

export type MemberPermission = 'read' | 'write' | 'deploy' | 'admin';

const PERMISSIONS: Record<MemberRole, readonly MemberPermission[]> = {
  owner: ['read', 'write', 'deploy', 'admin'],
  admin: ['read', 'write', 'deploy', 'admin'],
  editor: ['read', 'write', 'deploy'],
  viewer: ['read'],
};

/** What a role allows. */
export const permissionsOf = (role: MemberRole): readonly MemberPermission[] => PERMISSIONS[role];

/** People who work together. A personal one has the id of its user, who alone is in it. */
export interface Organization {
  id: string;
  name: string;
  isPersonal: boolean;
  /** What the reader is in it. */
  role: MemberRole;
  createdAt: Date;
  updatedAt: Date;
}

/** A part of an organization, with members of its own besides the organization's. */
export interface Project {
  id: string;
  organizationId: string;
  name: string;
  /** What the reader is in it: as its member or as one of its organization, whichever allows more. */
  role: MemberRole;
  createdAt: Date;
  updatedAt: Date;
}

export interface Member {
  userId: string;
  email: string;
  role: MemberRole;
  createdAt: Date;
}
