import { summarizeError, type TalksyError } from '../../../common/errors/talksy-error.js';
import { isTerminal, type RunRecord } from '../../../run/run-event.js';
import { toOpenAiError } from '../openai-error.js';
import type { ResponseFold } from './response-fold.js';

/** A response's events as server-sent events, numbered from 0; those up to `after` are left out. */
export class ResponseFrames {
  private next = 0;

  constructor(
    private readonly fold: ResponseFold,
    private readonly after = -1,
  ) {}

  framesOf(record: RunRecord): string {
    let frames = '';
    for (const event of this.fold.apply(record)) {
      const number = this.next++;
      if (number > this.after) frames += frameOf(event.type, number, { ...event, sequence_number: number });
    }
    return isTerminal(record) ? `${frames}data: [DONE]\n\n` : frames;
  }

  errorFrames(error: TalksyError): string {
    return frameOf('error', this.next, errorEvent(error, this.next));
  }
}

/** Tells of an error in the middle of a stream: in the words of the specification, and in those of OpenAI's SDKs. */
function errorEvent(error: TalksyError, sequenceNumber: number): object {
  const told = toOpenAiError({ ...summarizeError(error), requestId: '' }).body.error;
  const { code, message, param } = told;
  return { type: 'error', sequence_number: sequenceNumber, code, message, param, error: told };
}

const frameOf = (type: string, id: number, data: object): string =>
  `event: ${type}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
