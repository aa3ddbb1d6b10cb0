import assert from 'node:assert/strict';
import { lasting, ofPacket, withFact, type Facts } from '../../../src/core/trace/facts';
import { leaves } from '../../../src/core/trace/leaves';
import { traceFlow } from '../../../src/core/trace/tracer';
import { node, packet } from './helper';

suite('what a branch has decided', () => {
  test('a branch knows its own decisions, the newest of each, and none of its siblings', () => {
    let facts: Facts = new Map([['given', true]]);
    const versions: Facts[] = [];
    for (let i = 0; i < 1000; i++) versions.push((facts = withFact(facts, `q${i}`, i % 2 === 0)));
    const sibling = withFact(versions[499]!, 'q3', true);
    assert.equal(facts.get('q3'), false);
    assert.equal(sibling.get('q3'), true);
    assert.equal(sibling.get('q499'), false);
    assert.equal(sibling.has('q500'), false);
    assert.equal(facts.get('q998'), true);
    assert.equal(facts.get('given'), true);
    assert.equal(versions[0]!.has('q1'), false);
  });

  test('what was decided of a packet does not hold for the next, what was of the node does', () => {
    let facts: Facts = new Map([[ofPacket('given'), true]]);
    for (const key of ['route', ofPacket('length'), 'sysctl']) facts = withFact(facts, key, false);
    facts = withFact(facts, 'route', true);
    const kept = lasting(facts);
    assert.equal(kept.get('route'), true);
    assert.equal(kept.get('sysctl'), false);
    assert.equal(kept.has(ofPacket('length')), false);
    assert.equal(kept.has(ofPacket('given')), false);
  });

  test('a reply of unknown length is asked again for its length', () => {
    const rules =
      '*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD -m length --length 0:100 -j DROP\nCOMMIT\n';
    const [first] = leaves(
      traceFlow(node({ rules }), packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0')).path,
    );
    const { after } = first!.verdict;
    const next = packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0');
    assert.equal(leaves(traceFlow(node({ rules }), next, { memory: after }).path).length, 2);
  });

  test('thousands of decisions on one way copy few entries each', () => {
    let copied = 0;
    const own = Map.prototype.set;
    let facts: Facts = new Map();
    const grow = (count: number) => {
      copied = 0;
      facts = new Map();
      for (let i = 0; i < count; i++) facts = withFact(facts, `q${i}`, true);
      return copied;
    };
    Map.prototype.set = function (key: unknown, value: unknown) {
      copied++;
      return own.call(this, key, value) as Map<unknown, unknown>;
    };
    try {
      const few = grow(2000);
      const many = grow(4000);
      assert.ok(few > 0 && many < 2.5 * few, `${few}, then ${many}`);
    } finally {
      Map.prototype.set = own;
    }
  });

  test('a question that came before is not asked again', () => {
    const rule = (name: string) =>
      `-A FORWARD -m recent --rcheck --name ${name} --rsource -j MARK --set-mark 1`;
    const rules = ['*filter', ':FORWARD ACCEPT [0:0]', rule('a'), rule('b'), rule('a'), rule('b')];
    const { path } = traceFlow(
      node({ rules: rules.join('\n') }),
      packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0'),
    );
    assert.equal(leaves(path).length, 4);
  });
});
