import type { ToolRole } from './tool.js';

/** Says what somebody may do who is known by id only, as in a run that goes on without a client. */
export abstract class CallerRoles {
  /** The role the account has now; undefined where there is no such account. */
  abstract roleOf(userId: string): Promise<ToolRole | undefined>;
}
