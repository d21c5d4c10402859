import type { RunSource } from '../../../run/run-source.js';
import type { ResponseHead } from './response-fold.js';

/** A response to be read: the run that writes it, and what all its events have in common. */
export interface OpenedResponse {
  source: RunSource;
  head: ResponseHead;
}
