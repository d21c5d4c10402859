import { useEffect, useRef } from 'preact/hooks';
import type { EventLog } from './event-log.js';
import { useStore } from './store.js';

/** What came over the connection, with each record's place in its run's log. */
export function EventLogPane({ log }: { log: EventLog }) {
  const { frames } = useStore(log);
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [frames]);
  return (
    <aside class="log" aria-label="Event log">
      <header>
        <h2>Events</h2>
        <button class="plain" onClick={() => log.clear()}>
          Clear
        </button>
      </header>
      <ol ref={list} tabIndex={0} aria-label="Events from the server">
        {frames.map(({ n, at, event, seq, payload }) => (
          <li key={n}>
            <span class="seq">{seq ?? ''}</span>
            <span class="event" title={at.toISOString()}>
              {event}
            </span>
            <code>{payload}</code>
          </li>
        ))}
      </ol>
    </aside>
  );
}
