/**
 * `npm test`: everything, or what is named:
 * `node scripts/test.js [check] [unit] [page] [extension] [ui] [--grep TITLE]`.
 *
 * Goes on after a failure, so that one run shows all of them, and ends with the line
 * `N passed, N failed` over all tests. A part that takes longer than its limit is ended, and fails
 * with what it was running.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from './build.js';
import { runInExtensionHost } from './test/extensionHost.js';
import { findChromium } from './vscode/chromium.js';
import { atEnd } from './vscode/cleanup.js';
import { installVscode } from './vscode/install.js';

const project = fileURLToPath(new URL('..', import.meta.url));
const out = join(project, 'out');
const reporter = join(project, 'scripts/test/reporter.js');
const mocha = join(project, 'node_modules/mocha/bin/mocha.js');
const uiConfig = 'test/ui/.mocharc.json';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: 'string' } },
});
const grep = values.grep;

/** For a machine many times slower than those it is run on, in minutes. */
const limit = Number(process.env.TEST_LIMIT_MINUTES ?? 30);

/** Each runs one part and tells whether it went well; `counts` marks those with test results. */
const parts = {
  check: {
    title: 'Types, lint, contributions',
    run: () => quietly('npm', ['run', '--silent', 'check']),
  },
  unit: {
    title: 'Unit tests',
    counts: true,
    run: (results) => runMocha('.mocharc.cjs', [], results),
  },
  page: {
    title: "Tests of the panel's page",
    counts: true,
    run: (results) => runMocha('test/page/.mocharc.json', [], results),
  },
  extension: {
    title: 'Tests in the extension host',
    counts: true,
    run: (results) => runInExtensionHost({ results, grep }),
  },
  ui: {
    title: 'Package and UI tests',
    counts: true,
    run: async (results) =>
      (await quietly('npm', ['run', '--silent', 'package'])) &&
      ((await runMocha(uiConfig, ['test/ui/**/*.test.ts'], results)) || onceMore(results)),
  },
};

const unknown = positionals.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. There are ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}
const chosen = positionals.length > 0 ? positionals : Object.keys(parts);

mkdirSync(out, { recursive: true });
const needsVscode = chosen.includes('extension') || chosen.includes('ui');
// The downloads take as long as the type check: both at once.
const browser = needsVscode || chosen.includes('page') ? findChromium() : Promise.resolve();
const prepared = needsVscode ? Promise.all([build(), installVscode(), browser]) : browser;
prepared.catch(() => undefined); // Reported by each part that needs it.

// Two lanes, a core each: what needs no VS Code, and then what does, which uses both.
const beside = runAll(['check', 'page']);
const unit = await runAll(['unit']);
const outcomes = [...(await beside), ...unit];
outcomes.push(...(await runAll(['extension', 'ui'])));
summarize(outcomes);

async function runAll(names) {
  const done = [];
  for (const name of names.filter((part) => chosen.includes(part))) done.push(await runPart(name));
  return done;
}

async function runPart(name) {
  const { title, counts, run } = parts[name];
  const results = join(out, `results-${name}.json`);
  rmSync(results, { force: true });
  console.log(`\n=== ${title}`);
  const start = Date.now();
  let ok;
  try {
    if (name === 'extension' || name === 'ui') await prepared;
    if (name === 'page') await browser;
    ok = await run(results);
  } catch (error) {
    console.error(error.message);
    ok = false;
  }
  const seconds = (Date.now() - start) / 1000;
  return { title, seconds, ...(counts ? count(results, ok) : { ok }) };
}

/** Sums up what the reporter counted. A part that ended without it counts as one failed test. */
function count(results, ok) {
  try {
    const files = Object.values(readResults(results));
    const sum = (key) => files.reduce((total, counts) => total + counts[key], 0);
    const crashed = !ok && sum('failed') === 0 ? 1 : 0;
    return {
      ok: ok && sum('failed') === 0,
      passed: sum('passed'),
      failed: sum('failed') + crashed,
      skipped: sum('skipped'),
    };
  } catch {
    return { ok: false, passed: 0, failed: 1 };
  }
}

/** @returns {Record<string, { passed: number, failed: number, skipped: number }>} by test file. */
function readResults(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/**
 * What upset a test in a window of VS Code is mostly there still when mocha tries it again: in the
 * same window. So the files of which a test failed are run once more, in windows of their own and
 * one after the other; their outcome replaces the first one. More than three are no accident.
 */
async function onceMore(results) {
  const first = existsSync(results) ? readResults(results) : {};
  const failed = Object.keys(first).filter((file) => first[file].failed > 0);
  if (failed.length === 0 || failed.length > 3) return false;
  console.log(
    `\n=== Once more, in new windows: ${failed.map((file) => basename(file)).join(', ')}`,
  );
  const again = results.replace('.json', '-again.json');
  rmSync(again, { force: true });
  const ok = await runMocha(uiConfig, ['--no-parallel', ...failed], again);
  if (existsSync(again))
    writeFileSync(results, JSON.stringify({ ...first, ...readResults(again) }));
  return ok;
}

function summarize(outcomes) {
  console.log('\n=== Summary');
  for (const { title, ok, seconds, passed, failed, skipped } of outcomes) {
    const counted = passed === undefined ? '' : `, ${passed} passed, ${failed} failed`;
    const left = skipped ? `, ${skipped} skipped` : '';
    console.log(`${ok ? 'ok    ' : 'FAILED'} ${title} (${seconds.toFixed(1)} s${counted}${left})`);
  }
  const sum = (key) => outcomes.reduce((total, outcome) => total + (outcome[key] ?? 0), 0);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = outcomes.every(({ ok }) => ok) ? 0 : 1;
}

function runMocha(config, files, results) {
  const args = [mocha, '--config', config, '--reporter', reporter, '--forbid-only', ...files];
  const running = results.replace('results-', 'running-');
  rmSync(running, { recursive: true, force: true });
  return command(
    process.execPath,
    [...args, ...(grep ? ['--fgrep', grep] : [])],
    { TEST_RESULTS: results, TEST_RUNNING: running },
    { onLimit: () => console.error(hungIn(running)) },
  );
}

/** What each process of a part was running when the part was ended. */
function hungIn(running) {
  const pids = existsSync(running) ? readdirSync(running) : [];
  const titles = pids.map((pid) => readFileSync(join(running, pid), 'utf8'));
  return `\nNo end within ${limit} minutes. What runs:\n  ${titles.join('\n  ')}`;
}

/** Runs a command whose output is of interest only if it fails. */
async function quietly(file, args) {
  const output = [];
  const ok = await command(file, args, {}, { onOutput: (data) => output.push(data) });
  if (!ok) {
    process.stderr.write(Buffer.concat(output));
  }
  return ok;
}

/**
 * @param {object} [on]
 * @param {(data: Buffer) => void} [on.onOutput] Takes what it prints; else that is passed on.
 * @param {() => void} [on.onLimit] It is ended now because it takes too long.
 * @returns {Promise<boolean>} whether it ended with 0.
 */
function command(file, args, env = {}, { onOutput, onLimit } = {}) {
  const child = spawn(file, args, {
    cwd: project,
    env: { ...process.env, ...env },
    stdio: onOutput ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    detached: true, // A process group: what hangs is ended with its workers.
  });
  if (onOutput) {
    child.stdout.on('data', onOutput);
    child.stderr.on('data', onOutput);
  }
  const end = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  };
  const ended = atEnd(() => end('SIGTERM'));
  const tooLong = setTimeout(() => {
    onLimit?.();
    end('SIGTERM'); // Its workers stop the VS Codes that they have started.
    setTimeout(() => end('SIGKILL'), 5000).unref();
  }, limit * 60_000);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(tooLong);
      ended();
      resolve(code === 0);
    });
  });
}
