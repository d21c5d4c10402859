/** What a call that needs approval is waiting for, or got. */
export type ApprovalStatus = 'pending' | 'approved' | 'denied' | 'expired';
export type Verdict = 'approved' | 'denied';

/** A request for approval of one exact call. */
export interface ApprovalRequest {
  runId: string;
  callId: string;
  userId: string;
  toolName: string;
  /** Tool, version and exact parameters; the approval is good for nothing else. */
  digest: string;
  ttlMs: number;
}

export interface Approval {
  runId: string;
  callId: string;
  toolName: string;
  status: ApprovalStatus;
  reason?: string;
  expiresAt: Date;
  /** Whether the one execution it is good for has begun. */
  spent: boolean;
}

/**
 * Approvals of tool calls. Time is the store's. Guarantees (approval-store.contract.ts):
 *  1. `request` keeps the first request of a run and call; asked again it changes nothing.
 *  2. Of several decisions the first counts, and none after the expiry; nobody but the user of the run decides.
 *  3. `spend` succeeds once for each approval, ever, and only for the digest that was approved.
 */
export abstract class ApprovalStore {
  abstract request(request: ApprovalRequest): Promise<Approval>;
  abstract find(runId: string, callId: string): Promise<Approval | undefined>;
  /** The approval as it is now, whoever decided it; undefined where there is none of this user. */
  abstract decide(
    runId: string,
    callId: string,
    decision: { userId: string; verdict: Verdict; reason?: string },
  ): Promise<Approval | undefined>;
  /** Takes the one execution; false where it was taken, was not approved, or was approved for something else. */
  abstract spend(runId: string, callId: string, digest: string): Promise<boolean>;
}
