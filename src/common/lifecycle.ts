export type LifecyclePhase = 'starting' | 'ready' | 'draining';

/** Where the server stands between boot and end; only the bootstrap moves it on, and never back. */
export class Lifecycle {
  private current: LifecyclePhase = 'starting';

  get phase(): LifecyclePhase {
    return this.current;
  }

  markReady(): void {
    if (this.current === 'starting') this.current = 'ready';
  }

  beginDraining(): void {
    this.current = 'draining';
  }
}
