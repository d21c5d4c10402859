import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { requestIdMiddleware, requestIdOf } from './request-id.js';

const requestWith = (id?: string): IncomingMessage => {
  const request = new IncomingMessage(new Socket());
  if (id !== undefined) request.headers['x-request-id'] = id;
  return request;
};

describe('Talksy’s request ids', () => {
  it.each(['a', 'my-id_1.2', 'x'.repeat(128)])('are the caller’s where they are sane: %s', (id) => {
    expect(requestIdOf(requestWith(id))).toBe(id);
  });

  it.each(['', 'two words', 'a\nb', 'ünsafe', '<b>', 'x'.repeat(129)])('are new where they are not: %j', (id) => {
    expect(requestIdOf(requestWith(id))).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
  });

  it('stay the same, differ by request, and go out with the answer', () => {
    const request = requestWith();
    const response = new ServerResponse(request);
    let passed = false;
    requestIdMiddleware(request, response, () => {
      passed = true;
    });
    expect(passed).toBe(true);
    expect(response.getHeader('x-request-id')).toBe(requestIdOf(request));
    expect(requestIdOf(requestWith())).not.toBe(requestIdOf(request));
  });
});
