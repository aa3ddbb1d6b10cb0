import assert from 'node:assert/strict';
import type { NodeDumps } from '../../src/cluster/cluster';
import { Captures, type Capture } from '../../src/workspace/clusters/captures';

const at = (time: string, node = 'node-a'): NodeDumps => ({
  node,
  captured: `2026-11-21T${time}.000Z`,
  dumps: [],
});

const capture = (time: string, node = 'node-a', cluster = 'c'): Capture => ({
  cluster,
  node,
  captured: time === '' ? '' : `2026-11-21T${time}.000Z`,
});

suite('captures of nodes', () => {
  test('the one before, of the same node of the same cluster', () => {
    const captures = new Captures();
    captures.hold('c', at('10:00:30'));
    captures.hold('c', at('10:00:00'));
    captures.hold('c', at('10:00:20', 'node-b'));
    captures.hold('d', at('10:00:25'));
    captures.hold('c', at('10:01:00'));
    assert.equal(captures.before(capture('10:01:00'))?.captured, at('10:00:30').captured);
    assert.equal(captures.before(capture('10:00:30'))?.captured, at('10:00:00').captured);
    assert.equal(captures.before(capture('10:00:00')), undefined);
    assert.equal(captures.before(capture('10:01:00', 'node-b'))?.node, 'node-b');
    assert.equal(captures.before(capture('10:01:00', 'node-c')), undefined);
    // A document that names no capture is of the newest.
    assert.equal(captures.before(capture(''))?.captured, at('10:00:30').captured);
  });

  test('who showed the newest follows, who opened an older one does not', () => {
    const captures = new Captures();
    for (const time of ['10:00:00', '10:00:30', '10:01:00']) captures.hold('c', at(time));
    const before = capture('10:00:30');
    assert.equal(captures.follows(capture('10:00:30'), before), true);
    assert.equal(captures.follows(capture('10:00:00'), before), false);
    assert.equal(captures.follows(capture('09:00:00'), before), true, 'no longer held');
    assert.equal(captures.follows(capture('10:00:30', 'node-b'), before), false);
    assert.equal(captures.follows(capture('10:00:30', 'node-a', 'd'), before), false);
  });

  test('an older capture that is opened again does not become the newest', () => {
    const captures = new Captures();
    captures.hold('c', at('10:00:30'));
    captures.hold('c', at('10:00:00'));
    assert.deepEqual(captures.newest(), [capture('10:00:30')]);
    assert.ok(captures.isNewest(capture('10:00:30')));
    assert.ok(!captures.isNewest(capture('10:00:00')));
  });

  test('who shows a capture from before a restart follows the next one', () => {
    const captures = new Captures();
    const missed = capture('10:00:00');
    captures.miss(missed);
    assert.deepEqual(captures.newest(), [missed]);
    captures.hold('c', at('10:00:30'));
    assert.ok(captures.follows(missed, missed));
    captures.miss(capture('09:00:00'));
    assert.deepEqual(captures.newest(), [capture('10:00:30')]);
  });

  test('sixteen are held: the one asked for longest ago goes first', () => {
    const captures = new Captures();
    const time = (i: number) => `10:00:${String(i).padStart(2, '0')}`;
    for (let i = 0; i < 16; i++) captures.hold('c', at(time(i)));
    captures.hold('c', at(time(0)));
    captures.hold('c', at(time(16)));
    assert.ok(captures.get(capture(time(0))));
    assert.equal(captures.get(capture(time(1))), undefined);
    assert.ok(captures.get(capture(time(2))));
  });
});
