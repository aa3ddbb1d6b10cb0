// `npx mocha` runs every unit test, `npx mocha test/core/x.test.ts` that one alone: mocha would add
// a configured spec to the named files.
const named = process.argv.slice(2).some((argument) => argument.endsWith('.test.ts'));

module.exports = {
  ui: 'tdd',
  'node-option': ['import=tsx'],
  ...(named ? {} : { spec: ['test/**/*.test.ts'] }),
  require: ['./scripts/test/running.js', './scripts/test/seed.js'],
  ignore: ['test/extension/**', 'test/page/**', 'test/ui/**'],
  timeout: 20_000,
};
