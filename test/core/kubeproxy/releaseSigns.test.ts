import assert from 'node:assert/strict';
import { recognizeRelease } from '../../../src/core/kubeproxy/release/recognize';
import type { ReleaseSign } from '../../../src/core/kubeproxy/release/sign';
import { finish } from '../../../src/core/work';
import { nftBlocks } from '../../../src/syntax/expected/nftBlocks';
import { savedRules } from '../../../src/syntax/expected/savedRules';

const id = 'AAAAAAAAAAAAAAAA';

/** One table of iptables-save, each chain that a rule names declared. */
function table(name: string, hooks: readonly string[], rules: readonly string[]): string[] {
  const named = rules.flatMap((rule) =>
    Array.from(rule.matchAll(/(?:^|-[jg] )(\S*KUBE-\S+|MINE)/g), ([, chain]) => chain!),
  );
  return [
    `*${name}`,
    ...hooks.map((hook) => `:${hook} ACCEPT [0:0]`),
    ...[...new Set(named)].map((chain) => `:${chain} - [0:0]`),
    ...rules.map((rule) => `-A ${rule}`),
    'COMMIT',
  ];
}

const toServices = 'PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES';
const nat = (...rules: readonly string[]) =>
  table('nat', ['PREROUTING', 'POSTROUTING'], [toServices, ...rules]);
const filter = (...rules: readonly string[]) =>
  table('filter', ['INPUT', 'FORWARD', 'OUTPUT'], rules);

/** `24-`, `-21`, `4-23` and what is said to tell it. */
function signs(
  four: readonly string[],
  six?: readonly string[],
  sets?: readonly string[],
): string[] {
  const found = finish(
    recognizeRelease({
      four: finish(savedRules([...four])),
      ...(six && { six: finish(savedRules([...six])) }),
      ...(sets && { sets }),
    }),
  );
  return (found?.signs ?? []).map(signText);
}

function signText({ since, until, text }: ReleaseSign): string {
  return `${since ?? ''}-${until ?? ''} ${text}`;
}

const svc = `KUBE-SERVICES -j KUBE-SVC-${id}`;
const masquerade = '-m comment --comment "a/b cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ';

suite('each sign of a release alone: rules of table nat in iptables mode', () => {
  for (const [sign, ...rules] of [
    ['24- chains KUBE-EXT- or KUBE-SVL-', `KUBE-SERVICES -j KUBE-EXT-${id}`],
    ['24- chains KUBE-EXT- or KUBE-SVL-', `KUBE-SERVICES -j KUBE-SVL-${id}`],
    ['4-23 chains KUBE-XLB-', `KUBE-SERVICES -j KUBE-XLB-${id}`],
    [
      '27- KUBE-FW- ends in a rule without a target',
      `KUBE-SERVICES -j KUBE-FW-${id}`,
      `KUBE-FW-${id} -m comment --comment "other traffic to a/b will be dropped by KUBE-PROXY-FIREWALL"`,
    ],
    [
      '31- a counter nfacct in KUBE-NODEPORTS',
      'KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS',
      'KUBE-NODEPORTS -d 127.0.0.0/8 -m nfacct --nfacct-name localhost_nps_accepted_pkts',
    ],
    [
      '24- comments that name the endpoint',
      svc,
      `KUBE-SVC-${id} -m comment --comment "a/b -> 10.0.0.1:80" -j KUBE-SEP-${id}`,
    ],
    [
      '22- the masquerade rule of a ClusterIP in KUBE-SVC-',
      svc,
      `KUBE-SVC-${id} ! -s 10.244.0.0/16 -d 10.96.0.1/32 -p tcp ${masquerade}`,
    ],
    [
      '-21 the masquerade rule of a ClusterIP in KUBE-SERVICES',
      `KUBE-SERVICES ! -s 10.244.0.0/16 -d 10.96.0.1/32 -p tcp ${masquerade}`,
    ],
    [
      '-21 marks in KUBE-NODEPORTS',
      'KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS',
      'KUBE-NODEPORTS -p tcp -m comment --comment "a/b" -m tcp --dport 30080 -j KUBE-MARK-MASQ',
    ],
    [
      '-20 physdev in the rules of external IPs',
      `KUBE-SERVICES -d 203.0.113.1/32 -m physdev ! --physdev-is-in -j KUBE-SVC-${id}`,
    ],
    [
      '-18 a colon behind the name of an unnamed port',
      `KUBE-SERVICES -d 10.96.0.1/32 -m comment --comment "a/b: cluster IP" -j KUBE-SVC-${id}`,
    ],
    [
      '-16 probabilities of five decimals',
      svc,
      `KUBE-SVC-${id} -m statistic --mode random --probability 0.33332999982 -j KUBE-SEP-${id}`,
    ],
    [
      '17- probabilities of ten decimals',
      svc,
      `KUBE-SVC-${id} -m statistic --mode random --probability 0.33333333349 -j KUBE-SEP-${id}`,
    ],
    [
      '16- KUBE-POSTROUTING of three rules',
      'POSTROUTING -j KUBE-POSTROUTING',
      'KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
    ],
    [
      '-18 KUBE-POSTROUTING of one rule',
      'POSTROUTING -j KUBE-POSTROUTING',
      'KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -m mark --mark 0x4000/0x4000 -j MASQUERADE',
    ],
  ] as const) {
    test(`${sign}: ${rules[0]}`, () => assert.deepEqual(signs(nat(...rules)), [sign]));
  }

  test('three rules in KUBE-POSTROUTING say nothing of one, though one of them requires SNAT', () => {
    const rules = nat(
      'POSTROUTING -j KUBE-POSTROUTING',
      'KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
      'KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE',
    );
    assert.deepEqual(signs(rules), ['16- KUBE-POSTROUTING of three rules']);
  });

  test('none where no sign is there, or PREROUTING leads elsewhere', () => {
    assert.deepEqual(signs(nat()), []);
    const rules = nat(`KUBE-SERVICES -j KUBE-EXT-${id}`);
    const elsewhere = rules.map((line) => line.replace('-j KUBE-SERVICES', '-j KUBE-SERVICES-OLD'));
    assert.deepEqual(signs(elsewhere), []);
  });

  test('by one of many chains of a kind, among others that do not tell', () => {
    const ids = ['A', 'B', 'C'].map((letter) => letter.repeat(16));
    const rules = ids.flatMap((each, i) => [
      `KUBE-SERVICES -j KUBE-SVC-${each}`,
      `KUBE-SVC-${each} -m statistic --mode random --probability ${i === 1 ? '0.33333333349' : '0.5'} -j ACCEPT`,
    ]);
    assert.deepEqual(signs(nat(...rules)), ['17- probabilities of ten decimals']);
  });

  test('none of a rule that is nearly the one that tells', () => {
    const fw = `KUBE-FW-${id} -m comment --comment "other traffic to a/b will be dropped"`;
    const near: readonly (readonly string[])[] = [
      // A chain of somebody else that has the name within its own, and a rule that has a target.
      ['KUBE-SERVICES -j MY-KUBE-FW-X', fw.replace(`KUBE-FW-${id}`, 'MY-KUBE-FW-X')],
      [`KUBE-SERVICES -j KUBE-FW-${id}`, `${fw} -j KUBE-MARK-DROP`],
      [
        'KUBE-SERVICES -m addrtype -j KUBE-NODEPORTS',
        'KUBE-NODEPORTS -s 10.0.0.0/8 -p tcp -j KUBE-MARK-MASQ',
      ],
      [
        'KUBE-SERVICES -m addrtype -j KUBE-NODEPORTS',
        'KUBE-NODEPORTS -p tcp -j KUBE-MARK-MASQ-OLD',
      ],
      ['KUBE-SERVICES -m comment --comment "x a/b: external IP" -j ACCEPT'],
      [svc, `KUBE-SVC-${id} -m comment --comment "a/b -> 10.0.0.1:80" -j KUBE-MARK-MASQ`],
      [svc, `KUBE-SVC-${id} -m comment --comment "a/b cluster IP" -j RETURN`],
      [
        'POSTROUTING -j KUBE-POSTROUTING',
        'KUBE-POSTROUTING -m mark --mark 0x4000/0x4000 -j RETURN',
      ],
    ];
    for (const rules of near) assert.deepEqual(signs(nat(...rules)), [], rules.at(-1));
  });

  test('none of a chain of that name in another table, or that no hook leads to', () => {
    const rule = `KUBE-FW-${id} -m comment --comment "other traffic to a/b will be dropped"`;
    const elsewhere = table('mangle', ['PREROUTING'], [`PREROUTING -j KUBE-FW-${id}`, rule]);
    assert.deepEqual(signs([...nat(), ...elsewhere]), []);
    assert.deepEqual(signs(nat(rule)), []);
    assert.deepEqual(signs(nat(`KUBE-EXT-${id} -j ACCEPT`)), []);
  });

  test('chains that lead back to themselves are gone through once', () => {
    const rules = nat('KUBE-SERVICES -g MINE', `MINE -g KUBE-EXT-${id}`, `KUBE-EXT-${id} -j MINE`);
    assert.deepEqual(signs(rules), ['24- chains KUBE-EXT- or KUBE-SVL-']);
  });

  test('of IPv6, whether node ports answer at ::1', () => {
    const six = (from: string, to = 'KUBE-NODEPORTS') =>
      nat(`KUBE-SERVICES ${from}-m addrtype --dst-type LOCAL -j ${to}`);
    assert.deepEqual(signs(nat(), six('! -d ::1/128 ', 'KUBE-NODEPORTS-OLD')), []);
    assert.deepEqual(signs(nat(), six('-s ! -d ::1/128 ')), ['-25 IPv6 node ports on ::1 too']);
    assert.deepEqual(signs(nat(), six('! -d ::1/128 ')), ['26- IPv6 node ports leave ::1 out']);
    assert.deepEqual(signs(nat(), six('')), ['-25 IPv6 node ports on ::1 too']);
    assert.deepEqual(signs(nat(), nat()), []);
    assert.deepEqual(signs(nat(), filter()), []);
  });
});

/** The jumps to kube-proxy's chains in table filter, the newest first. */
const jumps = [
  [25, 'FORWARD -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL'],
  [21, 'INPUT -j KUBE-NODEPORTS'],
  [20, 'FORWARD -j KUBE-EXTERNAL-SERVICES'],
  [14, 'FORWARD -j KUBE-SERVICES'],
  [10, 'INPUT -j KUBE-EXTERNAL-SERVICES'],
] as const;

suite('each sign of a release alone: rules of table filter', () => {
  const first = (rules: readonly string[]) => signs([...nat(), ...filter(...rules)])[0];
  const kubelet = 'INPUT -j KUBE-FIREWALL';
  const all = [kubelet, ...jumps.map(([, rule]) => rule)];

  for (const [i, [since]] of jumps.entries()) {
    test(`what 1.${since} jumps to and 1.${since - 1} does not`, () => {
      const rules = [kubelet, ...jumps.slice(i).map(([, rule]) => rule)];
      const newest = i === 0 ? [`${since}-`] : [`${since}-`, `-${jumps[i - 1]![0] - 1}`];
      const found = signs([...nat(), ...filter(...rules)]).map((sign) => sign.split(' ')[0]);
      assert.deepEqual(found.sort(), newest.sort());
    });
  }

  test('no jump at all is of before', () => {
    assert.equal(first([kubelet]), '-9 no jump to KUBE-EXTERNAL-SERVICES');
  });

  for (const [sign, rule] of [
    [
      '23- one conntrack rule in KUBE-FORWARD',
      '-m comment --comment "kubernetes forwarding conntrack rule" -j ACCEPT',
    ],
    [
      '18-22 two equal conntrack rules in KUBE-FORWARD',
      '-m comment --comment "kubernetes forwarding conntrack pod source rule" -j ACCEPT',
    ],
    [
      '-17 clusterCIDR in KUBE-FORWARD',
      '-s 10.244.0.0/16 -m comment --comment "kubernetes forwarding conntrack pod source rule" -j ACCEPT',
    ],
    ['15- KUBE-FORWARD drops INVALID', '-m conntrack --ctstate INVALID -j DROP'],
    [
      '31- a counter nfacct in KUBE-FORWARD',
      '-m nfacct --nfacct-name ct_state_invalid_dropped_pkts',
    ],
  ] as const) {
    test(sign, () => {
      const [since = '', until = ''] = /^(\d*)-(\d*)/.exec(sign)!.slice(1);
      // Beside those jumps that leave both of its ends open.
      const own = jumps.filter(([number]) => number < Number(since || until));
      const rules = [
        kubelet,
        ...own.map(([, jump]) => jump),
        'FORWARD -j KUBE-FORWARD',
        `KUBE-FORWARD ${rule}`,
      ];
      assert.ok(!signs([...nat(), ...filter(...rules.slice(0, -1))]).includes(sign));
      assert.ok(signs([...nat(), ...filter(...rules)]).includes(sign));
    });
  }

  test('since 1.27 only a node whose kubelet writes it has a jump to KUBE-FIREWALL', () => {
    const found = signs([...nat(), ...filter(...all.slice(1))]);
    assert.deepEqual(found.sort(), [
      '-26 no jump from INPUT to KUBE-FIREWALL',
      '25- jump to KUBE-PROXY-FIREWALL',
    ]);
  });
});

suite('each sign of a release alone: ipvs mode', () => {
  const bySet = nat('KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP src,dst -j KUBE-MARK-MASQ');
  /** In the order in which releases brought them. */
  const sets = [
    [15, 'KUBE-NODE-PORT-SCTP-HASH'],
    [18, 'KUBE-EXTERNAL-IP-LOCAL'],
    [21, 'KUBE-HEALTH-CHECK-NODE-PORT'],
    [26, 'KUBE-IPVS-IPS'],
  ] as const;

  for (const [i, [since, name]] of sets.entries()) {
    test(`ipset ${name}: 1.${since}`, () => {
      const there = ['KUBE-CLUSTER-IP', ...sets.slice(0, i + 1).map(([, each]) => each)];
      const next = sets[i + 1];
      assert.deepEqual(signs(bySet, undefined, there).sort(), [
        ...(next ? [`-${next[0] - 1} no ipset ${next[1]}`] : []),
        `${since}- ipset ${name}`,
      ]);
    });
  }

  test('sets that only old releases made', () => {
    assert.deepEqual(signs(bySet, undefined, ['KUBE-CLUSTER-IP', 'KUBE-NODE-PORT-SCTP']).sort(), [
      '-14 no ipset KUBE-NODE-PORT-SCTP-HASH',
      '12-14 ipset KUBE-NODE-PORT-SCTP',
    ]);
    assert.deepEqual(signs(bySet, undefined, ['KUBE-CLUSTER-IP', 'KUBE-LOAD-BALANCER-MASQ']), [
      '9-10 ipset KUBE-LOAD-BALANCER-MASQ',
    ]);
    assert.deepEqual(signs(bySet, undefined, ['KUBE-CLUSTER-IP']), [
      '-14 no ipset KUBE-NODE-PORT-SCTP-HASH',
    ]);
  });

  test('without kube-proxy’s sets their absence tells nothing', () => {
    assert.deepEqual(signs(bySet, undefined, []), []);
    assert.deepEqual(signs(bySet, undefined, ['KUBE-IPVS-IPS']), []);
  });

  test('chains that hooks of table filter lead to', () => {
    const rules = [
      [25, 'FORWARD -j KUBE-PROXY-FIREWALL'],
      [26, 'INPUT -j KUBE-IPVS-FILTER'],
      [29, 'OUTPUT -j KUBE-IPVS-OUT-FILTER'],
    ] as const;
    for (const [i, [since]] of rules.entries()) {
      const there = filter(...rules.slice(0, i + 1).map(([, rule]) => rule));
      const found = signs([...bySet, ...there], undefined, []).map((sign) => sign.split(' ')[0]);
      const next = rules[i + 1];
      assert.deepEqual(found.sort(), [...(next ? [`-${next[0] - 1}`] : []), `${since}-`].sort());
    }
    assert.deepEqual(signs([...bySet, ...filter()], undefined, []), [
      '-24 no chain KUBE-PROXY-FIREWALL',
    ]);
  });

  test('rules of KUBE-FORWARD', () => {
    const forward = (comment: string) =>
      signs(
        [
          ...bySet,
          ...filter(
            'FORWARD -j KUBE-FORWARD',
            `KUBE-FORWARD -m comment --comment "kubernetes forwarding conntrack ${comment}" -j ACCEPT`,
          ),
        ],
        undefined,
        [],
      );
    assert.deepEqual(forward('rule').sort(), [
      '-24 no chain KUBE-PROXY-FIREWALL',
      '23- one conntrack rule in KUBE-FORWARD',
    ]);
    assert.deepEqual(forward('pod source rule'), [
      '18-22 two equal conntrack rules in KUBE-FORWARD',
    ]);
  });
});

suite('each sign of a release alone: nftables mode', () => {
  const nft = (...blocks: readonly string[]) => {
    const text = `table ip kube-proxy {\n${blocks.join('\n')}\n}\n`;
    const found = finish(recognizeRelease({ nft: finish(nftBlocks(text.split('\n'), 4)) }));
    return (found?.signs ?? []).map(signText);
  };
  const chain = (name: string, ...rules: readonly string[]) =>
    `\tchain ${name} {\n${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}\n`;
  const mark = chain('mark-for-masquerade', 'meta mark set meta mark | 0x00004000');
  const service = (rule: string) =>
    mark +
    chain(
      'service-ULMVA6XW-ns1/svc1/tcp/p80',
      `ip daddr 10.96.0.7 ${rule}ip saddr != 10.0.0.0/8 jump mark-for-masquerade`,
    );

  test('the table itself is of 1.29 and later', () => {
    assert.deepEqual(nft(chain('services')), ['29- a table kube-proxy of nftables']);
  });

  for (const [sign, block] of [
    ['-35 chain mark-for-masquerade', mark],
    ['36- set hairpin-connections', '\tset hairpin-connections {\n\t\ttype ipv4_addr\n\t}\n'],
    ['33- chain filter-prerouting-pre-dnat', chain('filter-prerouting-pre-dnat')],
    ['30-33 chain filter-output-post-dnat', chain('filter-output-post-dnat')],
    ['-29 chain endpoints-check or firewall-allow-check', chain('endpoints-check')],
    ['-29 chain endpoints-check or firewall-allow-check', chain('firewall-allow-check')],
    ['-33 the masquerade rule of a ClusterIP asks the port', service('tcp dport 80 ')],
    ['34- the masquerade rule of a ClusterIP asks no port', service('')],
  ] as const) {
    test(`${sign}: ${block.trim().split('\n')[0]}`, () => {
      assert.ok(nft(block).includes(sign), nft(block).join());
    });
  }

  test('what another chain marks for masquerade tells nothing of the ClusterIP’s rule', () => {
    const own = 'ip saddr 10.244.0.3 jump mark-for-masquerade';
    for (const [name, rule] of [
      ['endpoint-4SIB47QV-ns1/local-1/tcp/p80__10.0.0.1/80', own],
      ['external-ULMVA6XW-ns1/service-1/tcp/p80', 'jump mark-for-masquerade'],
      ['service-ULMVA6XW-ns1/svc1/tcp/p80', 'goto external-X'],
    ] as const) {
      const found = nft(mark + chain(name, rule));
      assert.deepEqual(
        found.filter((sign) => sign.includes('ClusterIP')),
        [],
        name,
      );
    }
    const both =
      mark +
      chain('service-A', 'drop') +
      chain('service-B', 'ip daddr 10.96.0.7 jump mark-for-masquerade');
    assert.ok(nft(both).includes('34- the masquerade rule of a ClusterIP asks no port'));
  });
});
