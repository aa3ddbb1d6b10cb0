import assert from 'node:assert/strict';
import { modeContradiction, modeOf } from '../../../src/core/kubeproxy/mode/judge';
import { modeSigns } from '../../../src/core/kubeproxy/mode/signs';
import { hasEvenShares, usualTarget } from '../../../src/core/kubeproxy/iptables/usualChains';
import type { ProxyModeName } from '../../../src/core/kubeproxy/proxyMode';
import type { NodeState } from '../../../src/core/node';
import { finish } from '../../../src/core/work';
import { parseIpAddress } from '../../../src/syntax/ip/address';
import { parseIpsetSave } from '../../../src/syntax/ipset/save';
import { parseIpvsSave } from '../../../src/syntax/ipvs/save';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';
import { rulesetsOfText } from '../../../src/syntax/iptables/ruleset/ruleset';
import { testParser } from '../../syntax/parser';

const parser = await testParser();
const hash = 'ABCDEFGHIJKLMNOP';
const devices = parseIpAddress(
  '4: cni0: <UP> mtu 1500\n5: kube-ipvs0: <NOARP> mtu 1500\n',
  'ip',
).value;

function node(rules = '', more: Partial<NodeState> = {}): NodeState {
  const text = `*nat\n:PREROUTING ACCEPT [0:0]\n:KUBE-SERVICES - [0:0]\n${rules}COMMIT\n`;
  return { name: 'a', rulesets: rulesetsOfText('rules', text, parser), findings: [], ...more };
}

function signs(of: NodeState): readonly unknown[] {
  return finish(modeSigns(of)).map(({ mode, weight, kind, range, ...more }) => [
    [mode, weight, kind].join(' '),
    range.line,
    more,
  ]);
}

const toChains = `:KUBE-SVC-${hash} - [0:0]\n-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m tcp --dport 443 -j KUBE-SVC-${hash}\n`;
const bySets =
  '-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT\n-A PREROUTING -j KUBE-SERVICES\n';

suite('signs of the mode', () => {
  test('what kube-proxy says and what its configuration says differ in weight', () => {
    const said = (says: 'runs' | 'configured') =>
      signs(node('', { proxyMode: { name: 'ipvs', source: 'x', says } }));
    assert.deepEqual(said('runs'), [['ipvs runs proxy-mode', 0, {}]]);
    assert.deepEqual(said('configured'), [['ipvs configured configuration', 0, {}]]);
  });

  test('KUBE-SERVICES is of the mode that wrote last', () => {
    assert.deepEqual(signs(node(toChains))[0], ['iptables in-force services-to-chains', 4, {}]);
    assert.deepEqual(signs(node(bySets)), [['ipvs in-force services-by-sets', 3, {}]]);
    // A set of somebody else.
    assert.deepEqual(signs(node(bySets.replace('KUBE-CLUSTER', 'MY-KUBE-CLUSTER'))), []);
    for (const to of ['KUBE-NODE-PORT', 'KUBE-LOAD-BALANCER']) {
      assert.deepEqual(signs(node(`-A KUBE-SERVICES -p tcp -j ${to}\n`)), [
        ['ipvs in-force services-by-sets', 3, {}],
      ]);
    }
  });

  test('what is configured is certain where its rules alone are in force', () => {
    const said = { proxyMode: { name: 'iptables', source: 'x', says: 'configured' } } as const;
    const judged = (more: Partial<NodeState>) => {
      const { mode, certainty } = modeOf(node(toChains, more));
      return `${mode} ${certainty}`;
    };
    const nftables = nftRuleset('nft', 'table ip kube-proxy {\n\tchain services {\n\t}\n}\n');
    assert.equal(judged(said), 'iptables certain');
    assert.equal(judged({ ...said, nftables }), 'iptables likely');
    assert.equal(judged({ nftables }), 'undefined unknown');
  });

  test('kube-ipvs0 is a trace, of a whole dump of devices or of one', () => {
    const trace = ['ipvs trace kube-ipvs0', 1, {}];
    assert.deepEqual(signs(node('', { interfaces: devices })), [trace]);
    assert.deepEqual(signs(node('', { someInterfaces: devices })), [trace]);
    assert.deepEqual(signs(node('', { interfaces: devices!.slice(0, 1) })), []);
  });

  test('a rule that refuses a Service without endpoints is of iptables mode, which may be gone', () => {
    const refusing = (comment: string) => {
      const text = `-A KUBE-SERVICES -d 10.96.0.9/32 -p tcp -m comment --comment "${comment}" -m tcp --dport 80 -j REJECT\n`;
      const of = { ...node(), rulesets: rulesetsOfText('rules', text, parser) };
      return [signs(of), modeOf(of).mode, modeOf(of).certainty];
    };
    const sign = ['iptables trace refusing-rule', 0, {}];
    assert.deepEqual(refusing('shop/web:http has no endpoints'), [[sign], 'iptables', 'likely']);
    assert.deepEqual(refusing('shop/web has no local endpoints')[0], [sign]);
    assert.deepEqual(refusing('shop/web is closed'), [[], undefined, 'unknown']);
  });

  test('chains that only one mode has are its traces, in any table, and are counted', () => {
    const chains = (...names: readonly string[]) =>
      signs(node(names.map((name) => `:${name} - [0:0]\n`).join('')));
    // pkg/proxy/ipvs/proxier.go and pkg/proxy/iptables/proxier.go, their constants.
    assert.deepEqual(
      chains('KUBE-NODE-PORT', 'KUBE-LOAD-BALANCER', 'KUBE-FIRE-WALL', 'KUBE-IPVS-FILTER'),
      [['ipvs trace ipvs-chains', 3, { count: 4 }]],
    );
    assert.deepEqual(chains('KUBE-NODEPORTS', 'KUBE-PROXY-CANARY', `KUBE-SEP-${hash}`), [
      ['iptables trace service-chains', 3, { count: 3 }],
    ]);
    assert.deepEqual(chains('KUBE-IPVS-OUT-FILTER', 'KUBE-EXTERNAL-SERVICES'), [
      ['ipvs trace ipvs-chains', 3, { count: 1 }],
      ['iptables trace service-chains', 4, { count: 1 }],
    ]);
    // Of both modes, of the kubelet, and of nobody that is known.
    assert.deepEqual(
      chains('KUBE-MARK-MASQ', 'KUBE-FIREWALL', 'KUBE-NODE-PORTS', 'MY-KUBE-NODE-PORT'),
      [],
    );
  });

  test('virtual servers and sets of kube-proxy are counted', () => {
    const ipvs = parseIpvsSave('-A -f 7 -s rr\n-A -t 10.96.0.1:443 -s rr\n', 'ipvs').value;
    const sets = parseIpsetSave(
      'create other hash:ip\ncreate KUBE-CLUSTER-IP hash:ip,port\ncreate KUBE-LOOP-BACK hash:ip\n',
      'sets',
    ).value;
    assert.deepEqual(signs(node('', { ipvs, sets })), [
      ['ipvs trace virtual-servers', 1, { count: 1 }],
      ['ipvs trace sets', 1, { count: 2 }],
    ]);
  });
});

suite('a mode that is said and none in force', () => {
  const said = (name: ProxyModeName, says: 'runs' | 'configured'): Partial<NodeState> => ({
    proxyMode: { name, source: 'x', says },
  });

  test('both are told, whoever says it', () => {
    for (const says of ['runs', 'configured'] as const) {
      const found = modeContradiction(node(toChains, said('ipvs', says)));
      assert.deepEqual([found?.said.mode, found?.inForce.mode], ['ipvs', 'iptables']);
    }
  });

  test('none where they agree, or one of them is not at hand', () => {
    assert.equal(modeContradiction(node(toChains, said('iptables', 'configured'))), undefined);
    assert.equal(modeContradiction(node(toChains)), undefined);
    assert.equal(modeContradiction(node('', said('ipvs', 'configured'))), undefined);
  });

  test('none where one of two modes in force is the one that is said, whichever comes first', () => {
    const both = {
      nftables: nftRuleset('nft', 'table ip kube-proxy {\n\tchain services {\n\t}\n}\n'),
    };
    for (const name of ['iptables', 'nftables'] as const) {
      const state = node(toChains, { ...both, ...said(name, 'configured') });
      assert.equal(modeContradiction(state), undefined, name);
    }
    const third = modeContradiction(node(toChains, { ...both, ...said('ipvs', 'configured') }));
    assert.equal(third?.inForce.mode, 'iptables');
  });

  test('an excerpt would show rules of iptables and ipvs mode only where it has KUBE-SERVICES', () => {
    const of = (nat: string): NodeState => ({
      ...said('iptables', 'configured'),
      name: 'a',
      rulesets: rulesetsOfText('rules', nat, parser),
      findings: [],
      nftables: nftRuleset('nft', 'table ip kube-proxy {\n\tchain services {\n\t}\n}\n'),
    });
    const rule = '-A KUBE-SERVICES -j MINE\n';
    for (const [nat, shown] of [
      ['*nat\n:KUBE-SERVICES - [0:0]\nCOMMIT\n', true],
      [`*nat\n${rule}`, true],
      [`*nat\n${rule}COMMIT\n`, true],
      ['*nat\n:KUBE-SERVICES - [0:0]\n', false],
      ['*nat\n-A PREROUTING -j KUBE-SERVICES\nCOMMIT\n', false],
      ['*filter\n:KUBE-SERVICES - [0:0]\nCOMMIT\n', false],
    ] as const) {
      assert.equal(modeContradiction(of(nat))?.shown, shown, nat);
    }
  });

  test('whether the dumps at hand would show rules of the mode that is said', () => {
    const shown = (rules: string, more: Partial<NodeState>) =>
      modeContradiction(node(rules, more))?.shown;
    const nothing = nftRuleset('nft', 'table ip mine {\n}\n');
    // A listing of nft shows a table kube-proxy where there is one; iptables-save never does.
    assert.equal(shown(toChains, said('nftables', 'configured')), false);
    assert.equal(shown(toChains, { nftables: nothing, ...said('nftables', 'configured') }), true);
    assert.equal(shown(toChains, said('ipvs', 'configured')), true);
  });
});

suite('usual chains', () => {
  const chain = (name: string, rules: string) =>
    node(`:${name} - [0:0]\n${rules}`).rulesets[0]!.tables.get('nat')!.chains.get(name)!;
  const target = (to: string) =>
    usualTarget(
      chain('KUBE-SEP-A', `-A KUBE-SEP-A -p tcp -m tcp -j DNAT --to-destination ${to}\n`),
    );

  test('where the last rule of KUBE-SEP- leads: IPv4, and IPv6 in brackets', () => {
    assert.deepEqual(target('10.244.0.3:3000'), {
      address: { family: 4, words: [0x0af40003] },
      port: 3000,
    });
    const six = target('[fd00::3]:65535');
    assert.deepEqual([six?.address.family, six?.address.words.at(-1), six?.port], [6, 3, 65535]);
  });

  test('a range, no port or too high a one is nothing usual', () => {
    for (const to of ['10.244.0.3:3000-3010', '10.244.0.3', '10.244.0.3:65536']) {
      assert.equal(target(to), undefined, to);
    }
  });

  test('shares are even where each of those that are left gets the same', () => {
    const even = (first: string, second: string) =>
      finish(
        hasEvenShares(
          chain(
            'KUBE-SVC-A',
            [
              `-A KUBE-SVC-A ! -s 10.244.0.0/16 -d 10.96.0.1/32 -p tcp -j KUBE-MARK-MASQ`,
              `-A KUBE-SVC-A -m comment --comment "a -> b" ${first}-j KUBE-SEP-${hash}`,
              `-A KUBE-SVC-A -m comment --comment "a -> c" ${second}-j KUBE-SEP-BBCDEFGHIJKLMNOP`,
              '',
            ].join('\n'),
          ),
        ),
      );
    const half = '-m statistic --mode random --probability 0.50000000000 ';
    assert.ok(even(half, ''));
    assert.ok(!even('', ''));
    assert.ok(!even('-m statistic --mode random --probability 0.33333333349 ', ''));
    assert.ok(!even(half, half));
  });
});
