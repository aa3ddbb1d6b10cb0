import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';

/*
 * Leaves the title of the test or hook that runs in `$TEST_RUNNING/PID`, so that whoever ends this
 * process, because it hangs, can say in what. Written before it runs: one that loops for ever lets
 * nothing else run, and mocha's own time-out never comes.
 */
const { TEST_RUNNING: folder } = process.env;

if (folder) {
  const file = join(folder, String(process.pid));
  mkdirSync(folder, { recursive: true });
  process.on('exit', () => rmSync(file, { force: true }));
  const { run } = Mocha.Runnable.prototype;
  Mocha.Runnable.prototype.run = function (...args) {
    writeFileSync(file, this.titlePath().join(': '));
    return run.apply(this, args);
  };
}
