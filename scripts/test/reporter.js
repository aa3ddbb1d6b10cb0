import { appendFileSync, writeFileSync } from 'node:fs';
import { format } from 'node:util';
import Mocha from 'mocha';
import './running.js';

const { Base, Spec } = Mocha.reporters;

/**
 * mocha's spec reporter, which also writes `{ passed, failed, skipped }` to `$TEST_RESULTS`, a
 * file, and inside the extension host, whose console nobody sees, what it prints to `$TEST_OUTPUT`.
 */
export default class CountingReporter extends Spec {
  constructor(runner, options) {
    const { TEST_OUTPUT: output } = process.env;
    if (output) {
      Base.consoleLog = (...args) => appendFileSync(output, `${format(...args)}\n`);
    }
    super(runner, options);
  }

  done(failures, report) {
    const { passes: passed, failures: failed, pending: skipped } = this.stats;
    if (process.env.TEST_RESULTS) {
      writeFileSync(process.env.TEST_RESULTS, JSON.stringify({ passed, failed, skipped }));
    }
    report?.(failures);
  }
}
