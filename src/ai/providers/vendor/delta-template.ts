import type { CompletionChunk } from './completion-chunk.js';

/** A vendor whose chunks differ in more than their text is not worth learning again and again. */
const MAX_VAIN_LESSONS = 8;
const PROBE = 'probe';
/** What a hole must not hold: an escape, or what JSON forbids in a string. */
// oxlint-disable-next-line no-control-regex
const UNPLAIN = /[\\\u0000-\u001f]/;

/** A JSON text with one or two strings left out: the delta's content and, at OpenAI, the padding behind it. */
interface Frame {
  head: string;
  foot: string;
  /** With padding, `foot` ends where it begins, and this is what follows it. */
  tail: string | undefined;
}

/**
 * Reads the text out of chunks without parsing them: all of one answer's text chunks are the same JSON but for their
 * text. The frame is learned from a chunk that was parsed, and proven by parsing it with other text in it; what does
 * not fit it exactly, or holds an escape, is left to JSON.parse.
 */
export class DeltaTemplate {
  private frame: Frame | undefined;
  private vainLessons = 0;

  /** The text of the chunk, or undefined where it must be parsed. */
  match(json: string): string | undefined {
    const { frame } = this;
    if (!frame || !holds(json, frame.head, 0)) return undefined;
    const from = frame.head.length;
    const to = json.indexOf('"', from);
    if (to < 0 || !fits(frame, json, to)) return undefined;
    const text = json.slice(from, to);
    if (UNPLAIN.test(text)) return undefined;
    this.vainLessons = 0;
    return text;
  }

  /** Takes the frame of this chunk, if it is nothing but text. */
  learn(json: string, chunk: CompletionChunk | null): void {
    const content = plainContent(chunk);
    if (!content || this.vainLessons >= MAX_VAIN_LESSONS) return;
    this.vainLessons++;
    const frame = frameOf(json, content);
    if (frame && isProven(frame, chunk!)) this.frame = frame;
  }
}

function fits({ foot, tail }: Frame, json: string, to: number): boolean {
  if (tail === undefined) return json.length === to + foot.length && holds(json, foot, to);
  const start = to + foot.length;
  const end = json.length - tail.length;
  if (end < start || !holds(json, foot, to) || !holds(json, tail, end)) return false;
  return json.indexOf('"', start) === end && !UNPLAIN.test(json.slice(start, end));
}

/** As `json.startsWith(part, at)`, which V8 does unit by unit and so ten times slower. */
const holds = (json: string, part: string, at: number): boolean => json.slice(at, at + part.length) === part;

/** The chunk's text, where text is all that it brings. */
function plainContent(chunk: CompletionChunk | null): string | undefined {
  const choice = chunk?.choices?.[0];
  if (!choice?.delta || chunk?.choices?.length !== 1) return undefined;
  if (choice.index || choice.finish_reason || chunk.usage || chunk.x_groq || chunk.error) return undefined;
  const { content, tool_calls: calls } = choice.delta;
  return calls?.length ? undefined : (content ?? undefined);
}

function frameOf(json: string, content: string): Frame | undefined {
  const key = /"content"\s*:\s*"/.exec(json);
  if (!key) return undefined;
  const from = key.index + key[0].length;
  if (!json.startsWith(`${content}"`, from)) return undefined;
  const head = json.slice(0, from);
  const foot = json.slice(from + content.length);
  const padding = /"obfuscation"\s*:\s*"/.exec(foot);
  if (!padding) return { head, foot, tail: undefined };
  const start = padding.index + padding[0].length;
  const end = foot.indexOf('"', start);
  return { head, foot: foot.slice(0, start), tail: foot.slice(end) };
}

/** Whether the frame around another text is the same chunk with that text. */
function isProven({ head, foot, tail }: Frame, chunk: CompletionChunk): boolean {
  const [choice] = chunk.choices!;
  const expected = {
    ...chunk,
    choices: [{ ...choice, delta: { ...choice!.delta, content: PROBE } }],
    ...(tail !== undefined && { obfuscation: PROBE }),
  };
  try {
    const probed: unknown = JSON.parse(`${head}${PROBE}${foot}${tail === undefined ? '' : PROBE + tail}`);
    return JSON.stringify(probed) === JSON.stringify(expected);
  } catch {
    return false;
  }
}
