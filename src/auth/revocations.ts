import { type EventBus } from '../common/event-bus.port.js';
import { TalksyError } from '../common/errors/talksy-error.js';

/** Something that principals rest on has ended or changed. */
export interface Revocation {
  /** One of `tagsOf` of the principals that it concerns. */
  tag: string;
  /** What to tell them; undefined where they may still stand and must be looked at again. */
  error?: TalksyError;
}

const ended = (): TalksyError => new TalksyError('UNAUTHORIZED', 'This sign-in has ended; log in again.');

/** Listens to everything that makes principals void, on any node. Returns the function that ends it. */
export function onRevocation(events: EventBus, listener: (revocation: Revocation) => void): () => void {
  const subscriptions = [
    events.subscribe('family.revoked', ({ familyId }) => listener({ tag: `family:${familyId}`, error: ended() })),
    events.subscribe('api-key.revoked', ({ apiKeyId }) =>
      listener({ tag: `api-key:${apiKeyId}`, error: new TalksyError('UNAUTHORIZED', 'This API key was revoked.') }),
    ),
    events.subscribe('account.changed', ({ userId }) => listener({ tag: `user:${userId}` })),
    events.subscribe('account.ended', ({ userId, reason }) =>
      listener({
        tag: `user:${userId}`,
        error: reason === 'disabled' ? new TalksyError('ACCOUNT_DISABLED') : ended(),
      }),
    ),
  ];
  return () => subscriptions.forEach((end) => end());
}
