import assert from 'node:assert/strict';
import { parseAddress, parseNetwork } from '../../../../src/core/address';
import type { Pattern, Value } from '../../../../src/core/rules/value';
import { indexKeys, type KeyIndex } from '../../../../src/core/trace/sets/keyIndex';
import { finish } from '../../../../src/core/work';

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

  test('of two elements with one key the first', () => {
    assert.equal(found(indexOf([[numbers(1)], [numbers(1)]]), number(1)), 0);
    const texts = ['a', 'a'].map((text): Pattern[] => [{ kind: 'text', text, wildcard: false }]);
    assert.equal(found(indexOf(texts), { kind: 'text', text: 'a' }), 0);
  });

  test('a value of another kind or number of parts is in none', () => {
    const parts: readonly (readonly [Pattern, Value])[] = [
      [numbers(1), number(1)],
      [numbers(0, 9), number(1)],
      [network('10.0.0.0/8'), address('10.0.0.1')],
      [network('fd00::/8'), address('fd00::1')],
      [
        { kind: 'text', text: 'eth0', wildcard: false },
        { kind: 'text', text: 'eth0' },
      ],
      [
        { kind: 'text', text: 'eth', wildcard: true },
        { kind: 'text', text: 'eth0' },
      ],
    ];
    for (const [i, [pattern]] of parts.entries()) {
      const index = indexOf([[pattern]]);
      for (const [j, [, value]] of parts.entries()) {
        // Numbers 0 to 9 hold 1, and `eth*` is eth0's.
        const same = i === j || (i < 2 && j < 2) || (i > 3 && j > 3);
        assert.equal(found(index, value), same ? 0 : undefined, `${i} ${j}`);
        assert.equal(found(index, value, value), undefined, `${i} twice`);
      }
      assert.equal(found(index), undefined);
      assert.equal(found(indexOf([[pattern, pattern]]), parts[i]![1]), undefined);
    }
  });

  test('intervals in several parts: as by going through them one by one', () => {
    const keys: Pattern[][] = [];
    for (let i = 0; i < 60; i++) {
      const [from, width] = [(i * 37) % 50, (i * 7) % 12];
      const [low, more] = [(i * 13) % 20, (i * 5) % 6];
      keys.push([numbers(from, from + width), numbers(low, low + more)]);
    }
    const index = indexOf(keys);
    const within = (pattern: Pattern, value: number) =>
      pattern.kind === 'numbers' && pattern.from <= value && value <= pattern.to;
    for (let x = 0; x < 64; x++) {
      for (let y = 0; y < 28; y++) {
        const holds = ([one, other]: readonly Pattern[]) => within(one!, x) && within(other!, y);
        const element = found(index, number(x), number(y));
        if (element === undefined) assert.ok(!keys.some(holds), `${x} ${y}`);
        else assert.ok(holds(keys[element]!), `${x} ${y}`);
      }
    }
  });

  test('a mask with holes is no prefix', () => {
    const holes: Pattern = {
      kind: 'network',
      network: { address: parseAddress('10.0.0.0')!, mask: [0xff0000ff] },
    };
    assert.deepEqual(indexOf([[holes]]).find([address('10.1.1.0')]), {
      unknown: 'the element a mask with holes is not understood',
    });
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
