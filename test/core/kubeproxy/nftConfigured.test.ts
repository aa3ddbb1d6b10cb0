import assert from 'node:assert/strict';
import { formatNetwork } from '../../../src/core/address';
import { configuredTables } from '../../../src/core/kubeproxy/nftables/configured';
import { programmed } from '../../../src/core/kubeproxy/programmed';
import { finish } from '../../../src/core/work';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';

/** Chains by name with their rules, in kube-proxy's table. */
function configured(chains: Readonly<Record<string, readonly string[]>>, whole = true) {
  const texts = Object.entries(chains).map(
    ([name, rules]) => `\tchain ${name} {\n${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}\n`,
  );
  const text = `table ip kube-proxy {\n${texts.join('\n')}${whole ? '}\n' : ''}`;
  const [table] = configuredTables({ nftables: nftRuleset('x', text) })!;
  const { traffic, mark } = table!;
  const who =
    traffic?.kind === 'network'
      ? formatNetwork(traffic.network)
      : traffic?.kind === 'device'
        ? `${traffic.name}${traffic.prefix ? '*' : ''}`
        : traffic?.kind;
  return [who, mark?.bits];
}

/** As 1.36 and later write it. */
const later = (...services: readonly string[]) => ({
  services: [...services, 'ip daddr . meta l4proto . th dport vmap @service-ips'],
  masquerading: [
    'meta mark & 0x00004000 != 0x00000000 meta mark set meta mark ^ 0x00004000 masquerade fully-random',
  ],
});

/** As 1.29 to 1.35 write it: a rule in the chain of each Service. */
const before = (...first: readonly string[]) => ({
  services: ['ip daddr . meta l4proto . th dport vmap @service-ips'],
  masquerading: [
    'meta mark & 0x00008000 == 0x00000000 return',
    'meta mark set meta mark ^ 0x00008000',
    'masquerade fully-random',
  ],
  'mark-for-masquerade': ['meta mark set meta mark | 0x00008000'],
  'endpoint-4SIB47QV-a/b/tcp/__10.244.0.3/80': ['ip saddr 10.244.0.3 jump mark-for-masquerade'],
  'external-LX3JQ64U-a/b/tcp/': ['jump mark-for-masquerade', 'goto service-LX3JQ64U-a/b/tcp/'],
  'service-LX3JQ64U-a/b/tcp/': [
    ...first,
    'numgen random mod 1 vmap { 0 : goto endpoint-4SIB47QV-a/b/tcp/__10.244.0.3/80 }',
  ],
});
const mark = 'meta mark set meta mark | 0x00004000';

suite("what kube-proxy's nft tables show of its configuration", () => {
  for (const [title, chains, expected] of [
    [
      '1.36, a network',
      later(`ip daddr @cluster-ips ip saddr != 10.244.0.0/16 ${mark}`),
      '10.244.0.0/16',
    ],
    ['1.36, devices', later(`ip daddr @cluster-ips iifname != "veth*" ${mark}`), 'veth*'],
    ['1.36, masqueradeAll', later(`ip daddr @cluster-ips ${mark}`), 'all'],
    ['1.36, nothing tells', later(), 'none'],
    [
      '1.36, from some sources',
      later(`ip daddr @cluster-ips ip saddr { 10.0.0.1, 10.0.0.2 } ${mark}`),
      undefined,
    ],
    ...['ip daddr != 10.244.0.0/16', 'tcp sport != 80', 'oifname != "cni0"', 'meta mark != 7'].map(
      (asked) =>
        [`1.36, ${asked}`, later(`ip daddr @cluster-ips ${asked} ${mark}`), undefined] as const,
    ),
    [
      '1.33, a network',
      before('ip daddr 10.96.0.5 tcp dport 80 ip saddr != 10.244.0.0/16 jump mark-for-masquerade'),
      '10.244.0.0/16',
    ],
    [
      '1.34, a device',
      before('ip daddr 10.96.0.5 iifname != "cni0" jump mark-for-masquerade'),
      'cni0',
    ],
    [
      '1.31, a device by its index',
      before('ip daddr 10.96.0.5 tcp dport 80 iif != "cni0" jump mark-for-masquerade'),
      'cni0',
    ],
    ['1.35, masqueradeAll', before('ip daddr 10.96.0.5 jump mark-for-masquerade'), 'all'],
    ['1.35, nothing tells', before(), 'none'],
  ] as const) {
    test(`${title}: ${expected}`, () =>
      assert.deepEqual(configured(chains), [expected, title.startsWith('1.36') ? 0x4000 : 0x8000]));
  }

  test('node ports of a cluster of IPv6 alone', () => {
    const text = `table ip6 kube-proxy {
	map service-nodeports {
		type inet_proto . inet_service : verdict
	}

	chain services {
		fib daddr type local ip6 daddr != ::1 meta l4proto . th dport vmap @service-nodeports
	}

	chain nat-prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		jump services
	}
}
`;
    const nftables = nftRuleset('nft-list-ruleset.txt', text);
    const { nodePorts } = finish(programmed({ name: 'a', rulesets: [], nftables, findings: [] }));
    assert.deepEqual([nodePorts?.addresses, nodePorts?.butLoopback], ['all', true]);
  });

  for (const [what, elements, whole, expected] of [
    ['each address', '192.168.77.10, 10.0.0.10', true, '192.168.77.10 10.0.0.10'],
    ['a network', '10.0.0.0/24', true, '10.0.0.0/24'],
    ['a set that is cut', '192.168.77.10, ', false, undefined],
    ['none', undefined, true, undefined],
  ] as const) {
    test(`node ports on some addresses: ${what}`, () => {
      const own =
        elements === undefined ? '' : `\t\telements = { ${elements}${whole ? ' }\n' : ''}`;
      const text = `table ip kube-proxy {\n\tset nodeport-ips {\n\t\ttype ipv4_addr\n\t\tflags interval\n${own}${whole ? '\t}\n}\n' : ''}`;
      const [table] = configuredTables({ nftables: nftRuleset('x', text) })!;
      const { nodePorts } = table!;
      const seen = nodePorts?.addresses;
      assert.equal(typeof seen === 'string' ? seen : seen?.join(' '), expected);
      if (nodePorts) assert.deepEqual([nodePorts.butLoopback, nodePorts.range.line], [false, 4]);
    });
  }

  for (const [rule, expected] of [
    [
      'fib daddr type local ip daddr != 127.0.0.0/8 meta l4proto . th dport vmap @service-nodeports',
      true,
    ],
    ['fib daddr type local meta l4proto . th dport vmap @service-nodeports', false],
    [
      'fib daddr type local ip daddr != 10.0.0.0/8 meta l4proto . th dport vmap @service-nodeports',
      false,
    ],
    ['fib daddr type local meta l4proto . th dport vmap @others', undefined],
    ['meta l4proto . th dport vmap @service-nodeports', undefined],
  ] as const) {
    test(`node ports by ${rule}`, () => {
      const text = `table ip kube-proxy {\n\tchain services {\n\t\t${rule}\n\t}\n}\n`;
      const [table] = configuredTables({ nftables: nftRuleset('x', text) })!;
      assert.equal(table!.nodePorts?.butLoopback, expected);
    });
  }

  test('a table without a Service, or that is cut, does not tell', () => {
    const { services, masquerading, 'mark-for-masquerade': marks } = before();
    const [none] = configured({ services, masquerading, 'mark-for-masquerade': marks });
    assert.equal(none, undefined);
    assert.equal(configured(before(), false)[0], undefined);
    assert.equal(configured(later(), false)[0], undefined);
  });

  test('of a traffic policy Local the other chain has the rule', () => {
    const { 'service-LX3JQ64U-a/b/tcp/': service, ...others } = before();
    const local = [
      'ip daddr 10.96.0.5 tcp dport 80 ip saddr != 10.244.0.0/16 jump mark-for-masquerade',
      ...service,
    ];
    const chains = { ...others, 'service-LX3JQ64U-a/b/tcp/': service };
    assert.deepEqual(configured({ ...chains, 'local-LX3JQ64U-a/b/tcp/': local }), [
      '10.244.0.0/16',
      0x8000,
    ]);
  });
});
