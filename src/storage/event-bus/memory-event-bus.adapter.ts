import { Injectable, Logger } from '@nestjs/common';
import { type ControlEventName, type ControlEvents, EventBus } from '../../common/event-bus.port.js';

type Listener = (event: never) => void;

/** Control events within one process. */
@Injectable()
export class MemoryEventBus extends EventBus {
  private readonly logger = new Logger(MemoryEventBus.name);
  private readonly listeners = new Map<ControlEventName, Set<Listener>>();

  override async publish<N extends ControlEventName>(name: N, event: ControlEvents[N]): Promise<void> {
    for (const listener of this.listeners.get(name) ?? []) {
      try {
        listener(event as never);
      } catch (error) {
        this.logger.error({ err: error }, `a listener of ${name} failed`);
      }
    }
  }

  override subscribe<N extends ControlEventName>(name: N, listener: (event: ControlEvents[N]) => void): () => void {
    const listeners = this.listeners.get(name) ?? new Set<Listener>();
    this.listeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }
}
