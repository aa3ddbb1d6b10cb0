import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import { differentFares, fareOf, type Fare } from '../../../../src/core/expected/fare/fare';
import { fareText } from '../../../../src/core/expected/fare/words';
import type { Packet } from '../../../../src/core/packet';
import type { Leaf } from '../../../../src/core/trace/leaves';
import type { ClientView, Verdict } from '../../../../src/core/trace/trace';

const packet: Packet = {
  protocol: 6,
  source: parseAddress('10.244.0.9')!,
  sourcePort: 40000,
  destination: parseAddress('10.96.0.5')!,
  destinationPort: 80,
  inInterface: 'cni0',
};

/** What the sender hears of a packet that ends so. */
function hears(
  verdict: Partial<Verdict>,
  final: Partial<Packet> = {},
  endpoints?: ReadonlySet<string>,
) {
  const { inInterface: _, ...sent } = packet;
  const end = { kind: 'ACCEPT', reason: '', final: { ...sent, ...final }, ...verdict };
  const { probability, ...fare } = fareOf(
    packet,
    { verdict: end, probability: 0.5 } as unknown as Leaf,
    endpoints,
  );
  assert.equal(probability, 0.5);
  return fare;
}

const client = (sees: ClientView['sees']) => ({ client: { sees, text: '' } });
const to = (text: string, destinationPort = 80) => ({
  destination: parseAddress(text)!,
  destinationPort,
});

suite('what one way of a packet comes to for its sender', () => {
  test('delivered: to an endpoint where it was translated, or asked one itself', () => {
    const unchanged = { verdict: 'ACCEPT', destination: '10.96.0.5:80', source: 'unchanged' };
    assert.deepEqual(hears({ delivered: 'cni0' }, to('10.244.1.9', 8080)), {
      verdict: 'ACCEPT',
      hears: 'endpoint',
      destination: '10.244.1.9:8080',
      source: 'unchanged',
      delivered: 'cni0',
    });
    assert.equal(hears({}, to('10.96.0.5', 8080)).hears, 'endpoint');
    assert.equal(hears({}, to('10.244.1.9')).hears, 'endpoint');
    assert.deepEqual(hears({ delivered: 'eth0' }), {
      ...unchanged,
      hears: 'network',
      delivered: 'eth0',
    });
    assert.deepEqual(hears({ delivered: 'local' }), {
      ...unchanged,
      hears: 'node',
      delivered: 'local',
    });
    assert.deepEqual(hears({}), { ...unchanged, hears: 'network' });
    assert.equal(hears({}, {}, new Set(['10.96.0.5:80'])).hears, 'endpoint');
    assert.equal(hears({}, {}, new Set(['10.96.0.5:81'])).hears, 'network');
    const source = { source: parseAddress('192.0.2.1')! };
    assert.equal(hears({}, source).source, '192.0.2.1');
  });

  test('not delivered: refused, dropped, lost, or not known', () => {
    const reply = 'icmp-port-unreachable';
    assert.deepEqual(hears({ kind: 'REJECT', reply, ...client('refused') }), {
      verdict: 'REJECT',
      hears: 'reject',
      reply,
    });
    assert.deepEqual(hears({ kind: 'REJECT' }), { verdict: 'REJECT', hears: 'reject' });
    // The node's answer did not get through its own rules.
    assert.deepEqual(hears({ kind: 'REJECT', reply, ...client('silence') }), {
      verdict: 'REJECT',
      hears: 'silence',
    });
    for (const kind of ['DROP', 'LOST', 'STOLEN'] as const) {
      assert.deepEqual(hears({ kind }), { verdict: kind, hears: 'silence' });
    }
    assert.deepEqual(hears({ kind: 'UNKNOWN' }), { verdict: 'UNKNOWN', hears: 'unknown' });
    assert.deepEqual(hears({ final: undefined! }), { verdict: 'ACCEPT', hears: 'silence' });
  });
});

const served = (destination: string, more: Partial<Fare> = {}): Fare => ({
  verdict: 'ACCEPT',
  hears: 'endpoint',
  destination,
  source: 'unchanged',
  delivered: 'cni0',
  probability: 0.5,
  ...more,
});
const dropped: Fare = { verdict: 'DROP', hears: 'silence', probability: 1 };
const refused = (reply: string): Fare => ({
  verdict: 'REJECT',
  hears: 'reject',
  reply,
  probability: 1,
});
const [one, two, three] = ['10.244.0.1:80', '10.244.0.2:80', '10.244.0.3:80'] as const;

suite('in what packets fare differently', () => {
  test('ways are compared as sets, whatever their order and chance', () => {
    assert.deepEqual(
      differentFares(
        [served(one), served(two)],
        [served(two, { probability: 0.1 }), served(one), served(one)],
      ),
      [],
    );
  });

  test('aspect by aspect', () => {
    for (const [title, left, right, aspects] of [
      ['answered or not', [served(one)], [dropped], ['verdict', 'hears']],
      ['sometimes not answered', [served(one)], [served(one), dropped], ['verdict', 'hears']],
      ['by others', [served(one)], [served(two)], ['destination']],
      ['by more', [served(one)], [served(one), served(two)], ['destination']],
      ['refused otherwise', [refused('icmp-port-unreachable')], [refused('tcp-reset')], ['reply']],
      ['refused and dropped', [refused('tcp-reset')], [dropped], ['verdict', 'hears']],
      ['another source', [served(one)], [served(one, { source: '192.0.2.1' })], ['source']],
      ['another device', [served(one)], [served(one, { delivered: 'eth0' })], ['delivered']],
      [
        'another source of the destination that both have',
        [served(one), served(two)],
        [served(one, { source: '192.0.2.1' }), served(three)],
        ['destination', 'source'],
      ],
      [
        'a source that goes with the destination',
        [served(one), served(two)],
        [served(one), served(three, { source: '192.0.2.1', delivered: 'eth0' })],
        ['destination'],
      ],
      [
        'of destinations that none shares the sources alone',
        [served(one)],
        [served(two, { source: '192.0.2.1', delivered: 'eth0' })],
        ['destination', 'source'],
      ],
      [
        'the node or the network',
        [served(one, { hears: 'node' })],
        [served(one, { hears: 'network' })],
        ['hears'],
      ],
    ] as const) {
      assert.deepEqual(differentFares(left, right), aspects, title);
      const back = differentFares(right, left);
      assert.deepEqual(back, aspects, `${title}, the other way round`);
    }
  });
});

suite('what becomes of a packet, in words', () => {
  for (const [text, ...fares] of [
    ['an endpoint answers (10.244.0.1:80, source unchanged)', served(one)],
    [
      'an endpoint answers (10.244.0.1:80 and 10.244.0.2:80, source unchanged)',
      served(two),
      served(one),
      served(one),
    ],
    [
      'an endpoint answers (10.244.0.1:80, 10.244.0.2:80 and 10.244.0.3:80 and 1 more, source unchanged)',
      ...[one, two, three, '10.244.0.4:80'].map((end) => served(end)),
    ],
    [
      'an endpoint answers (10.244.0.1:80, source 192.0.2.1 or unchanged)',
      served(one),
      served(one, { source: '192.0.2.1' }),
    ],
    ['an endpoint answers (10.244.0.1:80)', { ...served(one), source: undefined! }],
    [
      'the node itself answers, mostly with "connection refused" (10.244.0.1:80, source unchanged)',
      served(one, { hears: 'node' }),
    ],
    ['passes untranslated (10.244.0.1:80, source unchanged)', served(one, { hears: 'network' })],
    ['refused (tcp-reset)', refused('tcp-reset')],
    ['refused', { ...refused(''), reply: undefined! }],
    ['no answer', dropped],
    ['lost in routing, no answer', { ...dropped, verdict: 'LOST' }],
    ['not known', { ...dropped, verdict: 'UNKNOWN', hears: 'unknown' }],
    [
      'an endpoint answers (10.244.0.1:80, source unchanged), or no answer',
      served(one),
      dropped,
      dropped,
    ],
  ] as readonly (readonly [string, ...Fare[]])[]) {
    test(text, () => assert.equal(fareText(fares), text));
  }
});
