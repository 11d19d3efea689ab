/** Tests run from source through swc: no build is needed, and packages resolve by the source condition. */
const shared = {
  testEnvironment: 'node',
  testEnvironmentOptions: {
    customExportConditions: ['@perennial/source', 'node', 'require', 'default'],
  },
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            useDefineForClassFields: false,
          },
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  modulePathIgnorePatterns: ['/dist/'],
};

const int = '\\.int\\.test\\.ts$';

/** `unit` needs nothing; `int` needs MySQL or MariaDB, and RabbitMQ; `tidy` reads the repository itself. */
module.exports = {
  testTimeout: 60_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', int, 'tidy\\.test\\.ts$'],
    },
    { ...shared, displayName: 'int', testMatch: ['**/*.int.test.ts'] },
    { ...shared, displayName: 'tidy', testMatch: ['<rootDir>/tidy.test.ts'] },
  ],
};
