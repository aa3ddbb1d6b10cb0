import assert from 'node:assert/strict';
import type { Interval } from '../../../../src/core/rules/optionValue';
import { outside, portChance, without } from '../../../../src/core/trace/nat/ports';

/** `1-2 5-9` */
function intervals(text: string): readonly Interval[] {
  return text
    .split(' ')
    .filter((one) => one !== '')
    .map((one) => {
      const [from = 0, to = 0] = one.split('-').map(Number);
      return { from, to };
    });
}

suite('ports that the kernel chose at random', () => {
  const ports = [
    { from: 100, to: 149 },
    { from: 200, to: 249 },
  ];

  test('the chance of an interval is its part of them', () => {
    const chance = (from: number, to: number) => portChance(undefined, ports, [{ from, to }]);
    assert.equal(chance(0, 65535), 1);
    assert.equal(chance(100, 149), 0.5);
    assert.equal(chance(140, 209), 0.2);
    assert.equal(chance(149, 149), 0.01);
    // What two intervals have both counts once.
    const two = [
      { from: 100, to: 119 },
      { from: 110, to: 129 },
    ];
    assert.equal(portChance(undefined, ports, two), 0.3);
    assert.equal(chance(150, 199), 0);
    assert.equal(portChance(80, ports, [{ from: 80, to: 80 }]), 1);
    assert.equal(portChance(80, ports, [{ from: 81, to: 90 }]), 0);
    assert.equal(portChance(80, ports, [{ from: 70, to: 79 }]), 0);
    // What has no port has port 0.
    assert.equal(portChance(undefined, undefined, [{ from: 1, to: 2 }]), 0);
    assert.equal(portChance(undefined, undefined, [{ from: 0, to: 2 }]), 1);
  });

  test('what is left without an interval', () => {
    assert.deepEqual(without(ports, { from: 120, to: 220 }), [
      { from: 100, to: 119 },
      { from: 221, to: 249 },
    ]);
    assert.deepEqual(without(ports, { from: 0, to: 65535 }), []);
  });

  for (const [others, left] of [
    ['', '100-149 200-249'],
    ['90-99 150-199 250-260', '100-149 200-249'],
    ['100-100 149-149', '101-148 200-249'],
    ['110-119 130-139', '100-109 120-129 140-149 200-249'],
    ['90-110 140-210 240-300', '111-139 211-239'],
    ['90-300', ''],
    ['100-149', '200-249'],
    ['200-249', '100-149'],
  ] as const) {
    test(`of 100-149 and 200-249 without ${others || 'any'} is left: ${left || 'none'}`, () => {
      assert.deepEqual(outside(ports, intervals(others)), intervals(left));
    });
  }
});
