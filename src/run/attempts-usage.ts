import { countTokens } from '../common/token-count.js';
import type { TokenUsage } from '../common/token-usage.js';

/**
 * What an answer cost over all of its attempts and steps: the vendor's count where one came, else ours, marked
 * `estimated`. An attempt that failed before it said anything costs nothing once another has taken its place.
 */
export class AttemptsUsage {
  private promptTokens = 0;
  private completionTokens = 0;
  private estimated = false;
  private isBegun = false;
  private open: { promptTokens: number; from: number } | undefined;

  /** An attempt begins behind `content`. */
  begin(promptTokens: number, content: string): void {
    if (this.open && content.length > this.open.from) this.add(this.estimateOf(this.open, content));
    this.isBegun = true;
    this.open = { promptTokens, from: content.length };
  }

  /** The vendor has counted the attempt. */
  counted(usage: TokenUsage): void {
    this.add(usage);
    this.open = undefined;
  }

  /** All of it so far; `content` is the whole text. Text that no attempt announced is counted too, where it is all. */
  total(content: string): TokenUsage {
    const rest = this.open ?? (this.isBegun || content === '' ? undefined : { promptTokens: 0, from: 0 });
    const last = rest && this.estimateOf(rest, content);
    const promptTokens = this.promptTokens + (last?.promptTokens ?? 0);
    const completionTokens = this.completionTokens + (last?.completionTokens ?? 0);
    const isEstimated = this.estimated || last !== undefined || !this.isBegun;
    return {
      promptTokens,
      completionTokens,
      totalTokens: promptTokens + completionTokens,
      ...(isEstimated && { estimated: true }),
    };
  }

  private add({ promptTokens, completionTokens, estimated }: Omit<TokenUsage, 'totalTokens'>): void {
    this.promptTokens += promptTokens;
    this.completionTokens += completionTokens;
    this.estimated ||= estimated === true;
  }

  private estimateOf({ promptTokens, from }: { promptTokens: number; from: number }, content: string) {
    return { promptTokens, completionTokens: countTokens(content.slice(from)), estimated: true };
  }
}
