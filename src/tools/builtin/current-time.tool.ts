import { Clock } from '../../common/clock.js';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { Tool } from '../tool.decorator.js';
import { ToolHandler } from '../tool.js';

/** What the time is somewhere. */
export interface TimeSomewhere {
  /** ISO 8601, UTC. */
  utc: string;
  timeZone: string;
  /** As people there would write it. */
  local: string;
  /** From UTC, such as GMT+02:00. */
  offset: string;
  weekday: string;
}

/** The time of day, anywhere. */
@Tool({
  name: 'current_time',
  description:
    'Returns the present date and time, in UTC and in a time zone. Use it whenever "now" or "today" matters.',
  category: 'utility',
  version: '1.0.0',
  idempotent: true,
  parameters: {
    type: 'object',
    properties: {
      timeZone: {
        type: 'string',
        maxLength: 64,
        examples: ['UTC'],
        description: 'An IANA time zone such as Europe/Berlin; UTC where it is left out.',
      },
    },
    additionalProperties: false,
  },
})
export class CurrentTimeTool extends ToolHandler<{ timeZone?: string }> {
  constructor(private readonly clock: Clock) {
    super();
  }

  override execute({ timeZone = 'UTC' }: { timeZone?: string }): TimeSomewhere {
    const now = new Date(this.clock.now());
    const formatted = (options: Intl.DateTimeFormatOptions): string => {
      try {
        return new Intl.DateTimeFormat('en-GB', { timeZone, ...options }).format(now);
      } catch (error) {
        const message = `"${timeZone}" is no IANA time zone; use a name such as Europe/Berlin or America/New_York.`;
        throw new TalksyError('VALIDATION_ERROR', message, { cause: error });
      }
    };
    const offset = formatted({ timeZoneName: 'longOffset' }).split(', ').at(-1)!;
    return {
      utc: now.toISOString(),
      timeZone,
      local: formatted({ dateStyle: 'long', timeStyle: 'medium' }),
      offset: offset === 'GMT' ? 'GMT+00:00' : offset,
      weekday: formatted({ weekday: 'long' }),
    };
  }
}
