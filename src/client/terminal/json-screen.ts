import type { AnswerFact, ChatScreen } from './chat-screen.js';
import type { TerminalStreams } from './streams.js';

/** A chat for programs: one JSON object a line, `type` says of what. */
export class JsonScreen implements ChatScreen {
  constructor(private readonly output: TerminalStreams['output']) {}

  say(line: string): void {
    this.put({ type: 'info', message: line });
  }

  warn(message: string): void {
    this.put({ type: 'error', message });
  }

  write(text: string): void {
    this.put({ type: 'text', text });
  }

  wait(): void {}

  finishLine(): void {}

  note(fact: AnswerFact): boolean {
    if (fact.type === 'tool') this.put({ ...fact.step, type: 'tool' });
    else this.put({ ...fact.end, type: 'end', text: fact.text });
    return true;
  }

  private put(line: object): void {
    this.output.write(`${JSON.stringify(line)}\n`);
  }
}
