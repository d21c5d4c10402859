import { findMisspelt } from './misspelt.js';
import { VARIABLE_GROUPS } from './variables/groups.js';

describe('A misspelt variable', () => {
  it.each([
    ['DATABASE_URI', 'DATABASE_URL'],
    ['AI_PROVDER', 'AI_PROVIDER'],
    ['JWT_SERCET', 'JWT_SECRET'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['data_dir', 'DATA_DIR'],
    ['TALKSY_PORT', 'PORT'],
    ['TALKSY_LOG_LEVL', 'LOG_LEVEL'],
    ['RUN_TIMEOUT', 'RUN_TIMEOUT_MS'],
    ['AI_MOCK_TOKEN', 'AI_MOCK_TOKENS'],
  ])('%s is taken for %s', (given, meant) => {
    expect(findMisspelt({ [given]: 'x' })).toEqual([{ given, meant }]);
  });

  it('matters only when it is set', () => {
    expect(findMisspelt({ DATABASE_URI: ' ', AI_PROVDER: undefined })).toEqual([]);
  });
});

describe('No misspelt variable', () => {
  it('is among those of this version and of later ones', () => {
    const known = VARIABLE_GROUPS.flatMap((group) => Object.keys(group.variables));
    expect(findMisspelt(Object.fromEntries(known.map((name) => [name, 'x'])))).toEqual([]);
  });

  it('is found in an ordinary environment', () => {
    const ordinary =
      'PATH HOME HOSTNAME HOSTTYPE PWD OLDPWD SHELL SHLVL USER LOGNAME LANG LC_ALL TERM TERM_PROGRAM TMPDIR TZ EDITOR ' +
      'PORT_FOO PORTS LOG_PATH LOG_DIR LOG_FILE NODE_PATH NODE_OPTIONS NODE_VERSION NODE_EXTRA_CA_CERTS npm_config_loglevel ' +
      'npm_package_name INIT_CWD DISPLAY DOCKER_HOST HTTP_PROXY HTTPS_PROXY http_proxy NO_PROXY PGHOST PGDATA POSTGRES_DB ' +
      'POSTGRES_PASSWORD DATABASE_HOST OPENAI_ORG_ID OPENAI_PROJECT_ID GROQ_ORG KUBERNETES_SERVICE_HOST SSH_AUTH_SOCK ' +
      'XDG_DATA_DIRS XDG_SESSION_ID SESSION_MANAGER DBUS_SESSION_BUS_ADDRESS CI GITHUB_ACTIONS VIRTUAL_ENV JAVA_HOME ' +
      'ANTHROPIC_API_KEY AWS_REGION AI_MODEL COLORTERM FORCE_COLOR JEST_WORKER_ID TEST_DATABASE_URL TEST_REDIS_URL';
    expect(findMisspelt(Object.fromEntries(ordinary.split(' ').map((name) => [name, 'x'])))).toEqual([]);
  });
});
