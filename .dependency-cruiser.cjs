/**
 * The rooms of docs/architecture.md and the arrows between them. A rule's comment says where the thing belongs; when
 * an arrow forbids what is right, change it here and in an ADR, not around it. Tests may compose what they need.
 */

/** Which rooms each room may import, besides itself. What stands nowhere here is an edge and has its own rule below. */
const ARROWS = {
  common: [],
  config: ['common'],
  observability: ['common', 'config'],
  'rate-limit': ['common', 'config', 'observability'],
  cache: ['common', 'config', 'observability', 'rate-limit'],
  user: ['common', 'config', 'observability', 'rate-limit', 'cache'],
  auth: ['common', 'config', 'observability', 'rate-limit', 'cache', 'user'],
  ai: ['common', 'config', 'observability'],
  conversation: ['common', 'config', 'observability'],
  tools: ['common', 'config', 'observability', 'rate-limit', 'conversation'],
  session: ['common', 'config', 'observability', 'conversation'],
  run: ['common', 'config', 'observability', 'rate-limit', 'ai', 'conversation', 'tools'],
};

/** Why a room may know so little, for those whose reason is not obvious. */
const REASONS = {
  common: 'common/ knows nobody: what needs another room belongs in that room, behind a port if common/ must call it.',
  config: 'config/ only reads variables: hand the slice to whoever acts on it.',
  ai: 'ai/ is one answer of one model: who asked, for which conversation and where it goes is decided in run/.',
  conversation: 'conversation/ is what is durable: what an answer is made of belongs in run/.',
  session: 'session/ and run/ stand side by side: what needs both is composed in gateway/.',
  run: 'run/ knows nobody who listens: sessions and sockets are composed in gateway/, tables in storage/ behind a port.',
};

const ROOMS = Object.keys(ARROWS);
const TEST = '\\.(spec|e2e-spec)\\.ts$';
const CONTRACT = '\\.contract\\.ts$';
const any = (names) => `(${names.join('|')})`;

const arrows = ROOMS.map((room) => ({
  name: `arrows-of-${room}`,
  severity: 'error',
  comment:
    REASONS[room] ??
    `${room}/ may import ${ARROWS[room].join(', ')} only: move the thing to a room further left, or put a port there.`,
  from: { path: `^src/${room}/`, pathNot: TEST },
  to: {
    path: '^src/[^/]+/',
    pathNot: `^src/${any([room, ...ARROWS[room], 'gateway', 'storage', 'health', 'client'])}/`,
  },
}));

/** A package that only some files may import. */
const kept = (name, packages, keepers, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: '^src/', pathNot: [TEST, ...keepers] },
  to: { path: packages.map((found) => `(^|node_modules/)${found}(/|$)`) },
});

module.exports = {
  forbidden: [
    ...arrows,
    {
      name: 'edges-are-imported-by-bootstrap-only',
      severity: 'error',
      comment:
        'gateway/, storage/ and health/ are edges: only app.module, main and the bootstrap files in src/ know them. A ' +
        'room that needs storage declares a port; a type that others need belongs in the room that owns the idea.',
      from: { path: '^src/([^/]+)/', pathNot: [TEST, '^src/verify/', '^src/cli/'] },
      to: { path: '^src/(gateway|storage|health|verify|cli)/', pathNot: '^src/$1/' },
    },
    {
      name: 'verify-drives-processes',
      severity: 'error',
      comment:
        'verify/ tries the server as a client does, over processes and sockets: of its code it may use config/ and the ' +
        'scratch stores only.',
      from: { path: '^src/verify/', pathNot: TEST },
      to: { path: '^src/', pathNot: ['^src/verify/', '^src/config/', '^src/storage/scratch-stores\\.ts$'] },
    },
    {
      name: 'bootstrap-is-imported-by-nobody',
      severity: 'error',
      comment: 'The files directly in src/ put the rooms together: what a room needs of them belongs in common/.',
      from: { path: '^src/[^/]+/', pathNot: '^src/cli/' },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    {
      name: 'subfolders-are-private',
      severity: 'error',
      comment:
        "A room's subfolders are its own: import a top-level file of that room, or move the part up if others may use it.",
      from: { path: '^src/([^/]+)/', pathNot: [TEST, '^src/cli/'] },
      // common/errors is the one table that everybody throws from.
      to: { path: '^src/[^/]+/[^/]+/', pathNot: ['^src/$1/', '^src/common/errors/'] },
    },
    {
      name: 'storage-sees-ports-only',
      severity: 'error',
      comment:
        'storage/ implements the ports of other rooms and uses their types: behaviour it would call belongs above the port.',
      from: { path: '^src/storage/', pathNot: TEST },
      to: {
        path: '^src/(?!storage/)[^/]+/.*\\.(service|module|controller|guard|filter|interceptor|gateway|provider|dto)\\.ts$',
      },
    },
    {
      name: 'client-stands-alone',
      severity: 'error',
      comment: 'client/ runs on other machines: it has its own wire types, and a test compares them with the server.',
      from: { path: '^src/client/', pathNot: TEST },
      to: { path: '^src/', pathNot: '^src/client/' },
    },
    {
      name: 'server-needs-no-client',
      severity: 'error',
      comment: 'client/ is for users: what the server shares with it is the protocol, not code.',
      from: { path: '^src/', pathNot: [TEST, '^src/client/', '^src/cli/'] },
      to: { path: '^src/client/' },
    },
    {
      name: 'client-families-are-siblings',
      severity: 'error',
      comment: 'One folder for each client family: what two of them need belongs in gateway/delivery or in the engine.',
      from: { path: '^src/gateway/(assistant|chat|project-chat|openai|ui-stream|mcp|playground)/', pathNot: TEST },
      to: {
        path: '^src/gateway/(assistant|chat|project-chat|openai|ui-stream|mcp|playground)/',
        pathNot: '^src/gateway/$1/',
      },
    },
    kept(
      'drivers-stay-in-storage',
      ['ioredis', 'pg', 'pg-[^/]+', '@types/pg', '@electric-sql/[^/]+', 'kysely'],
      ['^src/storage/'],
      'Only storage/ knows a database driver: declare a port in your room and implement it in storage/.',
    ),
    kept(
      'metrics-stay-in-observability',
      ['prom-client'],
      ['^src/observability/'],
      'Only observability/ knows Prometheus: rooms count through its Metrics.',
    ),
    kept(
      'model-sdks-stay-in-providers',
      ['openai', 'groq-sdk'],
      ['^src/ai/providers/'],
      'Only ai/providers/ knows a vendor: everything else speaks to the ChatModel port.',
    ),
    kept(
      'sockets-stay-in-gateway',
      ['socket\\.io', 'ws', '@types/ws', '@socket\\.io/[^/]+', '@nestjs/(websockets|platform-socket\\.io)'],
      ['^src/gateway/', '^src/storage/socket-io/'],
      'Only gateway/ and storage/socket-io know sockets: rooms take plain values (a credential, a user id, a signal).',
    ),
    {
      name: 'projections-are-pure',
      severity: 'error',
      comment: 'A projection is a pure fold over the log: what needs a package or a socket belongs in its delivery.',
      from: { path: '\\.projection\\.ts$' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'core'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'ESM injectables in a cycle fail at start: split off what both sides need, or let one side take a port.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-test-code-in-the-product',
      severity: 'error',
      comment: 'What runs in production must not import tests, contracts or test/support: they are not in the build.',
      from: { path: '^src/', pathNot: [TEST, CONTRACT] },
      to: { path: ['^test/', TEST, CONTRACT] },
    },
    {
      name: 'no-development-packages-in-the-product',
      severity: 'error',
      comment: 'The image has no devDependencies: move the package to dependencies, or its use to a test.',
      // The playground is bundled when it is built.
      from: { path: '^src/', pathNot: [TEST, CONTRACT, '^src/client/playground/'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      comment: 'This import leads nowhere: correct the path (with its .js ending) or add the package to package.json.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: ['node_modules', '^test/'] },
    builtInModules: { add: ['node:sqlite'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
