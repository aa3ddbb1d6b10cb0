import assert from 'node:assert/strict';
import { parseAddress } from '../../../src/core/address';
import { askPing } from '../../../src/core/questions/ping';
import { edited, rules } from '../findings/cases/case';
import { clusterIpMark, routed, server, smallIpvs } from '../findings/cases/small';
import type { Files } from '../findings/checkText';
import { nodeOf } from '../flow/sampleNode';

const clusterIp = '10.99.205.136';
const none = edited(routed, [['ip-route.txt', /^default .*\n/m, '']]);
const unrouted = Object.fromEntries(
  Object.entries(routed).filter(([name]) => name !== 'ip-route.txt'),
);
const output = (rule: string) =>
  edited(routed, [[rules, ':KUBE-FIREWALL', `-A OUTPUT -d ${clusterIp}/32 ${rule}\n$&`]]);
/** The same node of both families, its ICMPv6 or its ICMP refused. */
const both = (protocol: string): Files => ({
  ...routed,
  'ip6tables-save.txt': `*filter\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -p ${protocol} -j DROP\nCOMMIT\n*nat\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n*mangle\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n`,
  'ip-addr.txt': `${routed['ip-addr.txt']}4: eth1: <UP> mtu 1500\n    inet6 fd00::10/64 scope global\n`,
  'ip-6-route.txt':
    'fd00::/64 dev eth1 proto kernel metric 256 pref medium\ndefault via fd00::1 dev eth1 metric 1024 pref medium\nlocal fd00::10 dev eth1 table local proto kernel metric 0 pref medium\n',
});

suite('a ping from the node', () => {
  for (const [text, files, address, answer, certainty, codes] of [
    [
      'to an address of the node',
      routed,
      '192.168.77.10',
      /^Yes: eth0 holds 192\.168\.77\.10, so the node itself answers, whatever becomes of the Service\.$/,
      'certain',
      ['ping-answered-by-node'],
    ],
    [
      'to a ClusterIP of iptables mode, which no machine has',
      routed,
      clusterIp,
      /^No: no rule takes a ping to 10\.99\.205\.136; it leaves by eth0, where nobody has the address\.$/,
      'certain',
      ['rule-asks-for-port', 'ping-leaves'],
    ],
    [
      'to an external IP, which somebody may have',
      edited(routed, [[rules, 'default/whoami cluster IP', 'default/whoami external IP']]),
      clusterIp,
      /^Unknown: .*; whether a load balancer or a machine has 10\.99\.205\.136 is not known on this node\.$/,
      'unknown',
      ['rule-asks-for-port', 'ping-leaves'],
    ],
    [
      'to an address of which this node’s dumps tell nothing',
      routed,
      '10.1.2.3',
      /^Unknown: no rule takes a ping to 10\.1\.2\.3; it leaves by eth0; whether 10\.1\.2\.3 answers is not known/,
      'unknown',
      ['ping-leaves'],
    ],
    ['to which no route leads', none, clusterIp, /^No: (?!refused|dropped)/, 'certain', []],
    [
      'that a rule drops',
      output('-j DROP'),
      clusterIp,
      /^No: dropped by a DROP rule\.$/,
      'certain',
      ['ping-refused'],
    ],
    [
      'that a rule refuses',
      output('-j REJECT'),
      clusterIp,
      /^No: refused by a REJECT rule with icmp-port-unreachable\.$/,
      'certain',
      ['ping-refused'],
    ],
    [
      'by rules for ports, where the routes are not at hand',
      unrouted,
      clusterIp,
      /^Likely not: the rules of 10\.99\.205\.136 ask for a port/,
      'likely',
      ['rule-asks-for-port'],
    ],
    [
      'where neither routes nor rules tell',
      unrouted,
      '10.1.2.3',
      /^Unknown: [^.;]+\. `ip route show table all` would tell\.$/,
      'unknown',
      [],
    ],
    [
      'of IPv6 is ICMPv6',
      both('ipv6-icmp'),
      'fd00:1::1',
      /^No: dropped by a DROP rule\./,
      'certain',
      ['ping-refused'],
    ],
    [
      'of IPv6 is no ICMP of IPv4',
      both('icmp'),
      'fd00:1::1',
      /^Unknown: no rule takes a ping to fd00:1::1; it leaves by eth1/,
      'unknown',
      ['ping-leaves'],
    ],
    [
      'through rules that the dump lacks',
      edited(routed, [[rules, 'COMMIT\n*nat', '*nat']]),
      clusterIp,
      /^Likely not: .* nobody has the address\. This holds if .*filter.*\.$/,
      'likely',
      ['rule-asks-for-port', 'ping-leaves'],
    ],
  ] as const) {
    test(text, async () => {
      const { node } = await nodeOf(new Map(Object.entries(files)));
      const told = askPing(node, parseAddress(address)!);
      assert.match(told.answer, answer);
      assert.equal(told.certainty, certainty);
      assert.deepEqual(
        told.findings.map(({ code }) => code),
        codes,
      );
    });
  }

  test('the route by which it leaves is shown', async () => {
    const { node } = await nodeOf(new Map(Object.entries(routed)));
    const at = askPing(node, parseAddress('10.1.2.3')!).findings.map(
      ({ range: { source, line } }) => routed[source]?.split('\n')[line],
    );
    assert.deepEqual(at, ['default via 192.168.77.1 dev eth0']);
  });

  test('an address on kube-ipvs0 to which no local route leads is not answered for', async () => {
    const small = smallIpvs(
      server('10.96.0.1:443', '10.244.0.3:8443'),
      `-A KUBE-SERVICES ${clusterIpMark}\n`,
    );
    const noFilter = edited(small, [[rules, /\*filter[^]*?COMMIT\n/, '']]);
    const ask = async (files: Files) => {
      const { node } = await nodeOf(new Map(Object.entries(files)));
      return askPing(node, parseAddress('10.96.0.1')!).answer;
    };
    // A whole iptables-save has all tables that are loaded.
    assert.match(await ask(noFilter), /^Yes: kube-ipvs0 holds 10\.96\.0\.1, so the node itself/);
    const { [rules]: whole, ...others } = noFilter;
    const nat = { ...others, 'nat.txt': whole!.replace(/^\*mangle[^]*?COMMIT\n/, '') };
    assert.match(await ask(nat), /^Yes: kube-ipvs0 holds 10\.96\.0\.1, .* unless it rejects/);
    const unheld = edited(nat, [['ip-route.txt', /^local 10\.96\.0\.1 .*\n/m, '']]);
    assert.doesNotMatch(await ask(unheld), /^(?:Yes|Likely:)/);
  });
});
