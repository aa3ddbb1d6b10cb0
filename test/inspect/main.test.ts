import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function inspect(...args: readonly string[]): Promise<Ended> {
  try {
    const command = ['scripts/inspect.js', ...args];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, command);
    return { code: 0, stdout, stderr };
  } catch (error) {
    return error as Ended;
  }
}

suite('the command line', () => {
  test('a path that is no folder: a sentence, no stack, exit code 2', async () => {
    for (const command of ['expected', 'replay']) {
      const { code, stderr } = await inspect(command, 'samples/no-such-folder');
      assert.equal(code, 2);
      assert.match(stderr, /no such file or directory.*samples\/no-such-folder/);
      assert.doesNotMatch(stderr, /^\s+at /m);
    }
  });

  test('replay passes by recordings without a ruleset of their own', async () => {
    const folders = ['test/fixtures/migration', 'test/fixtures/kernel-oracle/policy'];
    const { code, stdout } = await inspect('replay', ...folders);
    assert.equal(code, 0);
    assert.match(stdout, /: has no packets, so it is no recording/);
    assert.match(stdout, /agree [1-9]\d* differ 0 unknown 0 of/);
  });

  test('replay without a single recorded answer complains', async () => {
    const { code, stdout, stderr } = await inspect('replay', 'test/fixtures/migration');
    assert.equal(code, 2);
    assert.match(stderr, /^No recorded answer lies in test\/fixtures\/migration\.$/m);
    assert.doesNotMatch(stdout, /of 0/);
  });
});
