import { IsIn, IsOptional, IsString, IsUUID, Length, MaxLength } from 'class-validator';
import { MEMBER_ROLES, type MemberRole } from '../../user/organization.js';

const NAME_MESSAGE = 'name must have 1 to 100 characters';

export class NameBody {
  @IsString({ message: NAME_MESSAGE })
  @Length(1, 100, { message: NAME_MESSAGE })
  name!: string;
}

/** A project; in the personal organization unless another is named. */
export class CreateProjectBody extends NameBody {
  @IsOptional()
  @IsUUID('all', { message: 'orgId must be the id of an organization' })
  orgId?: string;
}

export class ProjectsQuery {
  @IsOptional()
  @IsUUID('all', { message: 'orgId must be the id of an organization' })
  orgId?: string;
}

export class GroupRoleBody {
  @IsIn(MEMBER_ROLES, { message: `role must be one of ${MEMBER_ROLES.join(', ')}` })
  role!: MemberRole;
}

/** A member by id or by email. */
export class AddGroupMemberBody extends GroupRoleBody {
  @IsOptional()
  @IsUUID('all', { message: 'userId must be the id of a user' })
  userId?: string;

  @IsOptional()
  @IsString({ message: 'email must be a string' })
  @MaxLength(254, { message: 'email must have at most 254 characters' })
  email?: string;
}
