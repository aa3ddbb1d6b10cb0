import assert from 'node:assert/strict';
import type { NodeState } from '../../../../src/core/node';
import { possibleOrders } from '../../../../src/core/trace/hook/hooks';
import { leaves } from '../../../../src/core/trace/leaves';
import { traceFlow, type TraceOptions } from '../../../../src/core/trace/tracer';
import { nftRuleset } from '../../../../src/syntax/nft/ruleset/ruleset';
import { node, only, packet } from '../helper';

const web = packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0');

function base(
  hook: string,
  priority: number,
  rule = 'counter',
  { type = 'filter', policy = 'accept', name = 'c' } = {},
) {
  return `\tchain ${name} {\n\t\ttype ${type} hook ${hook} priority ${priority}; policy ${policy};\n${rule && `\t\t${rule}\n`}\t}\n`;
}

/** Tables `a`, `b`, ..., each with the chains of one text. */
function listing(...tables: readonly string[]): string {
  return tables.map((chains, i) => `table ip ${'abcdef'[i]} {\n${chains}}\n`).join('');
}

const state = (text: string, more: Partial<NodeState> = {}): NodeState => ({
  ...node(),
  nftables: nftRuleset('listing', text),
  ...more,
});
const orders = (text: string, more: Partial<NodeState> = {}) =>
  possibleOrders(state(text, more), 4).join();

suite('the order of chains that have one priority', () => {
  const both = 'last-first,first-first';
  const one = 'last-first';

  test('is open where two that do something stand on one hook', () => {
    assert.equal(orders(listing(base('forward', 0), base('forward', 0))), both);
    assert.equal(orders(listing(base('forward', 0), base('forward', 1))), one);
    assert.equal(orders(listing(base('forward', 0), base('input', 0))), one);
    assert.equal(orders(listing(base('forward', 0))), one);
    // The second and the third of three.
    const three = listing(base('forward', 0), base('forward', 5), base('forward', 5));
    assert.equal(orders(three), both);
  });

  test('a chain without rules does something only where its policy drops', () => {
    const empty = base('forward', 0, '');
    assert.equal(orders(listing(empty, base('forward', 0))), one);
    assert.equal(
      orders(listing(base('forward', 0, '', { policy: 'drop' }), base('forward', 0))),
      both,
    );
  });

  test('is open of two chains of nat, and of one that stands where nat translates', () => {
    const nat = (priority = -100) => base('prerouting', priority, 'counter', { type: 'nat' });
    assert.equal(orders(listing(nat(), nat())), both);
    assert.equal(orders(listing(nat(), nat(-90))), one);
    assert.equal(orders(listing(nat(-90), base('prerouting', -100))), both);
    assert.equal(orders(listing(nat(-90), base('prerouting', -90))), one);
    assert.equal(
      orders(listing(base('prerouting', -100, '', { type: 'nat' }), base('prerouting', -100))),
      one,
    );
    const source = base('postrouting', 90, 'counter', { type: 'nat' });
    assert.equal(orders(listing(source, base('postrouting', 100))), both);
    assert.equal(orders(listing(source, base('postrouting', -100))), one);
  });

  test('where tables of the legacy backend are there as well, these may have come first', () => {
    const { rulesets } = node({ rules: '*mangle\n:FORWARD ACCEPT\n-A FORWARD -j LOG\n' });
    const legacy = { rulesets: rulesets.map((one) => ({ ...one, backend: 'legacy' as const })) };
    const text = listing(base('forward', -150), base('forward', -150));
    assert.equal(orders(text, legacy), 'last-first,legacy-last,first-first');
    assert.equal(
      orders(listing(base('forward', -150)), legacy),
      'last-first,legacy-last,first-first',
    );
    assert.equal(orders(listing(base('forward', 0)), legacy), one);
    // Without a listing nothing tells of others.
    assert.equal(possibleOrders({ ...node(), ...legacy }, 4).join(), one);
  });

  test('what is said of IPv6 holds for IPv6 alone', () => {
    const text = listing(base('forward', 0), base('forward', 0)).replaceAll(
      'table ip ',
      'table ip6 ',
    );
    assert.equal(possibleOrders(state(text), 4).join(), one);
    assert.equal(possibleOrders(state(text), 6).join(), both);
    assert.equal(possibleOrders(state(text.replaceAll('ip6', 'inet')), 4).join(), both);
  });

  test('chains of nat are asked by their priorities, whatever their place in the listing', () => {
    const nat = (priority: number, to: string, name: string) =>
      base('prerouting', priority, `dnat to ${to}`, { type: 'nat', name });
    const late = nat(-90, '10.244.2.9', 'late');
    const early = nat(-110, '10.244.2.1', 'early');
    for (const chains of [late + early, early + late]) {
      const { verdict } = only(traceFlow(state(listing(chains)), web));
      assert.equal(verdict.final!.destination.words[0]! & 0xff, 1);
    }
  });

  const marks = (order: TraceOptions['order'], more: Partial<NodeState> = {}) => {
    const text = listing(
      base('prerouting', -150, 'meta mark set meta mark << 4 meta mark set meta mark | 0x1'),
      base('prerouting', -150, 'meta mark set meta mark << 4 meta mark set meta mark | 0x2'),
      base('prerouting', -140, 'meta mark set meta mark << 4 meta mark set meta mark | 0x3'),
    );
    return only(traceFlow(state(text, more), web, { order })).verdict.finalMark?.toString(16);
  };

  test('by default what is listed last runs first; a lower priority runs before a higher one', () => {
    assert.equal(marks('last-first'), '213');
    assert.equal(marks('first-first'), '123');
  });

  test('a legacy table is taken for made last, and so runs first, but with `legacy-last`', () => {
    const { rulesets } = node({
      rules:
        '*mangle\n:PREROUTING ACCEPT\n-A PREROUTING -m mark --mark 0x0 -j MARK --set-xmark 0xf/0xf\n',
    });
    const legacy = { rulesets: rulesets.map((one) => ({ ...one, backend: 'legacy' as const })) };
    assert.equal(marks('last-first', legacy), 'f213');
    assert.equal(marks('legacy-last', legacy), '213');
  });

  test('both are followed where they end differently, and each way says so', () => {
    const text = listing(base('forward', 0, 'drop'), base('forward', 0, 'reject'));
    const kinds = (options: TraceOptions) =>
      leaves(traceFlow(state(text), web, options).path).map(({ verdict }) => verdict.kind);
    assert.deepEqual(kinds({}).sort(), ['DROP', 'REJECT']);
    assert.deepEqual(kinds({ order: 'last-first' }), ['REJECT']);
    assert.deepEqual(kinds({ order: 'first-first' }), ['DROP']);
  });
});

suite('a table that nft lists and iptables dumps', () => {
  const { rulesets } = node({
    rules: '*mangle\n:PREROUTING ACCEPT\n-A PREROUTING -j MARK --or-mark 0x1\n',
  });
  const listed = (name = 'mangle', chain = 'PREROUTING', family = 'ip') =>
    base('prerouting', -150, 'meta mark set meta mark | 0x2', { name: chain })
      .replace(/^/, `table ${family} ${name} {\n`)
      .concat('}\n');
  const mark = (backend: 'legacy' | 'nf_tables', text: string) => {
    const dumps = { rulesets: rulesets.map((one) => ({ ...one, backend })) };
    return only(traceFlow(state(text, dumps), web, { order: 'last-first' })).verdict.finalMark;
  };

  test('of iptables-nft is one, with the rules of the dump', () => {
    assert.equal(mark('nf_tables', listed()), 1);
  });

  test('is two where the dump is of the legacy backend', () => {
    assert.equal(mark('legacy', listed()), 3);
  });

  test('is two where the family, the name or the chains are others', () => {
    assert.equal(mark('nf_tables', listed('mangle', 'PREROUTING', 'inet')), 3);
    assert.equal(mark('nf_tables', listed('mangle2')), 3);
    assert.equal(mark('nf_tables', listed('mangle', 'mine')), 3);
  });
});

suite('a chain of the hook ingress', () => {
  const ingress = (devices: string) => {
    const text = `table netdev t {\n\tchain c {\n\t\ttype filter hook ingress ${devices} priority 0; policy accept;\n\t\tdrop\n\t}\n}\n`;
    return leaves(traceFlow(state(text), web).path)
      .map(({ verdict }) => verdict.kind)
      .join();
  };

  test('is called for its devices alone', () => {
    assert.equal(ingress('device "cni0"'), 'DROP');
    assert.equal(ingress('device "eth0"'), 'ACCEPT');
    assert.equal(ingress('devices = { "eth0", "cni0" }'), 'DROP');
    assert.equal(ingress('device "cni*"'), 'DROP');
    assert.equal(ingress('device "eth*"'), 'ACCEPT');
    assert.equal(ingress('device "cali*"'), 'ACCEPT');
    assert.equal(ingress('device "cni"'), 'ACCEPT');
    assert.equal(ingress(''), 'ACCEPT');
  });

  test('sees fragments, which conntrack keeps before all others; a later one has no ports', () => {
    const end = (rule: string) => {
      const text = `table netdev t {\n\tchain c {\n\t\ttype filter hook ingress device "cni0" priority 0; policy accept;\n\t\t${rule} drop\n\t}\n}\n`;
      return only(traceFlow(state(text), { ...web, fragment: true })).verdict.kind;
    };
    assert.equal(end('ip daddr 8.8.8.8'), 'DROP');
    assert.equal(end('meta l4proto tcp'), 'DROP');
    for (const rule of ['tcp dport 80', 'tcp dport != 81', 'th dport 80', 'tcp flags syn']) {
      assert.equal(end(rule), 'LOST', rule);
    }
  });
});
