import type { WireError } from '../../common/errors/talksy-error.js';

/** What the ack of every client event carries. */
export type Ack = { ok: true; data: unknown } | { ok: false; error: WireError };

export type AckFunction = (ack: Ack) => void;
