import type { Response } from 'express';

/** Aborts when the response's connection ends, whoever ended it. */
export function goneSignal(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  if (response.closed) gone.abort();
  return gone.signal;
}
