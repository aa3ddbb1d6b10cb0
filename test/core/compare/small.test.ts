import assert from 'node:assert/strict';
import { compareNodes } from '../../../src/core/compare/compare';
import { finish } from '../../../src/core/work';
import { edited, rules, type Edit } from '../findings/cases/case';
import { clusterIpMark, routed, server, smallIpvs } from '../findings/cases/small';
import type { Files } from '../findings/checkText';
import { copies, first, read } from './small';

async function compared(left: Files, right: Files, names: readonly [string, string] = ['a', 'b']) {
  const found = finish(compareNodes(await read(names[0], left), await read(names[1], right)));
  const lineOf = (files: Files, range?: { readonly source: string; readonly line: number }) =>
    range && files[range.source]?.split('\n')[range.line];
  return {
    ...found,
    texts: found.differences.map(({ severity, message }) => `${severity}: ${message}`),
    places: found.differences.map(({ left: l, right: r }) => [lineOf(left, l), lineOf(right, r)]),
  };
}

const small = (edits: readonly Edit[], others: readonly Edit[] = []) =>
  compared(edited(routed, edits), edited(routed, others));

suite('two small nodes by meaning', () => {
  const toNodePorts = '-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS';
  const nodePorts = (...to: readonly string[]): Edit => [
    rules,
    toNodePorts,
    to.map((match) => `-A KUBE-SERVICES ${match} -j KUBE-NODEPORTS`).join('\n'),
  ];

  test('the second of one name is called so', async () => {
    const { texts } = await compared(edited(routed, [nodePorts('-d 192.168.77.10/32')]), routed, [
      'a',
      'a',
    ]);
    assert.deepEqual(texts, [
      'warning: NodePorts answer on 192.168.77.10 on a and on all addresses on a (the second).',
    ]);
  });

  for (const [what, left, right, expected] of [
    [
      'all addresses and some',
      ['-d 192.168.77.10/32', '-d 10.0.0.1/32'],
      ['-m addrtype --dst-type LOCAL'],
      '192.168.77.10 and 10.0.0.1 on a and on all addresses on b',
    ],
    [
      'all but the loopback ones',
      ['! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL'],
      ['-m addrtype --dst-type LOCAL'],
      'all addresses but the loopback ones on a and on all addresses on b',
    ],
    ['each has its own addresses', ['-d 192.168.77.10/32'], ['-d 192.168.77.11/32'], undefined],
    ['one shows none', ['-d 192.168.77.10/32'], [], undefined],
  ] as const) {
    test(`where NodePorts answer: ${what}`, async () => {
      const all = '-m addrtype --dst-type LOCAL';
      const edits = (to: readonly string[]) => (to[0] === all ? [] : [nodePorts(...to)]);
      const { texts } = await small(edits(left), edits(right));
      const answers = texts.filter((text) => text.includes('NodePorts answer'));
      const message = `warning: NodePorts answer on ${expected}.`;
      assert.deepEqual(answers, expected === undefined ? [] : [message]);
    });
  }

  test('the mark for masquerade', async () => {
    const { texts, places } = await small([[rules, /0x4000\b/g, '0x8000']]);
    assert.deepEqual(texts, [
      'information: The mark for masquerade is 0x8000 on a and 0x4000 on b.',
    ]);
    assert.deepEqual(places, [
      [
        '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x8000/0x8000',
        '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
      ],
    ]);
    // A mark that no rule shows is none that differs.
    const without: Edit = [rules, /^-A KUBE-(?:MARK-MASQ|POSTROUTING) .*\n/gm, ''];
    for (const marked of [[], [[rules, /0x4000\b/g, '0x8000']]] as const) {
      const { texts: told } = await small([without], marked);
      assert.deepEqual(
        told.filter((text) => text.includes('The mark')),
        [],
      );
      const { texts: other } = await small(marked, [without]);
      assert.deepEqual(
        other.filter((text) => text.includes('The mark')),
        [],
      );
    }
  });

  test('which part neither or one has', async () => {
    const { notCompared } = await small([], [['sysctl.txt', '', 'net.ipv4.ip_forward = 1\n']]);
    assert.deepEqual(notCompared, [
      'a has no or only a part of: IPv6 rules, sets, IPVS and sysctls.',
      'b has no or only a part of: IPv6 rules, sets and IPVS.',
    ]);
  });

  test('a way in that only one has, with its place', async () => {
    const lines = /^-A KUBE-(?:NODEPORTS|SERVICES -d) .*whoami.*\n/gm;
    const { texts, places } = await small([copies(1)], [copies(1), [rules, lines, '']]);
    assert.deepEqual(texts.sort(), [
      'warning: b has no rule for 10.99.205.136:3000/tcp (default/whoami), a has: connections to it end nowhere there.',
      'warning: b has no rule for NodePort 30089/tcp (default/whoami), a has: connections to it end nowhere there.',
    ]);
    for (const [here, there] of places) {
      assert.match(here ?? '', /^-A KUBE-(?:SERVICES|NODEPORTS) .*-j KUBE-SVC-/);
      assert.equal(there, undefined);
    }
    const other = await small([copies(1), [rules, lines, '']], [copies(1)]);
    assert.ok(other.places.every(([here, there]) => here === undefined && there));
  });

  test('five endpoints that only one has are named', async () => {
    const chain = (n: number) => `KUBE-SEP-AAAAAAAAAAAAAAA${String.fromCharCode(65 + n)}`;
    const to = (n: number) =>
      `-A KUBE-SVC-DC3OOLRZIWFKJHLB -m statistic --mode random --probability 0.1 -j ${chain(n)}\n` +
      `-A ${chain(n)} -p tcp -m comment --comment "default/whoami" -m tcp -j DNAT --to-destination 10.244.9.${n}:3000\n`;
    const more: Edit = [
      rules,
      /^-A KUBE-SVC-\S+ -j/m,
      `${Array.from({ length: 7 }, (_, n) => to(n)).join('')}$&`,
    ];
    const { texts } = await small([more], [[rules, /10\.244\.0\.3/g, '10.244.0.9']]);
    assert.deepEqual(texts, [
      'warning: default/whoami at 10.99.205.136:3000/tcp: only a leads to 10.244.0.3:3000, 10.244.9.0:3000, 10.244.9.1:3000, 10.244.9.2:3000 and 10.244.9.3:3000, only b leads to 10.244.0.9:3000.',
    ]);
  });

  test('how long a client is kept', async () => {
    const sticky: Edit = [
      rules,
      /^-A KUBE-SVC-\S+ -m statistic/m,
      '-A KUBE-SVC-DC3OOLRZIWFKJHLB -m recent --name KUBE-SEP-U6DOR6RBN2GGPJH6 --mask 255.255.255.255 --rsource --rcheck --seconds 77 --reap -j KUBE-SEP-U6DOR6RBN2GGPJH6\n$&',
    ];
    const { texts } = await small([], [sticky]);
    assert.ok(
      texts.includes(
        'warning: default/whoami at 10.99.205.136:3000/tcp: a keeps a client at its endpoint not at all, b for 77 s.',
      ),
      texts.join('\n'),
    );
  });

  test('what tells local traffic: by network, by device, for all, for none', async () => {
    const told = (match: string): Edit => [rules, '! -s 10.244.0.0/16 -d', `${match}-d`];
    const by = async (left: string, right: string) => {
      const { differences } = await small([told(left)], [told(right)]);
      return differences.map(({ message }) => message);
    };
    const tail =
      ": who is in one and not in the other is seen with its own address on one node and with the node's on the other.";
    assert.deepEqual(await by('! -s 10.0.0.0/8 ', '! -i veth+ '), [
      `IPv4: on a all but 10.0.0.0/8 is masqueraded, on b all but what comes in by veth+ is masqueraded${tail}`,
    ]);
    assert.deepEqual(await by('! -i cni0 ', ''), [
      `IPv4: on a all but what comes in by cni0 is masqueraded, on b all is masqueraded${tail}`,
    ]);
    const none: Edit = [rules, /^-A KUBE-SVC-\S+ ! -s.*\n/gm, ''];
    const lacks = (await small([], [none])).differences;
    assert.deepEqual(
      lacks.map(({ message, detail }) => [message, detail]),
      [
        [
          'b lacks the rule that masquerades traffic to ClusterIPs from outside the pod network, which a has: endpoints on other nodes answer past it.',
          'IPv4, a: all but 10.244.0.0/16 is masqueraded. On b clients outside keep their address. Pods fare alike on both.',
        ],
      ],
    );
  });
});

suite('two small nodes in ipvs mode', () => {
  const rows = server('10.96.0.2:80', '10.244.0.3:8080');
  const local = '-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODE-PORT\n';
  const marked = `-A KUBE-SERVICES ${clusterIpMark}\n${local}`;
  const own = `-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP src,dst -j KUBE-MARK-MASQ\n${local}`;
  const sides = async (left: string, right: string) => {
    const { differences, places } = await compared(smallIpvs(rows, left), smallIpvs(rows, right));
    return { differences, places };
  };

  test('no rule of KUBE-CLUSTER-IP on one of them, whichever', async () => {
    for (const [left, right, name] of [
      [local, marked, 'a'],
      [marked, local, 'b'],
    ] as const) {
      const { differences, places } = await sides(left, right);
      assert.equal(differences.length, 1);
      assert.equal(differences[0]!.severity, 'error');
      assert.match(differences[0]!.message, new RegExp(`^${name} lacks the rule that masquerades`));
      const [here, there] = name === 'a' ? places[0]! : places[0]!.toReversed();
      assert.match(here ?? '', /KUBE-SERVICES/);
      assert.equal(there, `-A KUBE-SERVICES ${clusterIpMark}`);
    }
    assert.deepEqual((await sides(local, local)).differences, []);
  });

  test('src,dst: only the node’s own connections come back', async () => {
    const { differences } = await sides(own, marked);
    assert.deepEqual(
      differences.map(({ severity, detail }) => [severity, detail]),
      [
        [
          'warning',
          "IPv4, b: all but 10.244.0.0/16 is masqueraded. On a clients outside keep their address; the node's own connections come back on both. Pods fare alike on both.",
        ],
      ],
    );
  });

  test('the mode in which each is', async () => {
    const { differences, notCompared } = await compared(routed, smallIpvs('', marked));
    assert.equal(differences.at(-1)!.message, 'a is in iptables mode, b in ipvs mode.');
    assert.deepEqual(notCompared[0], 'Services: the dumps of b show none.');
    const both = await compared(smallIpvs('', marked), smallIpvs('', marked));
    assert.deepEqual(both.notCompared[0], 'Services: the dumps of a and b show none.');
  });

  test('a virtual server without a name is called by its address alone', async () => {
    const { differences } = await compared(
      smallIpvs(rows + server('10.96.0.1:443', '10.244.0.3:8443'), marked),
      smallIpvs(rows, marked),
    );
    assert.deepEqual(
      differences.map(({ message }) => message),
      ['b has no rule for 10.96.0.1:443/tcp, a has: connections to it end nowhere there.'],
    );
    const six = await compared(
      smallIpvs(rows + server('[fd00::1]:443', '[fd00:244::3]:8443'), marked),
      smallIpvs(rows, marked),
    );
    assert.match(six.differences[0]!.message, /^b has no rule for \[fd00::1\]:443\/tcp, a has: /);
  });
});

test('a rule put first is no difference of Services', async () => {
  assert.deepEqual((await small([first('FORWARD', '-j ACCEPT')])).texts, []);
});
