import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dumpKinds, kindOf, type DumpKindId } from '../../../src/syntax/dumps/kinds';
import { dumpKind } from '../../../src/syntax/dumps/recognize';

interface Manifest {
  readonly contributes: { readonly languages: readonly { readonly id: string }[] };
}

suite('the table of dump kinds', () => {
  test('each kind stands in it once', () => {
    const ids = dumpKinds.map(({ id }) => id);
    assert.deepEqual(ids, [...new Set(ids)]);
    assert.equal(kindOf('ip-rule')?.part, 'routing rules');
    assert.equal(kindOf('unknown'), undefined);
  });

  test('each kind can be recognised, by its text or by its name', () => {
    const blind = dumpKinds.filter(({ lines, json, names }) => !lines && !json && !names);
    assert.deepEqual(blind, []);
  });

  test('a language of a kind is one that package.json contributes', () => {
    const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
    const known = new Set(contributes.languages.map(({ id }) => id));
    const missing = dumpKinds.filter(({ language }) => language && !known.has(language));
    assert.deepEqual(missing, []);
  });

  /** A line or two of each kind, and what of a node it tells. */
  const texts: readonly (readonly [DumpKindId, string, string])[] = [
    ['ip-addr', '2: eth0: <UP> mtu 1500\n    inet 10.0.0.5/24 scope global eth0\n', 'interfaces'],
    ['ip-addr-json', '[{"ifname": "eth0", "addr_info": []}]', 'interfaces'],
    [
      'ifconfig',
      'eth0: flags=4163<UP>  mtu 1500\n        inet 10.0.0.5  netmask 255.255.255.0\n',
      'interfaces',
    ],
    ['proc-if_inet6', '00000000000000000000000000000001 01 80 10 80       lo\n', 'interfaces'],
    ['ip-rule', '0:\tfrom all lookup local\n', 'routingRules'],
    ['ip-route', 'default via 10.0.0.1 dev eth0\n', 'routes'],
    [
      'route-n',
      'Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n0.0.0.0         10.0.0.1        0.0.0.0         UG    0      0        0 eth0\n',
      'routes',
    ],
    ['sysctl', 'net.ipv4.ip_forward = 1\n', 'sysctls'],
    ['ipset-save', 'create A hash:ip family inet\n', 'sets'],
    ['ipset-list', 'Name: A\nType: hash:ip\nHeader: family inet\nMembers:\n', 'sets'],
    ['ipvsadm-Sn', '-A -t 10.0.0.1:80 -s rr\n', 'ipvs'],
    ['ipvsadm-Ln', 'TCP  10.0.0.1:80 rr\n', 'ipvs'],
    ['proc-ip_vs', 'TCP  0A000001:0050 rr \n', 'ipvs'],
    [
      'conntrack',
      'tcp      6 9 CLOSE src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1\n',
      'connections',
    ],
    [
      'ipvsadm-Lnc',
      'IPVS connection entries\npro expire state       source             virtual            destination\nTCP 14:59  ESTABLISHED 10.0.0.9:1 10.0.0.1:80 10.0.0.2:80\n',
      'ipvsConnections',
    ],
    [
      'ip-link',
      '2: eth0: <UP> mtu 1500 qdisc noop state UP mode DEFAULT group default qlen 1000\n',
      'links',
    ],
    [
      'bridge-link',
      '5: veth1@if2: <UP> mtu 1500 master cni0 state forwarding priority 32 cost 2\n',
      'links',
    ],
    ['bridge-fdb', '0a:58:0a:f4:01:05 dev veth1 master cni0\n', 'learned'],
    ['ip-neigh', '10.0.0.1 dev eth0 lladdr 0a:58:0a:f4:01:06 STALE\n', 'neighbours'],
    ['ip-maddr', '2:\teth0\n\tinet  224.0.0.1\n', 'groups'],
    [
      'proc-igmp',
      '4    cni0            ff020000000000000000000000000001     1 0000000C 0\n',
      'groups',
    ],
    ['nft', 'table ip x {\n}\n', 'nftables'],
    ['nft-json', '{"nftables": [{"table": {"family": "ip", "name": "x"}}]}', 'nftables'],
  ];

  test('a text of each kind is known as that, and its reader tells that part of a node', async () => {
    for (const [id, text, part] of texts) {
      assert.equal(dumpKind('x', text), id);
      const reader = await kindOf(id)!.read!({ source: 'x' });
      for (const [number, line] of text.split('\n').entries()) reader.line(line, number);
      const { value } = reader.end();
      const told = Object.entries(value).flatMap(([key, fact]) => {
        const { size, length = size } = (fact ?? {}) as { size?: number; length?: number };
        return fact === undefined || length === 0 ? [] : [key];
      });
      assert.deepEqual(told, [part], id);
    }
  });

  test('every reader reads an empty text without a finding', async () => {
    for (const { id, read } of dumpKinds) {
      if (!read || id === 'ip-addr-json') continue;
      const { findings } = (await read({ source: 'x' })).end();
      assert.deepEqual(findings, [], id);
    }
  });
});
