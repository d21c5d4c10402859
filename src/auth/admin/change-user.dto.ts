import { IsBoolean, IsIn, IsOptional } from 'class-validator';

const ROLES = ['user', 'admin'] as const;

/** Body of PATCH /admin/users/:id. */
export class ChangeUserDto {
  @IsOptional()
  @IsIn(ROLES, { message: `role must be ${ROLES.join(' or ')}` })
  role?: (typeof ROLES)[number];

  @IsOptional()
  @IsBoolean({ message: 'disabled must be true or false' })
  disabled?: boolean;
}
