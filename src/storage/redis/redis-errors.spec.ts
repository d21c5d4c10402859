import { connect } from 'node:net';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { RunLogRefusal } from '../../run/run-log.port.js';
import { isUnreachable, toRedisError } from './redis-errors.js';

const reply = (message: string): Error => Object.assign(new Error(message), { name: 'ReplyError' });

describe('An error of Redis', () => {
  it.each([
    new Error('Connection is closed.'),
    new Error('Command timed out'),
    new Error("Stream isn't writeable and enableOfflineQueue options is false"),
    new Error('Reached the max retries per request limit (which is 0).'),
    reply('LOADING Redis is loading the dataset in memory'),
    reply("OOM command not allowed when used memory > 'maxmemory'."),
    reply("READONLY You can't write against a read only replica."),
    new TalksyError('STORE_UNAVAILABLE'),
  ])('passes by itself: %s', (error) => {
    expect(isUnreachable(error)).toBe(true);
    expect(toRedisError(error)).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('passes by itself where nobody listens', async () => {
    const error = await new Promise((resolve) => connect(1, '127.0.0.1').once('error', resolve));
    expect(isUnreachable(error)).toBe(true);
  });

  it.each([
    reply('WRONGTYPE Operation against a key holding the wrong kind of value'),
    reply('ERR unknown command'),
    new RunLogRefusal('stale-epoch', 'run'),
    new TalksyError('NOT_FOUND'),
    new TypeError('a bug'),
    'text',
  ])('is no outage and stays what it is: %s', (error) => {
    expect(isUnreachable(error)).toBe(false);
    expect(toRedisError(error)).toBe(error);
  });
});
