import { Counter, Rate, Trend } from 'k6/metrics';

export const connecting = new Trend('talksy_connecting', true);
export const firstChunk = new Trend('talksy_first_chunk', true);
export const answering = new Trend('talksy_answering', true);
export const toolCalls = new Trend('talksy_tool_calls', true);
export const chunks = new Counter('talksy_chunks');
/** Answers that came whole: no index missing, none twice, and an end. */
export const whole = new Rate('talksy_whole_answers');
export const limited = new Rate('talksy_limited_as_promised');
