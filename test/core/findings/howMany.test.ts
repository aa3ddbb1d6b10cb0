import assert from 'node:assert/strict';
import { edited, rules, type Edit } from './cases/case';
import { clusterIpMark, routed, server, smallIpvs } from './cases/small';
import { findingsOf, type Files } from './checkText';

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

suite('findings: how many are told', () => {
  const told = async (files: Files, code: string) => {
    const found = await findingsOf(files, code);
    return found.map(({ message, related = [] }) => [message, related.length] as const);
  };

  suite('virtual servers in no set', () => {
    const code = 'virtual-server-in-no-set';
    const base = smallIpvs(
      server('10.96.0.1:443', '10.244.0.3:8443') + server('10.96.0.2:80', '10.244.0.3:8080'),
      `-A KUBE-SERVICES ${clusterIpMark}\n`,
    );
    const sets = ['EXTERNAL-IP', 'LOAD-BALANCER']
      .map((name) => `create KUBE-${name} hash:ip,port family inet hashsize 1024 maxelem 65536\n`)
      .concat('create KUBE-NODE-PORT-TCP bitmap:port range 0-65535\n')
      .concat('create KUBE-NODE-PORT-UDP bitmap:port range 0-65535\n');
    const withMore = (count: number, more = '') =>
      edited(base, [
        ['ipset-save.txt', '', sets.join('')],
        [
          'ipvsadm-Ln.txt',
          '',
          `${numbers(count)
            .map((i) => server(`192.168.77.10:${30000 + i}`))
            .join('')}${more}\n`,
        ],
      ]);

    test('eight: each for itself', async () => {
      const found = await told(withMore(8), code);
      assert.equal(found.length, 8);
      assert.deepEqual(found[0], [
        'No set of kube-proxy holds 192.168.77.10:30001/tcp: no rule masquerades or lets through what goes there.',
        0,
      ]);
    });

    test('ten: one for all, which leads to eight of the others', async () => {
      assert.deepEqual(await told(withMore(10), code), [
        [
          'No set of kube-proxy holds 192.168.77.10:30001/tcp and 9 more virtual servers: no rule masquerades or lets through what goes there.',
          8,
        ],
      ]);
      assert.equal((await told(withMore(9), code))[0]![1], 8);
    });

    test('one of a firewall mark has no place in a set', async () => {
      assert.deepEqual(await told(withMore(0, 'FWM  1 rr'), code), []);
      assert.deepEqual(
        await told(withMore(0, 'FWM  1 rr'), 'set-entry-without-virtual-server'),
        [],
      );
    });
  });

  test('rules of others before the Services: ten of one table', async () => {
    const code = 'service-rules-passed-over';
    const taken = (count: number): Edit => [
      rules,
      /^-A PREROUTING -j/m,
      `${numbers(count)
        .map((i) => `-A PREROUTING -d 10.99.0.0/16 -m comment --comment ${i} -j ACCEPT\n`)
        .join('')}$&`,
    ];
    for (const [count, wanted] of [
      [9, 9],
      [10, 10],
      [12, 10],
    ] as const)
      assert.equal((await told(edited(routed, [taken(count)]), code)).length, wanted);
  });

  /** The small node with more Services of the same endpoints, by their ClusterIPs and node ports. */
  const withServices = (count: number, ...more: readonly Edit[]) => {
    const name = (i: number) =>
      `KUBE-SVC-${'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[i % 26]!.repeat(15)}${'234567'[Math.floor(i / 26)]}`;
    const all = numbers(count).map((i) => ({ i, chain: name(i) }));
    return edited(routed, [
      [rules, ':KUBE-SVC', `${all.map(({ chain }) => `:${chain} - [0:0]\n`).join('')}$&`],
      [
        rules,
        '-A KUBE-SERVICES -m addrtype',
        `${all.map(({ i, chain }) => `-A KUBE-SERVICES -d 10.99.1.${i}/32 -p tcp -m comment --comment "shop/s${i} cluster IP" -m tcp --dport 80 -j ${chain}\n`).join('')}$&`,
      ],
      [
        rules,
        '-A KUBE-SVC-DC3OOLRZIWFKJHLB !',
        `${all.map(({ chain }) => `-A ${chain} -j KUBE-SEP-AJHR67BPPEH4YV3Z\n`).join('')}$&`,
      ],
      ...more,
    ]);
  };

  test('a rule that drops what goes to all Services is told once, with one of them', async () => {
    const found = await findingsOf(
      withServices(3, [rules, '-A FORWARD', '-A FORWARD -p tcp -j DROP\n-A FORWARD']),
      'dropped-by-other-rules',
    );
    assert.equal(found.length, 1);
    const files = withServices(3, [rules, '-A FORWARD', '-A FORWARD -p tcp -j DROP\n-A FORWARD']);
    const lines = files[rules]!.split('\n');
    assert.equal(lines[found[0]!.range.line], '-A FORWARD -p tcp -j DROP');
    assert.deepEqual(
      found[0]!.related!.map(({ message, range }) => [
        message,
        /^-A KUBE-SERVICES|^-A KUBE-NODEPORTS|^:KUBE-SVC|^-A KUBE-SVC/.test(lines[range.line]!),
      ]),
      [['the Service', true]],
    );
  });

  test('two rules that drop are told each', async () => {
    const found = await told(
      edited(routed, [
        [rules, '-A FORWARD', '-A FORWARD -p tcp -j DROP\n-A FORWARD'],
        [rules, /(\*filter\n[^*]*:OUTPUT )ACCEPT/, '$1DROP'],
      ]),
      'dropped-by-other-rules',
    );
    assert.equal(found.length, 2);
  });

  test('packets that another rule sends elsewhere: forty are followed', async () => {
    const code = 'translated-by-other-rules';
    const taken: Edit = [
      rules,
      /^-A OUTPUT -j/m,
      '-A OUTPUT -p tcp -j DNAT --to-destination 10.0.0.9:80\n$&',
    ];
    // And its own ClusterIP and node port, of which a client outside is not taken.
    assert.equal((await told(withServices(30, taken), code)).length, 31);
    assert.equal((await told(withServices(60, taken), code)).length, 39);
  });
});
