/**
 * `npm run mutate -- FOLDER [TEST_FILE...] [--sample LINES] [--seed N]`: makes small faults in
 * src/FOLDER, one at a time, and tells which of them no test noticed (Stryker). A fault is met by the
 * tests alone that reach its line; the report is left in out/mutation.json.
 *
 * FOLDER is `core/trace` or a file, `core/trace/route/fib.ts`. All of a large one takes an hour and more:
 * --sample takes some of its lines by chance. Where no tests are named, those of test/FOLDER run and,
 * for core and syntax, the replay of the kernel's recordings.
 *
 * Texts are left as they are: what a message says is no fault of the code.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** What goes through huge or random input would run again for each fault that survives. */
const long = /(?:bounds|deepRules|hugeSet|manyServers|properties|mutation)\.test\.ts$/;

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sample: { type: 'string' }, seed: { type: 'string' } },
});
const [folder, ...named] = positionals;
const room = join('src', folder ?? '');
if (!folder || !existsSync(room)) {
  console.error('Name a folder or a file of src: npm run mutate -- core/trace --sample 100');
  process.exit(2);
}
const seed = Number(values.seed ?? Date.now() % 100_000);
const files = filesOf(room, /\.ts$/);
const mutate = values.sample ? sample(files, Number(values.sample)) : files;
if (values.sample) console.log(`${mutate.length} lines by chance: --seed ${seed} takes the same.`);
const spec = named.length > 0 ? named : testsOf(folder);

mkdirSync('out', { recursive: true });
writeFileSync('out/mutate.json', JSON.stringify(config(), undefined, 1));
const stryker = ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run', 'out/mutate.json'];
const mochaFiles = new URL('./mutate/mochaFiles.js', import.meta.url);
const { status } = spawnSync(process.execPath, stryker, {
  stdio: 'inherit',
  env: { ...process.env, NODE_OPTIONS: `--import=${mochaFiles}` },
});
process.exitCode = status ?? 1;

function config() {
  return {
    mutate,
    mutator: { excludedMutations: ['StringLiteral'] },
    testRunner: 'mocha',
    mochaOptions: { config: '.mocharc.cjs', spec },
    // Mocha would `require` test files, where tsx takes no top-level await.
    testRunnerNodeArgs: ['--no-experimental-require-module', '--import=tsx'],
    coverageAnalysis: 'perTest',
    // What runs once while a module is loaded would need a process for each fault.
    ignoreStatic: true,
    concurrency: 1,
    timeoutMS: 8_000,
    tempDirName: 'out/stryker',
    ignorePatterns: ['.vscode-test', 'dist', 'out', 'bench', 'media'],
    // Also where node_modules is a link itself, as in a worktree.
    buildCommand: 'ln -sfn ../../../node_modules .',
    reporters: ['progress', 'clear-text', 'json'],
    clearTextReporter: { logTests: false, reportTests: false },
    jsonReporter: { fileName: 'out/mutation.json' },
  };
}

function filesOf(place, wanted) {
  if (!statSync(place).isDirectory()) return [place];
  const names = readdirSync(place, { recursive: true, encoding: 'utf8' }).sort();
  return names.filter((name) => wanted.test(name)).map((name) => join(place, name));
}

/** The tests of the nearest folder that has its like in test. */
function testsOf(place) {
  let near = join('test', place);
  while (!existsSync(near) || !statSync(near).isDirectory()) near = dirname(near);
  const tests = filesOf(near, /\.test\.ts$/).filter((file) => !long.test(file));
  return /^(core|syntax)\b/.test(place) ? [...tests, 'test/inspect/replay.test.ts'] : tests;
}

/** `FILE:LINE-LINE` of some lines that hold code. */
function sample(files, count) {
  const lines = files.flatMap((file) => {
    const texts = readFileSync(file, 'utf8').split('\n');
    const code = texts.flatMap((text, i) => (/^\s*(?!import\b)[a-z]/.test(text) ? [i + 1] : []));
    return code.map((line) => `${file}:${line}-${line}`);
  });
  const random = randomNumbers(seed);
  return lines
    .map((line) => ({ line, order: random() }))
    .sort((left, right) => left.order - right.order)
    .slice(0, count)
    .map(({ line }) => line);
}

/** Mulberry32: numbers from 0 to 1 that are the same for the same seed. */
function randomNumbers(start) {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
