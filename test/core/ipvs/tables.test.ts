import assert from 'node:assert/strict';
import { endpointText } from '../../endpointText';
import { parseAddress } from '../../../src/core/address';
import {
  maglevTable,
  sourceHash,
  sourceHashTable,
  type HashServer,
} from '../../../src/core/ipvs/hashTables';
import { inKernelOrder } from '../../../src/core/ipvs/kernelOrder';
import { finish } from '../../../src/core/work';
import type { IpvsState } from '../../../src/core/ipvs/state';
import { parseIpvsSave } from '../../../src/syntax/ipvs/save';

/** A weight, or one with the weight that it had before. */
type Weight = number | readonly [number, number];

const servers = (...weights: readonly Weight[]): HashServer[] =>
  weights.map((each, i) => {
    const [weight, formerWeight] = typeof each === 'number' ? [each, undefined] : each;
    return { address: parseAddress(`10.0.0.${i + 1}`)!, port: 80, weight, formerWeight };
  });

/** How many places of a table each server has. */
function places(table: readonly HashServer[], all: readonly HashServer[]): number[] {
  return all.map((server) => table.filter((each) => each === server).length);
}

suite('the table of mh', () => {
  const found = (...weights: readonly Weight[]) => {
    const all = servers(...weights);
    return places(maglevTable(all), all);
  };
  /** 4093 places in turns of so many each. */
  const inTurns = (counts: readonly number[], ...turns: readonly number[]) => {
    const round = turns.reduce((sum, turn) => sum + turn, 0);
    turns.forEach((turn, i) => {
      assert.ok(Math.abs(counts[i]! - (4093 * turn) / round) <= turn, `${counts} by ${turns}`);
    });
  };

  test('has 4093 places, taken in turns of the weights by their greatest common divisor', () => {
    inTurns(found(1, 1), 1, 1);
    inTurns(found(64, 128), 1, 2);
    inTurns(found(3, 6, 0), 1, 2, 0);
    assert.equal(
      found(3, 6).reduce((sum, count) => sum + count, 0),
      4093,
    );
  });

  test('cuts weights to six bits, of which at least one turn is left', () => {
    inTurns(found(63, 1), 63, 1);
    inTurns(found(64, 1), 32, 1);
    inTurns(found(200, 100, 7), 50, 25, 1);
    inTurns(found(1000, 1), 62, 1);
  });

  test('keeps the places that a server had before it was drained', () => {
    inTurns(found([0, 3], 1), 3, 1);
    assert.deepEqual(found([0, 0], 1), [0, 4093]);
  });

  test('is empty without any weight', () => {
    assert.deepEqual(maglevTable(servers(0, 0)), []);
    assert.deepEqual(maglevTable([]), []);
  });
});

suite('the table of sh', () => {
  const found = (...weights: readonly number[]) => {
    const all = servers(...weights);
    return places(sourceHashTable(all), all);
  };

  test('has 256 places, in turns of the weights, of which 0 counts as 1', () => {
    assert.deepEqual(found(1, 1), [128, 128]);
    assert.deepEqual(found(3, 1), [192, 64]);
    assert.deepEqual(found(0, 1), [128, 128]);
    assert.deepEqual(found(), []);
  });

  test('has nobody for a place of weight 0, but with the fallback the next that has a weight', () => {
    const all = servers(0, 1);
    const by = (last: number, fallback: boolean) =>
      sourceHash(all, { address: parseAddress(`192.168.77.${last}`)!, port: 0 }, fallback);
    const clients = Array.from({ length: 64 }, (_, i) => i);
    const refused = clients.filter((last) => by(last, false) === undefined);
    assert.ok(refused.length > 10 && refused.length < 54, String(refused.length));
    assert.ok(clients.every((last) => by(last, true) === all[1]));
    assert.equal(sourceHash([], { address: all[0]!.address, port: 0 }, true), undefined);
  });
});

suite("the kernel's order of real servers", () => {
  const state = (...rows: readonly string[]): IpvsState =>
    parseIpvsSave(rows.map((row) => `${row}\n`).join(''), 'ipvs').value;
  const web = '-A -t 10.96.0.50:80 -s rr';
  const real = (last: number, port = 80) => `-a -t 10.96.0.50:80 -r 10.0.0.${last}:${port} -m`;
  const order = ({ virtualServers, kernelOrder }: IpvsState) => [
    kernelOrder === true,
    ...virtualServers.flatMap(({ realServers }) => realServers.map(endpointText)),
  ];

  const ordered = (sorted: IpvsState, kernel: IpvsState) => finish(inKernelOrder(sorted, kernel));

  test('is put into a sorted listing of the same servers', () => {
    const sorted = state(web, real(1), real(2), real(3));
    const kernel = state(web, real(3), real(1), real(2));
    const expected = [true, '10.0.0.3:80', '10.0.0.1:80', '10.0.0.2:80'];
    assert.deepEqual(order(ordered(sorted, kernel)), expected);
  });

  test('is not, where a server more, less or other shows that they are of different times', () => {
    const sorted = state(web, real(1), real(2));
    const same = [false, '10.0.0.1:80', '10.0.0.2:80'];
    for (const kernel of [
      state(web, real(2)),
      state(web, real(2), real(1), real(3)),
      state(web, real(2), real(3)),
      state(web, real(2), real(1, 81)),
      state(web, real(2), real(2)),
      state('-A -u 10.96.0.50:80 -s rr'),
      state(),
    ]) {
      assert.deepEqual(order(ordered(sorted, kernel)), same);
    }
  });

  test('of each virtual server its own', () => {
    const both = (...lasts: readonly number[]) => {
      const rows = lasts.map((last) => real(last));
      const dns = [web, ...rows.toReversed()].map((row) => row.replace('50:80', '51:80'));
      return state(web, ...rows, ...dns);
    };
    assert.deepEqual(order(ordered(both(1, 2), both(2, 1))), [
      true,
      ...['10.0.0.2:80', '10.0.0.1:80'],
      ...['10.0.0.1:80', '10.0.0.2:80'],
    ]);
  });

  test('of a firewall mark by its number', () => {
    const marked = (...lasts: readonly number[]) =>
      state('-A -f 7 -s rr', ...lasts.map((last) => `-a -f 7 -r 10.0.0.${last}:80 -m`));
    const found = order(ordered(marked(1, 2), marked(2, 1)));
    assert.deepEqual(found, [true, '10.0.0.2:80', '10.0.0.1:80']);
  });
});
