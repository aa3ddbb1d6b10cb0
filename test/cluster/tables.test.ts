import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { wholeLines } from '../../src/cluster/pieces';
import { missingTable, tablesOf as tablesOfLines } from '../../src/cluster/tables';

const dump = (sample: string) =>
  readFileSync(
    new URL(`../../samples/${sample}/node-a/iptables-save-c.txt`, import.meta.url),
    'utf8',
  );

const tablesOf = (parts: readonly string[]) => tablesOfLines(wholeLines(parts));

/** The text in pieces of so many characters, as frames bring it. */
const pieces = (text: string, size: number) =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
    text.slice(i * size, (i + 1) * size),
  );

suite('tables of a dump', () => {
  for (const size of [7, 4096, 1_000_000]) {
    test(`are found in pieces of ${size} characters`, async () => {
      const { names, withCanary } = await tablesOf(pieces(dump('kubernetes-1.36-iptables'), size));
      assert.deepEqual([...names], ['mangle', 'filter', 'nat']);
      assert.deepEqual([...withCanary], ['mangle', 'filter', 'nat']);
    });
  }

  test('a whole dump of a real node lacks none, in ipvs mode neither', async () => {
    for (const sample of ['kubernetes-1.36-iptables', 'kubernetes-1.36-ipvs']) {
      assert.equal(missingTable(await tablesOf([dump(sample)])), undefined, sample);
    }
  });

  test('the same dump, cut after each COMMIT but the last', async () => {
    const text = dump('kubernetes-1.36-iptables');
    const tables = text.split(/(?<=^# Completed.*\n)/m);
    assert.equal(tables.length, 3);
    for (const [whole, lacks] of [
      [1, 'nat, filter'],
      [2, 'nat'],
    ] as const) {
      const problem = missingTable(await tablesOf(tables.slice(0, whole)));
      assert.equal(problem?.kind, 'incomplete');
      assert.ok(problem.message.includes(`it lacks ${lacks}, but`), problem.message);
    }
  });

  test('without a canary only the capture before can tell', async () => {
    const [filter = '', nat = ''] = dump('kubernetes-1.36-ipvs').split(/(?<=^# Completed.*\n)/m);
    const { names } = await tablesOf([filter, nat]);
    const cut = await tablesOf([filter]);
    assert.equal(missingTable(cut), undefined);
    const problem = missingTable(cut, { names, captured: '2026-11-21T13:42:24.000Z' });
    assert.match(problem?.message ?? '', /the capture of 2026-11-21 13:42:24 also has nat/);
  });
});
