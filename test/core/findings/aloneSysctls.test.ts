import assert from 'node:assert/strict';
import { aloneSuite, type Alone } from './alone';
import { edited, rules, type Edit } from './cases/case';
import { ofIpv6, routed } from './cases/small';
import { findingsOf, type Files } from './checkText';

const told = (...lines: readonly string[]): Edit => ['sysctl.txt', '', `${lines.join('\n')}\n`];
const first = (chain: string, rule: string): Edit => [
  rules,
  new RegExp(`^-A ${chain} `, 'm'),
  `-A ${chain} ${rule}\n$&`,
];
/** The ends of pods on the bridge. */
const veth = (number: number) =>
  `${number}: veth${number}@if2: <UP> mtu 1500 master cni0 state UP\n    link/ether 02:00:00:00:00:0${number} brd ff:ff:ff:ff:ff:ff\n`;
const healthy: Files = edited(routed, [['ip-addr.txt', '', veth(4) + veth(5)]]);

const off = 'net.bridge.bridge-nf-call-iptables = 0';
const local = 'net.ipv4.conf.all.route_localnet = 0';
const count = 'net.netfilter.nf_conntrack_count';
const services: Edit = [rules, /^-A KUBE-SERVICES -d .*\n/gm, ''];

const cases: readonly Alone[] = [
  {
    code: 'bridge-past-rules',
    when: 'two endpoints of a Service stand behind one bridge',
    raise: [told(off)],
    but: {
      'the bridge asks the rules': [['sysctl.txt', '= 0', '= 1']],
      'a device has no other at its bridge': [['ip-addr.txt', veth(5), '']],
      'the route of pods has a next hop': [
        [
          'ip-route.txt',
          /^10\.244\.0\.0\/24 dev cni0.*/m,
          '10.244.0.0/24 via 192.168.77.9 dev eth0',
        ],
      ],
      'the route of pods leads over several': [
        [
          'ip-route.txt',
          /^10\.244\.0\.0\/24 dev cni0.*/m,
          '10.244.0.0/24\n\tnexthop dev cni0 weight 1\n\tnexthop dev eth0 weight 1',
        ],
      ],
      'no dump tells the routes': [['ip-route.txt', /[^]*/, '']],
      'one endpoint alone is on this node': [[rules, /10\.244\.0\.4/g, '10.244.1.4']],
      'a rule masquerades it': [first('POSTROUTING', '-j MASQUERADE')],
      'it is dropped': [first('FORWARD', '-j DROP')],
      'nobody knows whether it is dropped': [first('FORWARD', '-m time --timestart 01:00 -j DROP')],
      'a NodePort is the only way in': [services],
    },
  },
  {
    code: 'forwarding-off',
    when: 'by the switch of old',
    raise: [told('net.ipv4.ip_forward = 0')],
    but: {
      'it is on': [['sysctl.txt', '= 0', '= 1']],
      'a device has its own': [told('net.ipv4.conf.cni0.forwarding = 1')],
      'no Service has an address': [services],
    },
  },
  ...['all', 'default', 'lo'].map((name) => ({
    code: 'forwarding-off',
    when: `${name} is no device`,
    raise: [told('net.ipv4.ip_forward = 0', `net.ipv4.conf.${name}.forwarding = 1`)],
  })),
  ...['conf.cni0.mc_forwarding', 'conf.cni0.bc_forwarding', 'neigh.cni0.forwarding'].map(
    (name) => ({
      code: 'forwarding-off',
      when: `${name} is another switch`,
      raise: [told('net.ipv4.ip_forward = 0', `net.ipv4.${name} = 1`)],
    }),
  ),
  {
    code: 'forwarding-off',
    when: 'a switch of IPv6 is none of IPv4',
    raise: [told('net.ipv4.ip_forward = 0', 'net.ipv6.conf.cni0.forwarding = 1')],
  },
  {
    code: 'forwarding-off',
    when: 'of IPv6',
    raise: [
      told('net.ipv6.conf.all.forwarding = 0'),
      ['ip6tables-save.txt', '', ofIpv6(routed[rules]!)],
    ],
    but: {
      'it is on': [['sysctl.txt', '= 0', '= 1']],
      'a device has its own (Linux 6.17)': [told('net.ipv6.conf.cni0.force_forwarding = 1')],
      'no Service is of IPv6': [['ip6tables-save.txt', /^-A KUBE-SERVICES -d .*\n/m, '']],
    },
  },
  {
    code: 'forwarding-off',
    when: 'of IPv6, where the word of a device means another thing',
    raise: [
      told('net.ipv6.conf.all.forwarding = 0', 'net.ipv6.conf.cni0.forwarding = 1'),
      ['ip6tables-save.txt', '', ofIpv6(routed[rules]!)],
    ],
  },
  {
    code: 'conntrack-table-full',
    when: 'at nine tenths',
    raise: [told(`${count} = 90`, 'net.netfilter.nf_conntrack_max = 100')],
    but: {
      'there is room': [['sysctl.txt', '= 90', '= 89']],
      'there is no limit': [['sysctl.txt', '= 100', '= 0']],
      'its limit is not told': [['sysctl.txt', /^.*_max.*\n/m, '']],
      'what it holds is not told': [['sysctl.txt', /^.*_count.*\n/m, '']],
    },
  },
  {
    code: 'conntrack-table-full',
    when: 'by the other name of the limit',
    raise: [told(`${count} = 100`, 'net.nf_conntrack_max = 100')],
  },
  {
    code: 'node-ports-not-on-localhost',
    when: 'node ports are taken on all addresses',
    raise: [told(local)],
    but: {
      'it is on': [['sysctl.txt', '= 0', '= 1']],
      'a device has its own': [told('net.ipv4.conf.cni0.route_localnet = 1')],
      'the rules leave loopback out': [
        [rules, '-m addrtype --dst-type LOCAL', '! -d 127.0.0.0/8 $&'],
      ],
      'they take another address alone': [
        [rules, '-m addrtype --dst-type LOCAL', '-d 192.168.77.10/32'],
      ],
      'no rule leads to node ports': [[rules, /^-A KUBE-SERVICES -m addrtype.*\n/m, '']],
      'no Service has one': [[rules, /^-A KUBE-NODEPORTS .*\n/m, '']],
    },
  },
  {
    code: 'node-ports-not-on-localhost',
    when: 'they are taken on 127.0.0.1',
    raise: [told(local), [rules, '-m addrtype --dst-type LOCAL', '-d 127.0.0.1/32']],
  },
];

aloneSuite('sysctls', healthy, cases);

suite('findings of sysctls: what they say', () => {
  const of = async (code: string, ...edits: readonly Edit[]) => {
    const files = edited(healthy, edits);
    const found = await findingsOf(files, code);
    return found.map(({ message, range, related = [] }) => ({
      message,
      lines: [range, ...related.map((one) => one.range)].map(
        ({ source, line }) => files[source]?.split('\n')[line],
      ),
    }));
  };

  test('who answers whom past the rules, once, with such a Service', async () => {
    const [found, ...others] = await of('bridge-past-rules', told(off));
    assert.deepEqual(others, []);
    assert.match(
      found!.message,
      /cni0 hands the answer of 10\.244\.0\.4 to 10\.244\.0\.3 past all rules/,
    );
    assert.equal(found!.lines[0], off);
    assert.match(found!.lines[1]!, /KUBE-(?:SERVICES|NODEPORTS|SVC-).*whoami|^:KUBE-SVC/);
  });

  test('full, and nearly so', async () => {
    const max = 'net.netfilter.nf_conntrack_max = 100';
    const [nearly] = await of('conntrack-table-full', told(`${count} = 99`, max));
    assert.match(nearly!.message, /nearly full: 99 of 100/);
    const [full] = await of('conntrack-table-full', told(`${count} = 100`, max));
    assert.match(full!.message, / is full: 100 of 100/);
    assert.deepEqual(full!.lines, [`${count} = 100`, max]);
  });
});
