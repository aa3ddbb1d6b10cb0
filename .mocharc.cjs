// `npx mocha` runs every unit test, `npx mocha test/core/x.test.ts` or `test/core` those alone: mocha
// would add a configured spec to the named files.
const named = process.argv.slice(2).some((argument) => argument.startsWith('test/'));

module.exports = {
  ui: 'tdd',
  'node-option': ['import=tsx'],
  ...(named ? {} : { spec: ['test/**/*.test.ts'] }),
  extension: ['test.ts'],
  recursive: true,
  require: ['./scripts/test/running.js', './scripts/test/seed.js'],
  ignore: ['test/extension/**', 'test/page/**', 'test/ui/**'],
  timeout: 20_000,
};
