import { FakeClock } from '../../../test/support/fake-clock.js';
import { CurrentTimeTool } from './current-time.tool.js';

const tool = new CurrentTimeTool(new FakeClock(Date.UTC(2026, 6, 1, 22, 30)));

describe('The clock that models may ask', () => {
  it('knows the time in UTC and anywhere else', () => {
    expect(tool.execute({})).toEqual({
      utc: '2026-07-01T22:30:00.000Z',
      timeZone: 'UTC',
      local: '1 July 2026 at 22:30:00',
      offset: 'GMT+00:00',
      weekday: 'Wednesday',
    });
    expect(tool.execute({ timeZone: 'Europe/Berlin' })).toMatchObject({
      local: '2 July 2026 at 00:30:00',
      offset: 'GMT+02:00',
      weekday: 'Thursday',
    });
  });

  it('says what a time zone is', () => {
    expect(() => tool.execute({ timeZone: 'Mars/Base' })).toThrow(/"Mars\/Base" is no IANA time zone; use a name such/);
  });
});
