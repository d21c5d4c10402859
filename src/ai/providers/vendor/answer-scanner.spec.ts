import { randomFrom } from '../../../../test/support/repeatable-random.js';
import type { ModelPart, ModelRequest } from '../../chat-model.port.js';
import { AnswerScanner } from './answer-scanner.js';
import { CompletionAnswer } from './completion-answer.js';
import type { CompletionChunk } from './completion-chunk.js';
import { PacketText } from './packet-text.js';

const REQUEST: ModelRequest = { model: 'm', messages: [{ role: 'user', content: 'hi' }], requestId: 'r' };
const ROUNDS = 300;

const TEXTS = [
  'Hello',
  ' wörld',
  ' 世界',
  '🙂',
  '\ud83d',
  '\ude00',
  '"quoted"',
  '\\',
  '\n\n',
  ' {"a":1}',
  '',
  'data: x',
  '\u0000',
];

/** A stream such as no sane vendor would send, but a legal one. */
function randomChunks(random: () => number): object[] {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!;
  const meta = { id: `c-${Math.floor(random() * 9)}`, model: pick(['m', 'a/b', 'Ünïcode']) };
  const padding = random() < 0.5;
  const chunks: object[] = [];
  for (let n = 0; n < 12; n++) {
    const content = pick(TEXTS) + pick(TEXTS);
    const kind = random();
    const delta =
      kind < 0.75
        ? { content }
        : kind < 0.8
          ? { role: 'assistant', content }
          : kind < 0.85
            ? { reasoning: content }
            : kind < 0.9
              ? { content: null, refusal: content }
              : { tool_calls: [{ index: n % 2, id: `call_${n % 2}`, function: { name: 'f', arguments: '{}' } }] };
    const finish = random() < 0.03 ? 'stop' : null;
    const choice = { index: random() < 0.05 ? 1 : 0, delta, logprobs: null, finish_reason: finish };
    const usage = random() < 0.1 ? { prompt_tokens: n, completion_tokens: n } : null;
    const pad = padding ? { obfuscation: 'x'.repeat(Math.floor(random() * 5)) } : {};
    chunks.push({ ...meta, choices: random() < 0.05 ? [] : [choice], ...(random() < 0.5 && { usage }), ...pad });
  }
  return [...chunks, { ...meta, choices: [{ index: 0, delta: {}, finish_reason: pick(['stop', 'length']) }] }];
}

function randomPackets(bytes: Buffer, random: () => number): Buffer[] {
  const packets: Buffer[] = [];
  const size = random() < 0.3 ? 1 : 1 + Math.floor(random() * 400);
  for (let at = 0; at < bytes.length;) {
    const end = at + 1 + Math.floor(random() * size);
    packets.push(bytes.subarray(at, end));
    at = end;
  }
  return packets;
}

/** Parts with texts joined: where a text is cut is nobody's business. */
function normal(parts: readonly ModelPart[]): ModelPart[] {
  const joined: ModelPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.type === 'activity') continue;
    if (part.type === 'text' && last?.type === 'text') last.text += part.text;
    else joined.push({ ...part });
  }
  return joined;
}

function parsed(chunks: readonly object[]): ModelPart[] {
  const answer = new CompletionAnswer(REQUEST);
  const parts = chunks.flatMap((chunk) => answer.add(JSON.parse(JSON.stringify(chunk)) as CompletionChunk));
  return [...parts, ...answer.end()];
}

function scanned(packets: readonly Buffer[]): ModelPart[] {
  const answer = new CompletionAnswer(REQUEST);
  const scanner = new AnswerScanner(answer);
  const text = new PacketText();
  return [...packets.flatMap((packet) => scanner.take(text.take(packet))), ...answer.end()];
}

const textOf = (events: readonly string[]): string => events.map((data) => `data: ${data}\n\n`).join('');

describe('The scanner of answers', () => {
  it('reads any stream, cut anywhere, exactly as JSON.parse does', () => {
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const random = randomFrom(seed);
      const chunks = randomChunks(random);
      const packets = randomPackets(
        Buffer.from(textOf([...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'])),
        random,
      );
      expect({ seed, parts: normal(scanned(packets)) }).toEqual({ seed, parts: normal(parsed(chunks)) });
    }
  });

  it('gives one batch for what it is given, with its texts joined', () => {
    const scanner = new AnswerScanner(new CompletionAnswer(REQUEST));
    const events = ['a', 'b', 'c'].map((content) => JSON.stringify({ choices: [{ delta: { content } }] }));
    expect(scanner.take(textOf(events))).toEqual([{ type: 'text', text: 'abc' }]);
    expect(scanner.take(textOf(events).slice(0, 5))).toEqual([]);
  });

  it('reads nothing behind the end', () => {
    const scanner = new AnswerScanner(new CompletionAnswer(REQUEST));
    expect(scanner.done).toBe(false);
    expect(scanner.take(textOf(['[DONE]', 'no JSON at all']))).toEqual([]);
    expect(scanner.done).toBe(true);
  });

  it('refuses what is no JSON', () => {
    const scanner = new AnswerScanner(new CompletionAnswer(REQUEST));
    expect(() => scanner.take(textOf(['{"choices":[']))).toThrow(SyntaxError);
  });
});
