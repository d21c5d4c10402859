import { useEffect, useReducer } from 'preact/hooks';

/** Something that is shown: whoever shows it is told when it has changed, at most once a frame. */
export class Store {
  private readonly watchers = new Set<() => void>();
  private isDue = false;

  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  protected changed(): void {
    if (this.isDue) return;
    this.isDue = true;
    requestAnimationFrame(() => {
      this.isDue = false;
      for (const watcher of this.watchers) watcher();
    });
  }
}

/** Renders the component anew whenever the store changes. */
export function useStore<S extends Store>(store: S): S {
  const [, render] = useReducer((count: number) => count + 1, 0);
  useEffect(() => store.watch(() => render(undefined)), [store]);
  return store;
}
