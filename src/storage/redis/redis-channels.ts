import type { RedisConnections } from './redis-connections.js';

/** Somebody who listens to a channel. */
export interface ChannelListener {
  onMessage(message: string): void;
  /** The channel is heard again after a time in which messages may have been missed. */
  onGap(): void;
}

/** Ends with `end`; `ready` resolves when the channel is heard, or when it must wait for Redis to come back. */
export interface ChannelSubscription {
  readonly ready: Promise<void>;
  end(): void;
}

/**
 * Channels over the one subscriber connection, each subscribed once however many listen. Redis delivers a message at
 * most once: who must not miss one also looks from time to time, and whenever `onGap` says so.
 */
export class RedisChannels {
  private readonly channels = new Map<string, Set<ChannelListener>>();

  constructor(private readonly connections: RedisConnections) {
    connections.subscriber.on('message', (channel: string, message: string) => {
      for (const listener of this.channels.get(channel) ?? []) listener.onMessage(message);
    });
    connections.subscriber.on('ready', () => void this.renew());
  }

  /** @param name without the installation's prefix. */
  listen(name: string, listener: ChannelListener): ChannelSubscription {
    const channel = this.connections.key(name);
    const listeners = this.channels.get(channel);
    if (listeners) listeners.add(listener);
    else this.channels.set(channel, new Set([listener]));
    // Asked for again where it is subscribed already: then `ready` means so also to the second listener.
    const ready = this.quietly(this.connections.subscriber.subscribe(channel));
    return { ready, end: () => this.leave(channel, listener) };
  }

  private leave(channel: string, listener: ChannelListener): void {
    const listeners = this.channels.get(channel);
    if (!listeners?.delete(listener) || listeners.size > 0) return;
    this.channels.delete(channel);
    void this.quietly(this.connections.subscriber.unsubscribe(channel));
  }

  private async renew(): Promise<void> {
    const channels = [...this.channels.keys()];
    if (channels.length === 0) return;
    await this.quietly(this.connections.subscriber.subscribe(...channels));
    for (const channel of channels) for (const listener of this.channels.get(channel) ?? []) listener.onGap();
  }

  /** What fails is made good by `renew` when the connection is back. */
  private async quietly(command: Promise<unknown>): Promise<void> {
    await command.catch(() => undefined);
  }
}
