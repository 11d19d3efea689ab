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
module.exports = shared;
