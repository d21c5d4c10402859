import { ProviderFailure } from '../../provider-failure.js';

/** Longest event, in UTF-16 units; what is longer is no model's chunk. */
const MAX_EVENT = 1024 * 1024;
const RETURN = 13;

/**
 * The data of server-sent events, from text cut anywhere (WHATWG HTML, 9.2.6, with lines that end in LF or CRLF). An
 * event counts when its blank line has come; comments and other fields are passed over.
 */
export class EventLines {
  private rest = '';
  private data: string | undefined;
  private begun = false;

  /** The data of each event that the text completes. Throws PROVIDER_ERROR for an event without end. */
  take(text: string): string[] {
    const events: string[] = [];
    const unread = this.withoutMark(text);
    const all = this.rest + unread;
    let at = 0;
    for (let end = all.indexOf('\n', this.rest.length); end >= 0; end = all.indexOf('\n', at)) {
      this.addLine(all.slice(at, end > at && all.charCodeAt(end - 1) === RETURN ? end - 1 : end), events);
      at = end + 1;
    }
    this.rest = all.slice(at);
    if (this.rest.length + (this.data?.length ?? 0) > MAX_EVENT) {
      throw new ProviderFailure('PROVIDER_ERROR', 'faulty', { cause: new Error('an event without end') });
    }
    return events;
  }

  private addLine(line: string, events: string[]): void {
    if (line === '') {
      if (this.data) events.push(this.data);
      this.data = undefined;
    } else if (line.startsWith('data:')) {
      const value = line.slice(line[5] === ' ' ? 6 : 5);
      this.data = this.data === undefined ? value : `${this.data}\n${value}`;
    }
  }

  /** The text, without the byte order mark that a stream may begin with. */
  private withoutMark(text: string): string {
    if (this.begun || text === '') return text;
    this.begun = true;
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  }
}
