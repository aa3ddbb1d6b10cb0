import assert from 'node:assert/strict';
import { parseAddress } from '../../../src/core/address';
import { rowsWith } from '../../../src/core/trace/rowsByAddress';
import { finish } from '../../../src/core/work';

interface Row {
  readonly name: string;
  readonly addresses: readonly string[];
}

const addressesOf = ({ addresses }: Row) => addresses.map((text) => parseAddress(text)!);
const ask = (rows: readonly Row[], ...texts: string[]) =>
  finish(rowsWith(rows, addressesOf, addressesOf({ name: '', addresses: texts }))).map(
    ({ name }) => name,
  );

suite('rows of a table by address', () => {
  const rows: Row[] = [
    { name: 'a', addresses: ['10.0.0.1', '10.0.0.2'] },
    { name: 'b', addresses: ['10.0.0.2', '10.0.0.2'] },
    { name: 'c', addresses: [] },
    { name: 'd', addresses: ['fd00::1'] },
    { name: 'e', addresses: ['10.0.0.1'] },
  ];

  test('are those that have one of the addresses, once and in order, and those that have none', () => {
    assert.deepEqual(ask(rows, '10.0.0.2', '10.0.0.1'), ['a', 'b', 'c', 'e']);
    assert.deepEqual(ask(rows, 'fd00::1'), ['c', 'd']);
    assert.deepEqual(ask(rows, '10.0.0.3'), ['c']);
    assert.deepEqual(ask([], '10.0.0.3'), []);
  });

  test('of 100,000 the table is gone over once, with pauses', () => {
    let read = 0;
    const many = Array.from({ length: 100_000 }, (_, i) => i);
    const addressOf = (i: number) => {
      read++;
      return [{ family: 4 as const, words: [i] }];
    };
    const asked = [{ family: 4 as const, words: [77_777] }];
    const work = rowsWith(many, addressOf, asked);
    let pauses = 0;
    for (let step = work.next(); !step.done; step = work.next()) pauses++;
    assert.ok(pauses >= 20, String(pauses));
    assert.deepEqual(finish(rowsWith(many, addressOf, asked)), [77_777]);
    assert.equal(read, many.length);
  });
});
