import assert from 'node:assert/strict';
import { parseAddress } from '../../../src/core/address';
import { askNodeToClusterIp } from '../../../src/core/questions/masquerade';
import { pingBySigns } from '../../../src/core/questions/pingSigns';
import { rules } from '../findings/cases/case';
import { routed, server } from '../findings/cases/small';
import type { Files } from '../findings/checkText';
import { nodeOf } from '../flow/sampleNode';

const read = async (files: Files) => (await nodeOf(new Map(Object.entries(files)))).node;
const ipvs = (rows: string): Files => ({
  'ipvsadm-Ln.txt': `IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n${rows}`,
});
const device = (address: string): Files => ({
  'ip-addr-show-kube-ipvs0.txt': `4: kube-ipvs0: <NOARP> mtu 1500\n    inet ${address}/32 scope global kube-ipvs0\n`,
});

suite('a ping that can’t be traced, by what speaks for an answer', () => {
  const row = server('10.96.0.1:443', '10.244.0.3:8443');
  const iptables = { [rules]: routed[rules]! };
  for (const [what, files, address, answer, command, codes] of [
    [
      'kube-ipvs0 holds the address',
      { ...ipvs(row), ...device('10.96.0.1') },
      '10.96.0.1',
      /^Likely: kube-ipvs0 holds 10\.96\.0\.1, so that the node itself answers, unless it rejects/,
      'iptables-save -t filter',
      ['ping-answered-by-node'],
    ],
    [
      'the same with the rules of filter',
      { ...ipvs(row), ...device('10.96.0.1'), [rules]: '*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n' },
      '10.96.0.1',
      /^Likely: kube-ipvs0 holds 10\.96\.0\.1, .* which `ip route show table all` would decide/,
      'ip route show table all',
      ['ping-answered-by-node'],
    ],
    [
      'ipvs mode, and kube-ipvs0 lacks it',
      { ...ipvs(row), ...device('10.96.0.9') },
      '10.96.0.1',
      /^Likely not: IPVS has a virtual server of 10\.96\.0\.1, and kube-ipvs0 does not hold/,
      'ip addr',
      ['virtual-server-without-address', 'virtual-server'],
    ],
    [
      'ipvs mode without any device at hand',
      ipvs(row),
      '10.96.0.1',
      /^Likely: kube-proxy puts every virtual server’s address on kube-ipvs0/,
      'ip addr',
      ['virtual-server'],
    ],
    ['no virtual server has it', ipvs(row), '10.96.0.2', undefined, undefined, undefined],
    [
      'a ClusterIP of iptables mode',
      iptables,
      '10.99.205.136',
      /^Likely not: the rules of 10\.99\.205\.136 ask for a port/,
      'ip route show table all',
      ['rule-asks-for-port'],
    ],
    [
      'an external IP, which somebody may have',
      { [rules]: routed[rules]!.replace('whoami cluster IP', 'whoami external IP') },
      '10.99.205.136',
      undefined,
      undefined,
      undefined,
    ],
    ['no rule asks for it', iptables, '10.99.205.137', undefined, undefined, undefined],
    ['no mode is known', {}, '10.99.205.136', undefined, undefined, undefined],
  ] as const) {
    test(what, async () => {
      const told = pingBySigns('?', await read(files), parseAddress(address)!);
      assert.match(told?.answer ?? '', answer ?? /^$/);
      assert.equal(told?.command, command);
      assert.deepEqual(
        told?.findings.map(({ code }) => code),
        codes,
      );
    });
  }
});

suite(
  'whether what the node sends to ClusterIPs is masqueraded, by rules and virtual servers alone',
  () => {
    const cluster = server('10.96.0.1:443', '10.244.0.3:8443');
    const to = '10.244.0.9:8080';
    const all = 'create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024 maxelem 65536\n';
    const held =
      /^Likely not: the range that this rule takes for the Pods' holds the ClusterIP (\S+), /;
    for (const [what, range, rows, sets, clusterIp] of [
      ['the Pods’ range holds none', '! -s 10.244.0.0/16', cluster, '', undefined],
      ['the Services’ range holds one', '! -s 10.96.0.0/12', cluster, '', '10.96.0.1'],
      ['a rule for all', '', cluster, '', undefined],
      ['a rule for what comes from there', '-s 10.96.0.0/12', cluster, '', undefined],
      [
        'a NodePort on the Pods’ bridge is no ClusterIP, by its port',
        '! -s 10.244.0.0/16',
        cluster + server('10.244.0.1:30080', to),
        '',
        undefined,
      ],
      [
        'nor is its address, whatever else has it',
        '! -s 10.244.0.0/16',
        server('10.244.0.1:80', '10.244.0.8:80') + server('10.244.0.1:30080', to),
        '',
        undefined,
      ],
      [
        'a Service of several addresses: one of them may be an external IP',
        '! -s 10.244.0.0/16',
        server('10.244.0.1:80', to) + server('192.168.77.10:80', to),
        '',
        undefined,
      ],
      ...(
        [
          ['endpoints', server('192.168.77.10:80', '10.244.0.8:8080')],
          ['a port', server('192.168.77.10:81', to)],
          ['a protocol', server('192.168.77.10:80', to).replace('TCP', 'UDP')],
          ['an endpoint more', server('192.168.77.10:80', to, '10.244.0.8:8080')],
        ] as const
      ).map(
        ([of, other]) =>
          [
            `one that differs by ${of} is another Service`,
            '! -s 10.244.0.0/16',
            server('10.244.0.1:80', to) + other,
            '',
            '10.244.0.1',
          ] as const,
      ),
      [
        'the set tells it, where it is at hand: none',
        '! -s 10.244.0.0/16',
        server('10.244.0.1:80', to),
        `${all}add KUBE-CLUSTER-IP 10.96.0.1,tcp:443\n`,
        undefined,
      ],
      [
        'the set tells it: one',
        '! -s 10.244.0.0/16',
        server('10.244.0.1:30080', to),
        `${all}add KUBE-CLUSTER-IP 10.244.0.1,tcp:30080\n`,
        '10.244.0.1',
      ],
      ['a virtual server without an address', '! -s 10.0.0.0/8', 'FWM  7 rr\n', '', undefined],
    ] as const) {
      test(what, async () => {
        const rule = `-A KUBE-SERVICES ${range} -m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ`;
        const { answer, certainty, command, findings } = askNodeToClusterIp(
          await read({
            'iptables-save.txt': `*nat\n:KUBE-SERVICES - [0:0]\n${rule.replace('  ', ' ')}\nCOMMIT\n`,
            ...ipvs(rows),
            ...(sets && { 'ipset-save.txt': sets }),
          }),
        );
        assert.equal(held.exec(answer)?.[1], clusterIp, answer);
        assert.equal(certainty, 'likely');
        const decides = sets ? 'ip route show table all' : 'ipset save';
        assert.equal(command, clusterIp ? 'ip addr show kube-ipvs0' : decides);
        assert.deepEqual(
          findings.map(({ code, range: at }) => [code, at.line]),
          [[clusterIp ? 'cluster-ip-not-masqueraded' : 'cluster-ip-masqueraded', 2]],
        );
      });
    }

    test('a part of KUBE-SERVICES accuses nobody: the rule may stand behind its end', async () => {
      const ask = async (text: string) =>
        askNodeToClusterIp(await read({ 'iptables-save.txt': text, ...ipvs(cluster) }));
      const declared = '*nat\n:KUBE-SERVICES - [0:0]\n';
      for (const part of [declared, `${declared}-A KUBE-SERVICES -s 127.0.0.0/8 -j RETURN\n`]) {
        const { answer, certainty, broken, command, findings } = await ask(part);
        assert.match(answer, /^Unknown: of nat KUBE-SERVICES only a part is at hand\./);
        assert.deepEqual(
          [certainty, broken, command, findings],
          ['unknown', undefined, 'iptables-save -t nat', []],
        );
      }
      const other = await ask('*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n');
      assert.match(other.answer, /^Unknown: nat KUBE-SERVICES is not at hand\./);
      const whole = await ask(`${declared}COMMIT\n`);
      assert.match(whole.answer, /^(?:No|Likely not): no rule with --match-set KUBE-CLUSTER-IP/);
      assert.equal(whole.broken, true);
    });

    test('a set that is empty, as a whole `ipset save` shows it, marks nothing', async () => {
      const ask = async (sets: string) =>
        askNodeToClusterIp(
          await read({
            'iptables-save.txt':
              '*nat\n:KUBE-SERVICES - [0:0]\n-A KUBE-SERVICES ! -s 10.244.0.0/16 -m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ\nCOMMIT\n',
            'ipset-save.txt': sets,
          }),
        );
      const empty = await ask(all);
      assert.match(empty.answer, /^No: KUBE-CLUSTER-IP, which this rule asks, is empty\./);
      assert.deepEqual([empty.certainty, empty.broken], ['certain', true]);
      assert.deepEqual(
        empty.findings.map(({ code }) => code),
        ['cluster-ip-not-masqueraded', 'empty-set'],
      );
      const filled = await ask(`${all}add KUBE-CLUSTER-IP 10.96.0.1,tcp:443\n`);
      assert.match(filled.answer, /^Likely: a rule masquerades traffic to ClusterIPs/);
    });
  },
);
