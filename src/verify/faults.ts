import type { CheckedStream } from './checked-stream.js';
import type { Fault, FaultStage } from './fault.js';

const PAUSE_MS = 10_000;
const REDIS_PAUSE_MS = 3000;
const AWAY_MS = 1500;
const NETWORK_CUT_MS = 4000;
/** Cuts of one client's connection within one answer. */
const CUTS = 10;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const all = (): boolean => true;
const ofFirstNode = ({ home }: CheckedStream): boolean => home === 0;

/** The owner of a third of the answers dies without a word, and comes back later. */
export const OWNER_KILLED: Fault = {
  name: 'kill -9 of the owner',
  impliesTakeover: true,
  touches: ofFirstNode,
  stage: async ({ fleet }) => {
    await fleet.nodes[0]!.end('SIGKILL');
    await fleet.nodes[0]!.start();
  },
};

/** The owner stands still, its answers are taken over, and it wakes up in the belief that they are its own. */
export const OWNER_PAUSED: Fault = {
  name: 'owner stopped for 10 s, then woken',
  impliesTakeover: true,
  touches: ofFirstNode,
  stage: async ({ fleet }) => {
    fleet.nodes[0]!.signal('SIGSTOP');
    await pause(PAUSE_MS);
    fleet.nodes[0]!.signal('SIGCONT');
  },
};

/** Every node in turn is told to end and started again, as a rolling deploy does. */
export const ROLLING_RESTART: Fault = {
  name: 'rolling SIGTERM of all nodes',
  impliesTakeover: true,
  touches: ofFirstNode,
  stage: async ({ fleet }) => {
    for (const node of fleet.nodes) {
      await node.end('SIGTERM');
      await node.start();
    }
  },
};

/** Clients lose their connection again and again, at random points of the answer. */
export const CLIENT_CUTS: Fault = {
  name: 'client cuts at random points',
  impliesTakeover: false,
  touches: all,
  cuts: () => Array.from({ length: CUTS }, () => Math.floor(Math.random() * 100)),
  stage: async () => undefined,
};

/** Redis hears and answers nobody for a while, with every connection open. */
export const REDIS_PAUSED: Fault = {
  name: 'Redis stands still for 3 s',
  impliesTakeover: false,
  touches: all,
  stage: async ({ fleet }) => {
    for (const way of fleet.redisWays) await way.break('stall');
    await pause(REDIS_PAUSE_MS);
    for (const way of fleet.redisWays) await way.heal();
  },
};

/** Redis hears what it is told, and no answer comes back: connections that are open on one side only. */
export const REDIS_DEAF: Fault = {
  name: 'answers of Redis get lost for 3 s',
  impliesTakeover: false,
  touches: all,
  stage: async ({ fleet }) => {
    for (const way of fleet.redisWays) await way.break('deaf');
    await pause(REDIS_PAUSE_MS);
    for (const way of fleet.redisWays) await way.heal();
  },
};

/** Connections to Redis are cut in the middle of commands, some before and some after they arrived. */
export const REDIS_CUT_UP: Fault = {
  name: 'one in 20 commands to Redis is cut, 3 s',
  impliesTakeover: false,
  touches: all,
  stage: async ({ fleet }) => {
    for (const way of fleet.redisWays) way.cutOneIn(20);
    await pause(REDIS_PAUSE_MS);
    for (const way of fleet.redisWays) await way.heal();
  },
};

/** One node cannot reach Redis, while the others can. */
export const NETWORK_CUT: Fault = {
  name: 'network cut between a node and Redis',
  impliesTakeover: false,
  touches: ofFirstNode,
  stage: async ({ fleet }) => {
    await fleet.redisWays[0]!.break('refuse');
    await pause(NETWORK_CUT_MS);
    await fleet.redisWays[0]!.heal();
  },
};

/** Redis ends with all it held, and begins anew, empty. */
export const REDIS_RESTARTED: Fault = {
  name: 'Redis restarts, emptied',
  impliesTakeover: false,
  touches: all,
  missing: ({ redis }: FaultStage) => (redis ? undefined : 'this Redis is not ours to restart'),
  stage: async ({ redis }) => {
    await redis!.stop();
    await pause(AWAY_MS);
    await redis!.start();
  },
};

/** Nobody can reach the database for a while, and its connections are reset. */
export const DATABASE_AWAY: Fault = {
  name: 'PostgreSQL out of reach for 1.5 s',
  impliesTakeover: false,
  touches: all,
  stage: async ({ fleet }) => {
    for (const way of fleet.databaseWays) await way.break('refuse');
    await pause(AWAY_MS);
    for (const way of fleet.databaseWays) await way.heal();
  },
};

/** The database server restarts. */
export const DATABASE_RESTARTED: Fault = {
  name: 'PostgreSQL restarts',
  impliesTakeover: false,
  touches: all,
  missing: ({ postgres }: FaultStage) => (postgres ? undefined : 'this PostgreSQL is not ours to restart'),
  stage: async ({ postgres }) => {
    await postgres!.stop();
    await postgres!.start();
  },
};

/** Every fault, in the order of the table. */
export const FAULTS: readonly Fault[] = [
  OWNER_KILLED,
  OWNER_PAUSED,
  ROLLING_RESTART,
  CLIENT_CUTS,
  REDIS_PAUSED,
  REDIS_DEAF,
  REDIS_CUT_UP,
  NETWORK_CUT,
  REDIS_RESTARTED,
  DATABASE_AWAY,
  DATABASE_RESTARTED,
];
