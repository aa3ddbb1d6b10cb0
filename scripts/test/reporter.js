import { appendFileSync, writeFileSync } from 'node:fs';
import { format } from 'node:util';
import Mocha from 'mocha';
import './running.js';

const { Base, Spec } = Mocha.reporters;

/**
 * mocha's spec reporter, which also writes to `$TEST_RESULTS`, a file, what became of each test
 * file, `{ [path]: { passed, failed, skipped } }`, and inside the extension host, whose console
 * nobody sees, what it prints to `$TEST_OUTPUT`.
 */
export default class CountingReporter extends Spec {
  #files = {};

  constructor(runner, options) {
    const { TEST_OUTPUT: output } = process.env;
    if (output) {
      Base.consoleLog = (...args) => appendFileSync(output, `${format(...args)}\n`);
    }
    super(runner, options);
    runner.on('pass', (test) => this.#of(test).passed++);
    // Of a hook, too.
    runner.on('fail', (test) => this.#of(test).failed++);
    runner.on('pending', (test) => this.#of(test).skipped++);
  }

  #of({ file }) {
    return (this.#files[file] ??= { passed: 0, failed: 0, skipped: 0 });
  }

  done(failures, report) {
    if (process.env.TEST_RESULTS) {
      writeFileSync(process.env.TEST_RESULTS, JSON.stringify(this.#files));
    }
    report?.(failures);
  }
}
