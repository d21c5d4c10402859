import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { RateCounter, type RateRule, type RateVerdict } from '../../rate-limit/rate-counter.port.js';
import { CallerWindows } from './caller-windows.js';

/** Counts what comes to this node. */
@Injectable()
export class MemoryRateCounter extends RateCounter {
  private readonly byRule = new Map<string, CallerWindows>();

  constructor(private readonly clock: Clock) {
    super();
  }

  override async take(rule: RateRule, caller: string): Promise<RateVerdict> {
    let windows = this.byRule.get(rule.name);
    if (!windows) this.byRule.set(rule.name, (windows = new CallerWindows()));
    return windows.take(rule, caller, this.clock.now());
  }

  override async giveBack({ name }: RateRule, caller: string, { takenAt }: RateVerdict): Promise<void> {
    if (takenAt !== undefined) this.byRule.get(name)?.giveBack(caller, takenAt);
  }
}
