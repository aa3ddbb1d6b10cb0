import assert from 'node:assert/strict';
import type { NodeState } from '../../../../src/core/node';
import {
  givenText,
  hiddenRules,
  matters,
  unfollowedAt,
  unseenAt,
  withGiven,
} from '../../../../src/core/trace/hook/given';
import type { Given } from '../../../../src/core/trace/trace';
import { nftRuleset } from '../../../../src/syntax/nft/ruleset/ruleset';
import { node, only, packet } from '../helper';
import { traceFlow } from '../../../../src/core/trace/tracer';

const table = (name: string): Given => ({ kind: 'table', table: name });
const chain = (of: string, name: string): Given => ({ kind: 'chain', table: of, chain: name });
const gap = (text: string): Given => ({
  kind: 'gap',
  gap: { text, range: { source: 'dump', line: 1, start: 0, end: 0 } },
});

function shown(given: readonly Given[]): readonly string[] {
  return given
    .map((one) =>
      one.kind === 'gap'
        ? one.gap.text
        : one.kind === 'table'
          ? one.table
          : `${one.table} ${one.chain}`,
    )
    .sort();
}

suite('what a trace takes for granted of rules that no dump shows', () => {
  const rules = (text: string, more: object = {}): Partial<NodeState> => ({
    rulesets: node({ rules: text }).rulesets.map((one) => ({ ...one, whole: false, ...more })),
  });
  const unseen = (state: Partial<NodeState>, family: 4 | 6 = 4) =>
    shown(unseenAt({ ...node(), ...state }, family, 'forward'));
  const all = ['filter', 'mangle', 'security'];

  test('without any dump, each table that has a chain at the hook', () => {
    assert.deepEqual(unseen({}), all);
  });

  test('a table that is shown whole is there, though it has no such chain', () => {
    assert.deepEqual(unseen(rules('*filter\n:FORWARD ACCEPT\n')), ['mangle', 'security']);
    assert.deepEqual(unseen(rules('*filter\n:INPUT ACCEPT\n')), ['mangle', 'security']);
  });

  test('of a part of a table, the chain where it is not in it', () => {
    const part = (text: string) => {
      const { rulesets } = node({ rules: text });
      const cut = rulesets.map((one) => ({
        ...one,
        whole: false,
        tables: new Map(
          [...one.tables].map(([name, each]) => [name, { ...each, complete: false }]),
        ),
      }));
      return unseen({ rulesets: cut });
    };
    assert.deepEqual(part('*filter\n:INPUT ACCEPT\n'), ['filter FORWARD', 'mangle', 'security']);
    assert.deepEqual(part('*filter\n:FORWARD ACCEPT\n'), ['mangle', 'security']);
  });

  test('nothing of a dump that is whole, or where nft lists all', () => {
    assert.deepEqual(unseen(rules('*filter\n:FORWARD ACCEPT\n', { whole: true })), []);
    const listed = nftRuleset('nft-list-ruleset.txt', 'table ip t {\n}\n');
    assert.deepEqual(unseen({ nftables: { ...listed, complete: true } }), []);
    assert.deepEqual(unseen({ nftables: { ...listed, complete: false } }), all);
  });

  test('a dump of one family says nothing of the other', () => {
    const four = rules('*filter\n:FORWARD ACCEPT\n', { whole: true });
    assert.deepEqual(unseen(four, 6), all);
    const gaps = rules('*filter\n:FORWARD ACCEPT\n', { gaps: [{ text: 'cut' }] });
    assert.deepEqual(shown(hiddenRules({ ...node(), ...gaps }, 4)), ['cut']);
    assert.deepEqual(shown(hiddenRules({ ...node(), ...gaps }, 6)), []);
  });

  test('what a packet was accepted by says which; of a drop only what may have translated it before', () => {
    const given = (policy: string) =>
      shown(
        only(
          traceFlow(
            { ...node(), ...rules(`*filter\n:FORWARD ${policy}\n`) },
            packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0'),
          ),
        ).verdict.given ?? [],
      );
    assert.deepEqual(given('ACCEPT'), ['mangle', 'nat', 'raw', 'security']);
    assert.deepEqual(given('DROP'), ['nat']);
    assert.ok(matters(table('nat'), 'DROP') && matters(gap('x'), 'DROP'));
    assert.ok(!matters(table('filter'), 'DROP') && matters(table('filter'), 'ACCEPT'));
  });

  test('each is taken once', () => {
    const known = [table('nat'), chain('filter', 'INPUT'), gap('x')];
    assert.equal(withGiven(known, []), known);
    assert.equal(withGiven(known, [gap('x'), table('nat'), chain('filter', 'INPUT')]), known);
    assert.deepEqual(withGiven(known, [gap('y'), gap('x'), chain('filter', 'OUTPUT')]), [
      ...known,
      gap('y'),
      chain('filter', 'OUTPUT'),
    ]);
  });
});

suite('chains that no trace follows', () => {
  const unfollowed = (text: string, device = 'eth0', way: 'in' | 'out' = 'out', more = {}) =>
    unfollowedAt({ ...node(), ...more, nftables: nftRuleset('nft', text) }, device, way).length;
  const egress = (device: string, rules = '\t\tdrop\n', policy = 'accept') =>
    `table netdev t {\n\tchain c {\n\t\ttype filter hook egress device "${device}" priority 0; policy ${policy};\n${rules}\t}\n}\n`;

  test('egress of the device that it leaves by, of one that does something', () => {
    assert.equal(unfollowed(egress('eth0')), 1);
    assert.equal(unfollowed(egress('eth0'), 'eth0', 'in'), 0);
    assert.equal(unfollowed(egress('eth1')), 0);
    // By whichever device it leaves.
    const { nftables } = { nftables: nftRuleset('nft', egress('eth1')) };
    assert.equal(unfollowedAt({ ...node(), nftables }, undefined, 'out').length, 1);
    assert.equal(unfollowed(egress('eth0', '')), 0);
    assert.equal(unfollowed(egress('eth0', '', 'drop')), 1);
    assert.equal(unfollowed(egress('eth0').replace('{\n', '{\n\tflags dormant\n')), 0);
    assert.equal(unfollowed(egress('eth0').replace('egress', 'ingress')), 0);
  });

  test('those of a bridge where the device is one, on both ways; never those of arp', () => {
    const bridge =
      'table bridge t {\n\tchain c {\n\t\ttype filter hook forward priority 0; policy accept;\n\t\tdrop\n\t}\n}\n';
    const { interfaces = [] } = node();
    const port = { ...interfaces[1]!, name: 'veth1', master: 'cni0' };
    const more = { interfaces: [...interfaces, port] };
    assert.equal(unfollowed(bridge, 'cni0', 'in', more), 1);
    assert.equal(unfollowed(bridge, 'cni0', 'out', more), 1);
    assert.equal(unfollowed(bridge, 'eth0', 'out', more), 0);
    // Without the devices nobody knows, so that none is named.
    assert.equal(unfollowed(bridge, 'cni0', 'in', { interfaces: undefined }), 0);
    const arp = bridge.replace('bridge', 'arp').replace('forward', 'input');
    assert.equal(unfollowed(arp, 'cni0', 'in', more), 0);
  });
});

suite('what is taken for granted, added to what was', () => {
  test('of a listing that is cut in 20,000 tables each is compared once', () => {
    const all = Array.from({ length: 20_000 }, (_, i) => gap(`table ${i}`));
    const known = withGiven([], all);
    assert.equal(withGiven(known, [...all].reverse()), known);
    assert.equal(withGiven(known, [...all, gap('another')]).length, 20_001);
  });
});

suite('what is taken for granted, in words', () => {
  for (const [given, text] of [
    [[], undefined],
    [[table('filter')], 'the filter table, which is missing, lets it pass'],
    [[table('nat')], 'the nat table, which is missing, does not translate it'],
    [
      [table('raw'), table('mangle'), table('filter')],
      'the tables filter, mangle and raw, which are missing, let it pass',
    ],
    [[chain('filter', 'INPUT')], 'chain INPUT of filter, which is missing, lets it pass'],
    [
      [chain('nat', 'OUTPUT'), chain('nat', 'POSTROUTING')],
      'the chains OUTPUT of nat and POSTROUTING of nat, which are missing, do not translate it',
    ],
    [
      [gap('a row is cut'), table('nat'), table('filter'), chain('mangle', 'INPUT')],
      'the filter table, which is missing, lets it pass, and chain INPUT of mangle, which is missing, lets it pass, and the nat table, which is missing, does not translate it, and a row is cut',
    ],
  ] as const) {
    test(text ?? 'nothing', () => assert.equal(givenText(given), text));
  }
});
