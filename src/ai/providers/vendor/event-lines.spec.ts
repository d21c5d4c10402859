import { EventLines } from './event-lines.js';

function read(...texts: string[]): string[] {
  const lines = new EventLines();
  return texts.flatMap((text) => lines.take(text));
}

describe('Server-sent events', () => {
  it.each([
    ['an event', ['data: a\n\n'], ['a']],
    ['several in one packet', ['data: a\n\ndata: b\n\n'], ['a', 'b']],
    ['one cut anywhere', 'data: abc\n\n'.split(''), ['abc']],
    ['lines that end in CRLF, cut between the two', ['data: a\r', '\n\r', '\ndata: b\r\n\r\n'], ['a', 'b']],
    ['data without the blank', ['data:a\n\n'], ['a']],
    ['data of several lines', ['data: a\ndata: b\n\n'], ['a\nb']],
    ['comments, names and ids', [': hello\n\nevent: x\nid: 3\nretry: 1\ndata: a\n\n'], ['a']],
    ['a byte order mark', ['', '\uFEFFdata: a\n\n', '\uFEFFdata: b\n\n'], ['a']],
    ['empty data', ['data:\n\ndata: \n\n\n\n'], []],
    ['an event whose blank line never came', ['data: a\n'], []],
    ['a page of HTML', ['<html>\n\n<p>Hello</p>\n\n'], []],
  ])('are read from %s', (_case, texts, events) => {
    expect(read(...texts)).toEqual(events);
  });

  it('have an end', () => {
    const lines = new EventLines();
    const megabyte = 'a'.repeat(1024 * 1024);
    expect(() => lines.take(`data: ${megabyte}`)).toThrow(expect.objectContaining({ code: 'PROVIDER_ERROR' }));
    const many = new EventLines();
    expect(() => many.take(`data: ${'a'.repeat(100)}\n`.repeat(11_000))).toThrow(
      expect.objectContaining({ code: 'PROVIDER_ERROR' }),
    );
  });
});
