import assert from 'node:assert/strict';
import { parseAddress, parseNetwork } from '../../../src/core/address';
import type { Pattern, Value } from '../../../src/core/rules/value';
import { indexKeys, type KeyIndex } from '../../../src/core/trace/sets/keyIndex';
import { finish } from '../../../src/core/work';

function indexOf(keys: readonly (readonly Pattern[])[]): KeyIndex<number> {
  return finish(indexKeys(keys.map((key, element) => ({ key, element }))));
}

function found(index: KeyIndex<number>, ...key: readonly Value[]): number | undefined {
  const result = index.find(key);
  return typeof result === 'object' && 'element' in result ? result.element : undefined;
}

function numbers(from: number, to = from): Pattern {
  return { kind: 'numbers', from, to };
}

function number(value: number): Value {
  return { kind: 'number', number: value };
}

function network(text: string): Pattern {
  return { kind: 'network', network: parseNetwork(text)! };
}

function address(text: string): Value {
  return { kind: 'address', address: parseAddress(text)! };
}

suite('index of keys', () => {
  test('of several prefixes that hold an address the longest', () => {
    const index = indexOf(
      ['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16'].map((text) => [network(text)]),
    );
    assert.equal(found(index, address('10.1.2.3')), 2);
    assert.equal(found(index, address('10.2.2.3')), 1);
    assert.equal(found(index, address('11.2.2.3')), 0);
  });

  test('intervals with both ends, in any order and overlapping', () => {
    const index = indexOf([[numbers(30, 40)], [numbers(1, 100)], [numbers(50, 60)]]);
    assert.equal(found(index, number(30)), 0);
    assert.equal(found(index, number(40)), 0);
    assert.equal(found(index, number(41)), 1);
    assert.equal(found(index, number(60)), 2);
    assert.equal(found(index, number(101)), undefined);
  });

  test('IPv6 intervals and texts that begin so', () => {
    const from = parseAddress('fd00::5')!;
    const to = parseAddress('fd00::1:0')!;
    const index = indexOf([
      [
        { kind: 'addresses', from, to },
        { kind: 'text', text: 'eth', wildcard: true },
      ],
    ]);
    assert.equal(found(index, address('fd00::ffff'), { kind: 'text', text: 'eth1' }), 0);
    assert.equal(found(index, address('fd00::1:1'), { kind: 'text', text: 'eth1' }), undefined);
    assert.equal(found(index, address('fd00::6'), { kind: 'text', text: 'et' }), undefined);
  });

  test('an element that is not understood leaves open only what no other holds', () => {
    const index = indexOf([[numbers(1)], [{ kind: 'unknown', text: 'x' }]]);
    assert.equal(found(index, number(1)), 0);
    assert.deepEqual(index.find([number(2)]), { unknown: 'the element x is not understood' });
  });

  test('ranges in many parts are not multiplied out: work and result grow with the elements', () => {
    const wide = numbers(0, 65535);
    const keys = Array.from({ length: 10_000 }, (_, i) => [
      numbers(i * 6, i * 6 + 5),
      wide,
      wide,
      wide,
    ]);
    let steps = 0;
    const work = indexKeys(keys.map((key, element) => ({ key, element })));
    let step = work.next();
    for (; !step.done; step = work.next()) steps++;
    assert.ok(steps < 20, `${steps} pauses`);
    assert.equal(found(step.value, number(6 * 777 + 3), number(1), number(2), number(65535)), 777);
    assert.equal(
      found(step.value, number(6 * 777 + 3), number(1), number(2), number(65536)),
      undefined,
    );
  });
});
