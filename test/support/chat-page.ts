import { useChat } from '@ai-sdk/react';
import { DefaultChatTransport, type UIMessage } from 'ai';
import { JSDOM } from 'jsdom';
import { createElement, type ReactElement } from 'react';
import type { Root } from 'react-dom/client';
import { within } from './within.js';

type Chat = ReturnType<typeof useChat>;

/** A page with an unmodified `useChat`, in a window of its own. */
export class ChatPage {
  private readonly dom = new JSDOM('<main></main>', { url: 'http://localhost/' });
  private root: Root | undefined;
  private current: Chat | undefined;
  private readonly watchers = new Set<() => void>();
  readonly errors: Error[] = [];

  constructor(
    private readonly api: string,
    private readonly token: string,
    readonly id: string,
  ) {}

  /** Shows the page; with `resume` as after a reload. */
  async open(messages: UIMessage[] = [], resume = false): Promise<this> {
    const { window } = this.dom;
    Object.assign(globalThis, { window, document: window.document });
    const { createRoot } = await import('react-dom/client');
    this.root = createRoot(window.document.querySelector('main')!);
    const transport = new DefaultChatTransport({ api: this.api, headers: { Authorization: `Bearer ${this.token}` } });
    const onError = (error: Error) => void this.errors.push(error);
    const Page = (): ReactElement => {
      this.current = useChat({ id: this.id, transport, messages, resume, onError });
      queueMicrotask(() => this.watchers.forEach((look) => look()));
      return createElement('p', null, this.text);
    };
    this.root.render(createElement(Page));
    await this.until(() => this.current !== undefined);
    return this;
  }

  get chat(): Chat {
    return this.current!;
  }

  get last(): UIMessage | undefined {
    return this.current?.messages.at(-1);
  }

  /** The text of the last message. */
  get text(): string {
    return (this.last?.parts ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('');
  }

  async until(condition: () => boolean): Promise<void> {
    const met = new Promise<void>((resolve) => {
      const look = () => condition() && resolve();
      this.watchers.add(look);
      look();
    });
    await within('what the page waits for', met, 10_000);
  }

  /** Goes away without a word, as a reload does. */
  close(): void {
    this.root?.unmount();
  }
}
