import assert from 'node:assert/strict';
import { parseAddress } from '../../../src/core/address';
import { askExternalIps } from '../../../src/core/questions/externalIps';
import { askNodeToClusterIp } from '../../../src/core/questions/masquerade';
import { askNodePort } from '../../../src/core/questions/nodePort';
import { edited, rules, type Edit } from '../findings/cases/case';
import { clusterIpMark, routed, server, smallIpvs } from '../findings/cases/small';
import type { Files } from '../findings/checkText';
import { nodeOf } from '../flow/sampleNode';

const read = async (files: Files) => (await nodeOf(new Map(Object.entries(files)))).node;
const first = (chain: string, rule: string): Edit => [
  rules,
  new RegExp(`^-A ${chain} `, 'm'),
  `-A ${chain} ${rule}\n$&`,
];

suite('where a NodePort leads, of a node whose dumps tell all', () => {
  const ask = async (edits: readonly Edit[], port = 30089, protocol = 6) => {
    const files = edited(routed, edits);
    const answer = askNodePort(await read(files), { port, protocol });
    const lines = answer.findings.map(({ range }) => files[range.source]?.split('\n')[range.line]);
    return { ...answer, lines };
  };

  test('each endpoint with its share, and each rule on the way once', async () => {
    const { answer, certainty, lines } = await ask([]);
    assert.equal(
      answer,
      'From 192.0.2.1 to 192.168.77.10:30089: 50 % to 10.244.0.3:3000, which sees the source 192.0.2.1; 50 % to 10.244.0.4:3000, which sees the source 192.0.2.1.',
    );
    assert.equal(certainty, 'certain');
    assert.equal(new Set(lines).size, lines.length);
    for (const rule of [
      '-A PREROUTING ',
      '-A KUBE-NODEPORTS ',
      '-A KUBE-SEP-AJHR67BPPEH4YV3Z -p',
    ]) {
      assert.ok(
        lines.some((line) => line?.startsWith(rule)),
        rule,
      );
    }
  });

  test('an endpoint of the node’s own network is the node itself, to which the rules lead', async () => {
    const own = await ask([
      [rules, '-destination 10.244.0.3:3000', '-destination 192.168.77.10:3000'],
    ]);
    assert.match(
      own.answer,
      /30089: to 192\.168\.77\.10:3000 on the node itself; 50 % to 10\.244\.0\.4:3000/,
    );
    assert.equal(own.certainty, 'certain');
  });

  test('another client is asked for by its own address', async () => {
    const client = parseAddress('192.168.77.50')!;
    const { answer } = askNodePort(await read(routed), { port: 30089, client });
    assert.match(answer, /^From 192\.168\.77\.50 to .* sees the source 192\.168\.77\.50/);
  });

  test('what the dump lacks is taken for granted and said', async () => {
    const { answer, certainty } = await ask([[rules, 'COMMIT\n*nat', '*nat']]);
    assert.match(answer, /which sees the source 192\.0\.2\.1, if .*filter/);
    assert.equal(certainty, 'likely');
  });

  test('a rule of which nobody knows whether it matches leaves the end open', async () => {
    const time = '-p tcp -m tcp --dport 3000 -m time --timestart 01:00:00 -j DROP';
    assert.equal((await ask([first('FORWARD', time)])).certainty, 'unknown');
  });

  test('an end that is certain behind a fork by chance alone is certain', async () => {
    const half = '-m statistic --mode random --probability 0.5 -j ACCEPT';
    assert.equal((await ask([first('FORWARD', half)])).certainty, 'certain');
  });

  test('a port that no rule takes ends at the node’s own sockets', async () => {
    const { answer, certainty, findings, lines } = await ask([], 30001);
    assert.match(
      answer,
      /^No rule of KUBE-NODEPORTS takes 30001\/tcp on this node: .* listens on 192\.168\.77\.10:30001 would/,
    );
    assert.equal(certainty, 'certain');
    assert.deepEqual(
      findings.map(({ code }) => code),
      ['node-port-of-no-service'],
    );
    assert.match(lines[0] ?? '', /inet 192\.168\.77\.10\/24/);
    assert.match((await ask([], 30089, 17)).answer, /^No rule of KUBE-NODEPORTS takes 30089\/udp/);
  });

  test('a port that a rule drops first is dropped, and no word is said of Services', async () => {
    const { answer, lines } = await ask(
      [first('INPUT', '-p tcp -m tcp --dport 30001 -j DROP')],
      30001,
    );
    assert.equal(answer, 'From 192.0.2.1 to 192.168.77.10:30001: DROP (a DROP rule).');
    assert.equal(lines.at(-1), '-A INPUT -p tcp -m tcp --dport 30001 -j DROP');
  });

  test('a port that no rule of a table takes that is cut is unknown', async () => {
    const cut = await ask([[rules, /COMMIT\n$/, '']], 30001);
    assert.equal(cut.certainty, 'unknown');
    assert.match(cut.answer, /no rule at hand takes 30001\/tcp; it goes nowhere if /);
  });

  test('in ipvs mode it is unknown without the virtual servers', async () => {
    const { answer, command } = await ask(
      [
        [rules, /^-A KUBE-(?:SERVICES|NODEPORTS) .*\n/gm, ''],
        ['kube-proxy.config.yaml', '', 'mode: ipvs\n'],
      ],
      30001,
    );
    assert.match(answer, /`ipvsadm -Ln` is missing/);
    assert.equal(command, 'ipvsadm -Ln');
  });

  test('nor does an end at the node itself tell anything then, whoever may drop it before', async () => {
    const ipvsMode: readonly Edit[] = [
      [rules, /^-A KUBE-(?:SERVICES|NODEPORTS) .*\n/gm, ''],
      ['kube-proxy.config.yaml', '', 'mode: ipvs\n'],
    ];
    const time = '-m time --timestart 01:00:00 -j DROP';
    const lost = await ask([...ipvsMode, first('INPUT', time)], 30001);
    assert.match(lost.answer, /`ipvsadm -Ln` is missing/);
    // INPUT's rules come before IPVS (net/netfilter/ipvs/ip_vs_core.c, NF_IP_PRI_NAT_SRC - 2).
    const dropped = await ask([...ipvsMode, first('INPUT', '-j DROP')], 30001);
    assert.match(dropped.answer, /^From 192\.0\.2\.1 to 192\.168\.77\.10:30001: DROP/);
    // What does not end here is as certain as without IPVS.
    const sent = first('PREROUTING', '-p tcp -j DNAT --to-destination 10.244.0.3:80');
    const routedOn = await ask([...ipvsMode, sent, first('FORWARD', time)], 30001);
    assert.match(routedOn.answer, /^From 192\.0\.2\.1 to 192\.168\.77\.10:30001: /);
    assert.equal(routedOn.certainty, 'unknown');
  });

  test('a row that may drop its packets is one of IPVS: the end is told', async () => {
    const rows = server('192.168.77.10:30001', '192.168.77.10:6443');
    const time = '-m time --timestart 01:00:00 -j DROP';
    const files = edited(smallIpvs(rows, `-A KUBE-SERVICES ${clusterIpMark}\n`), [
      first('INPUT', time),
      ['ipvsadm-Ln.txt', /^ {2}-> 192.*\n$(?![^])/m, '  -> 192.168.77.10:6443 Masq 1 0'],
    ]);
    const { answer } = askNodePort(await read(files), { port: 30001 });
    assert.doesNotMatch(answer, /not whole|is missing/);
  });
});

suite('the node to a ClusterIP, where real servers are the node itself', () => {
  const own = server('10.96.0.1:443', '192.168.77.10:6443');
  const elsewhere = server('10.96.0.2:80', '10.244.0.3:8080');

  test('another ClusterIP shows what leaves the node', async () => {
    const services = `-A KUBE-SERVICES ${clusterIpMark}\n`;
    const { answer, certainty } = askNodeToClusterIp(
      await read(smallIpvs(own + elsewhere, services)),
    );
    assert.match(answer, /^Yes: what the node sends to 10\.96\.0\.2:80 leaves/);
    assert.equal(certainty, 'certain');
    const alone = askNodeToClusterIp(await read(smallIpvs(own, services)));
    assert.doesNotMatch(alone.answer, /^(?:Yes|No)/);
  });

  test('without the rule it leaves with the ClusterIP, and a rule of another chain is not shown', async () => {
    const none = '-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j RETURN\n';
    const elsewhereMarked = `${none}-A KUBE-NODEPORTS ${clusterIpMark}\n`;
    for (const services of [none, elsewhereMarked]) {
      const { answer, broken, findings } = askNodeToClusterIp(
        await read(smallIpvs(own + elsewhere, services)),
      );
      assert.match(
        answer,
        /^No: what the node sends to 10\.96\.0\.2:80 leaves with the ClusterIP 10\.96\.0\.2 as its source.*no rule with --match-set/,
      );
      assert.equal(broken, true);
      assert.equal(findings[0]?.code, 'cluster-ip-not-masqueraded');
    }
  });

  test('from outside it keeps its source by the rule of src,dst, where clients come in', async () => {
    const services =
      '-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP src,dst -j KUBE-MARK-MASQ\n';
    const files = smallIpvs(elsewhere, services);
    const codes = async (some: Files) =>
      askNodeToClusterIp(await read(some)).findings.map(({ code }) => code);
    assert.deepEqual(await codes(files), ['cluster-ip-masqueraded', 'outside-not-masqueraded']);
    // Nobody outside reaches a node without a default route.
    const inside = edited(files, [['ip-route.txt', /^default .*\n/m, '']]);
    assert.deepEqual(await codes(inside), ['cluster-ip-masqueraded']);
  });

  test('rules of the other family, or of another table alone, tell nothing', async () => {
    const { [rules]: _, ...others } = smallIpvs(own + elsewhere, '-A KUBE-SERVICES -j RETURN\n');
    const nat = '*nat\n:OUTPUT ACCEPT [0:0]\n:KUBE-SERVICES - [0:0]\nCOMMIT\n';
    for (const files of [
      { ...others, 'ip6tables-save.txt': nat },
      { ...others, 'iptables-save.txt': '*filter\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n' },
    ]) {
      const { answer, broken } = askNodeToClusterIp(await read(files));
      assert.match(answer, /^Unknown: nat KUBE-SERVICES is not at hand/);
      assert.equal(broken, undefined);
    }
  });

  test('where a route names another source, the node’s packets have that one', async () => {
    const files = edited(smallIpvs(elsewhere, '-A KUBE-SERVICES -j RETURN\n'), [
      ['ip-route.txt', /^(local 10\.96\.0\.2 .* src ).*$/m, '$1192.168.77.10'],
    ]);
    assert.match(
      askNodeToClusterIp(await read(files)).answer,
      /^Yes: what the node sends to 10\.96\.0\.2:80 leaves with the node's own address/,
    );
  });

  test('what no virtual server sends elsewhere shows nothing', async () => {
    const files = edited(smallIpvs(own, '-A KUBE-SERVICES -j RETURN\n'), [
      [rules, /^.*KUBE-SERVICES.*\n/gm, ''],
    ]);
    assert.match(
      askNodeToClusterIp(await read(files)).answer,
      /^Unknown: nothing that the node sends to 10\.96\.0\.1:\d+ is seen to leave it \(delivered to the node itself\)\.$/,
    );
  });

  test('a virtual server whose packets show nothing is not asked', async () => {
    const services = `-A KUBE-SERVICES ${clusterIpMark}\n`;
    const idle = server('10.96.0.1:443', '10.244.0.3:8443').replace('Masq 1', 'Masq 0');
    const udp = server('10.96.0.1:53', '10.244.0.3:53').replace('TCP', 'UDP');
    for (const other of [idle, udp]) {
      const { answer } = askNodeToClusterIp(await read(smallIpvs(other + elsewhere, services)));
      assert.match(answer, /^Yes: what the node sends to 10\.96\.0\.2:80 leaves/);
    }
  });

  test('a NodePort of a virtual server ends where its row says, by this row', async () => {
    const rows = server('192.168.77.10:30001', '192.168.77.10:6443');
    const node = await read(smallIpvs(rows + elsewhere, `-A KUBE-SERVICES ${clusterIpMark}\n`));
    const { answer, findings } = askNodePort(node, { port: 30001 });
    assert.match(
      answer,
      /^From 192\.0\.2\.1 to 192\.168\.77\.10:30001: to 192\.168\.77\.10:6443 on the node itself/,
    );
    const row = findings.find(({ code }) => code === 'node-port-ipvs')!;
    assert.match(row.message, /^virtual server tcp 192\.168\.77\.10:30001 rr/);
    assert.equal(row.range.source, 'ipvsadm-Ln.txt');
  });

  test('a rule that takes less than the node sends is there, and does not help', async () => {
    const services = `-A KUBE-SERVICES -d 10.96.0.9 -m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ\n`;
    const { answer } = askNodeToClusterIp(await read(smallIpvs(elsewhere, services)));
    assert.match(answer, /^No: .* no rule that marks packets to KUBE-CLUSTER-IP takes it/);
  });
});

suite('an address of a node on kube-ipvs0', () => {
  const device = (address: string) =>
    `4: kube-ipvs0: <NOARP> mtu 1500\n    inet ${address}/32 scope global kube-ipvs0\n`;
  const withDevice = (address: string): Files => ({
    ...routed,
    'ip-addr.txt': `${routed['ip-addr.txt']}${device(address)}`,
  });

  test('no device, no address', async () => {
    const { answer, certainty } = askExternalIps(await read(routed));
    assert.deepEqual([answer, certainty], ['No: there is no kube-ipvs0.', 'certain']);
  });

  test('of this node, of another node’s dumps, of a Node object', async () => {
    const own = askExternalIps(await read(withDevice('192.168.77.10')));
    assert.match(own.findings[0]!.message, /^192\.168\.77\.10 is an address of node-a \(eth0\)/);
    const node = await read(withDevice('192.168.77.11'));
    const other = await nodeOf(
      new Map([
        [
          'ip-addr.txt',
          '1: lo: <LOOPBACK,UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n' +
            '2: eth1: <UP> mtu 1500\n    inet 192.168.77.11/24 scope global eth1\n' +
            device('192.168.77.11'),
        ],
      ]),
      'node-b',
    );
    const byDumps = askExternalIps(node, {}, [other.node]);
    assert.match(byDumps.answer, /^Yes: /);
    assert.match(
      byDumps.findings[0]!.message,
      /^192\.168\.77\.11 is an address of node-b \(eth1\)/,
    );
    assert.match(askExternalIps(node).answer, /^Likely not: /);
    const nodes = [{ metadata: { name: 'b' }, addresses: [{ address: '192.168.77.11' }] }];
    const services = [
      { metadata: { namespace: 'shop', name: 'web' }, spec: { externalIPs: ['192.168.77.11'] } },
    ];
    const objects = { nodes, services } as unknown as Parameters<typeof askExternalIps>[1];
    assert.match(
      askExternalIps(node, objects).findings[0]!.message,
      /^192\.168\.77\.11 \(externalIPs of shop\/web\) is an address of Node b, and kube-ipvs0 holds it/,
    );
    const elsewhere = askExternalIps(await read(withDevice('203.0.113.9')), objects);
    assert.equal(elsewhere.answer, 'No: kube-ipvs0 holds no address that a node is known to have.');
  });

  test('without `ip addr` by what Services ask for, in ipvs mode', async () => {
    const rows = server('10.96.0.2:80', '10.244.0.3:8080');
    const all = smallIpvs(rows, `-A KUBE-SERVICES ${clusterIpMark}\n`);
    const node = await read({ [rules]: all[rules]!, 'ipvsadm-Ln.txt': all['ipvsadm-Ln.txt']! });
    const asking = (ip: string, ...own: readonly string[]) =>
      askExternalIps(node, {
        nodes: [
          { metadata: { name: 'a' }, addresses: [{ address: '192.168.77.10' }] },
          { metadata: { name: 'b' }, addresses: own.map((address) => ({ address })) },
        ],
        services: [{ metadata: { namespace: 'shop', name: 'web' }, spec: { externalIPs: [ip] } }],
      } as unknown as Parameters<typeof askExternalIps>[1]);
    for (const [ip, own] of [
      ['192.168.77.11', ['192.168.77.11', 'node-b']],
      ['192.168.77.11', ['node-b', '192.168.77.11']],
      ['fd00:0::11', ['fd00::11']],
    ] as const) {
      const { answer, certainty, findings } = asking(ip, ...own);
      assert.match(answer, /^Likely: a Service asks for an address of a node/);
      assert.equal(certainty, 'likely');
      assert.deepEqual(
        findings.map(({ message }) => message),
        [`externalIPs of shop/web names ${ip}, an address of Node b.`],
      );
    }
    for (const ip of ['203.0.113.9', 'node-b', '']) {
      assert.match(asking(ip, 'node-b', '').answer, /^Unknown: /);
    }
    assert.match(askExternalIps(node).answer, /^Unknown: /);
    const other = askExternalIps(await read({ [rules]: routed[rules]! }));
    assert.match(other.answer, /^Likely not: in mode iptables/);
  });
});
