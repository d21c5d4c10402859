import { newSecretId } from './ids.js';

/** Names this process among all nodes, for its whole life: the owner of the runs it plays. */
export class NodeIdentity {
  readonly id = newSecretId();
}
