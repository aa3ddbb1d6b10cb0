import assert from 'node:assert/strict';
import { lineErrors } from '../../../src/syntax/iptables/lineErrors';
import type { LineParser } from '../../../src/syntax/treeSitter';
import { testParser } from '../parser';

suite('lineErrors', () => {
  let parser: LineParser;
  suiteSetup(async () => (parser = await testParser()));

  /** `«»` around what each error points at, and its message. */
  function errors(text: string): string[] {
    return lineErrors(text, parser.parse(text)).map(
      ({ start, end, message }) =>
        `${text.slice(0, start)}«${text.slice(start, end)}»${text.slice(end)}: ${message}`,
    );
  }

  test('a good rule has none', () => {
    assert.deepEqual(errors('-A INPUT ! -s 10.0.0.1 -m comment --comment "a \\" b" -j DROP'), []);
  });

  test('each error points at what is wrong', () => {
    assert.deepEqual(errors('-A INPUT -s 10.0.0.1 foo -j DROP'), [
      '-A INPUT -s 10.0.0.1 «foo» -j DROP: No option takes "foo".',
    ]);
    assert.deepEqual(errors('-A INPUT -m comment --comment "cut o'), [
      '-A INPUT -m comment --comment «"cut o»: The text has no closing quotation mark.',
    ]);
    assert.deepEqual(errors('-A INPUT -j DROP !'), [
      '-A INPUT -j DROP «!»: Here an option is missing.',
    ]);
    assert.deepEqual(errors('-A'), ['«-A»: iptables does not understand "-A" here.']);
    assert.deepEqual(errors(':INPUT'), [':INPU«T»: Here a policy is missing.']);
    assert.deepEqual(errors('*nat nat'), ['*nat «nat»: iptables does not understand "nat" here.']);
  });

  test('a line of something else is none', () => {
    assert.deepEqual(errors('root@node-a:~# iptables-save'), []);
  });
});
