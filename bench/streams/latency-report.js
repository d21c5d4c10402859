import { quantile } from '../figures.js';

/**
 * What clients waited for beyond the upstream, in ms. `answers` are the load's: when each was asked for and each of its
 * tokens came; `sent` is the upstream's: seed → when it was asked, and when it sent each. Only what came from `fromMs`
 * on counts.
 */
export function latencyReport(answers, sent, fromMs = 0) {
  const firsts = [];
  const delays = [];
  for (const { seed, askedAt, cameAt } of answers) {
    const upstream = sent.get(seed);
    if (!upstream) throw new Error(`answer ${seed} never came from the upstream`);
    if (askedAt >= fromMs) firsts.push(cameAt[0] - askedAt - (upstream.sent[0] - upstream.cameAt));
    cameAt.forEach((at, n) => at >= fromMs && delays.push(at - upstream.sent[n]));
  }
  return { firstTokenAddedMs: summary(firsts), tokenDelayMs: summary(delays) };
}

function summary(values) {
  const at = (share) => (values.length > 0 ? Number(quantile(values, share).toFixed(2)) : null);
  return { samples: values.length, p50: at(0.5), p99: at(0.99) };
}
