const shared = {
  testEnvironment: '<rootDir>/test/support/coverage.environment.js',
  extensionsToTreatAsEsm: ['.ts'],
  setupFiles: ['<rootDir>/test/support/quiet-nest.setup.js'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
      },
    ],
  },
};

/** @type {import('jest').Config} */
export default {
  maxWorkers: 2,
  // What a file has loaded stays in its worker, which is slower with each: a new one now and then saves a third of the time.
  workerIdleMemoryLimit: '450MB',
  testTimeout: 40_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/src/**/*.spec.ts'],
      testPathIgnorePatterns: ['\\.adapter\\.spec\\.ts$'],
    },
    { ...shared, displayName: 'integration', testMatch: ['<rootDir>/src/**/*.adapter.spec.ts'] },
    {
      ...shared,
      displayName: 'e2e',
      globalSetup: '<rootDir>/test/support/build.setup.js',
      testMatch: ['<rootDir>/test/**/*.spec.ts', '<rootDir>/test/**/*.e2e-spec.ts'],
    },
  ],
  reporters: ['default', '<rootDir>/test/support/closing-line.reporter.js'],
  collectCoverageFrom: [
    'src/**/*.ts',
    '!src/client/playground/**',
    '!src/**/main.ts',
    '!src/**/*.worker.ts',
    '!src/**/*.{spec,contract}.ts',
  ],
  coverageProvider: 'v8',
  coverageReporters: ['text-summary'],
  coverageThreshold: { global: { branches: 90, functions: 90, lines: 90, statements: 90 } },
};
