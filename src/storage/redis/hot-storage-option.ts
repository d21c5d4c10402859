import type { HotStorage } from './hot-storage.js';

/** Redis, where the configuration enables it. */
export class HotStorageOption {
  constructor(readonly hot: HotStorage | undefined) {}
}
