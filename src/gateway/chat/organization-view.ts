import {
  type Member,
  type MemberPermission,
  type MemberRole,
  type Organization,
  permissionsOf,
  type Project,
} from '../../user/organization.js';

/** An organization, or a project where it has `orgId`. Times are ISO 8601. */
export interface GroupView {
  id: string;
  name: string;
  /** Of organizations: whether it is the caller's personal one. */
  personal?: boolean;
  orgId?: string;
  /** The caller's. */
  role: MemberRole;
  permissions: readonly MemberPermission[];
  createdAt: string;
  updatedAt: string;
}

export interface MemberView {
  userId: string;
  email: string;
  role: MemberRole;
  permissions: readonly MemberPermission[];
  createdAt: string;
}

export function groupView(group: Organization | Project): GroupView {
  const { id, name, role, createdAt, updatedAt } = group;
  const kind = 'organizationId' in group ? { orgId: group.organizationId } : { personal: group.isPersonal };
  const times = { createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
  return { id, name, ...kind, role, permissions: permissionsOf(role), ...times };
}

export function memberView({ userId, email, role, createdAt }: Member): MemberView {
  return { userId, email, role, permissions: permissionsOf(role), createdAt: createdAt.toISOString() };
}
