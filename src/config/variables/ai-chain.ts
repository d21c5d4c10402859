import type { AiConfig } from '../config.js';
import type { ProviderName } from '../vendors.js';

interface ChainWishes {
  provider: ProviderName;
  providers: readonly ProviderName[] | undefined;
  fallback: boolean;
  isUsable: (name: ProviderName) => boolean;
}

/**
 * Who is asked, in which order. A list is taken as it is; behind a single vendor the mock is the fallback, if there is to
 * be one. Whoever cannot be used is left out, and the mock stands in where nobody else is left.
 */
export function chainOf({
  provider,
  providers,
  fallback,
  isUsable,
}: ChainWishes): Pick<AiConfig, 'provider' | 'chain' | 'leftOut' | 'fallback'> {
  const named = [...new Set(providers ?? [provider])];
  const usable = named.filter(isUsable);
  const standsIn = fallback && !usable.includes('mock') && (!providers || usable.length === 0);
  const chain: ProviderName[] = standsIn ? [...usable, 'mock'] : usable;
  return {
    provider: chain[0] ?? named[0]!,
    chain,
    leftOut: named.filter((name) => !isUsable(name)),
    fallback,
  };
}
