import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ipv6Name, kubeProxySet, kubeProxySetNames } from '../../../src/core/kubeproxy/ipvs/sets';
import {
  describeDirections,
  describeEntry,
  describeSetType,
} from '../../../src/core/describe/ipset';
import { parseIpsetSave } from '../../../src/syntax/ipset/save';

const sample = new URL(
  '../../../samples/kubernetes-1.36-ipvs/node-a/ipset-save.txt',
  import.meta.url,
);

suite('ipset in words', () => {
  test('types', () => {
    assert.match(
      describeSetType('hash:ip,port,net')!,
      /^Each element is an address, a port .* and a network\./,
    );
    assert.match(describeSetType('list:set')!, /set of sets/);
    assert.equal(describeSetType('hash:colour'), undefined);
    assert.equal(describeSetType('tree:ip'), undefined);
    assert.equal(describeSetType('hash'), undefined);
    assert.match(
      describeSetType('bitmap:ip,mac')!,
      /^Each element is an address and a MAC address\. The range/,
    );
    assert.match(
      describeSetType('hash:net,iface')!,
      /^Each element is a network and an interface\. /,
    );
    assert.match(
      describeSetType('hash:ip,mark')!,
      /^Each element is an address and a packet mark\. /,
    );
  });

  test('directions', () => {
    assert.equal(
      describeDirections('hash:ip,port,ip', ['dst', 'dst', 'src']),
      'destination address, destination port, source address',
    );
    assert.equal(describeDirections('bitmap:port', ['dst', 'dst']), 'destination port');
    assert.equal(
      describeDirections('hash:net,iface', ['src', 'src']),
      'source address, incoming interface',
    );
    assert.equal(describeDirections('hash:ip,port', ['dst']), undefined);
    assert.equal(
      describeDirections('hash:net,iface', ['dst', 'dst']),
      'destination address, outgoing interface',
    );
    // The mark has no side.
    assert.equal(
      describeDirections('hash:ip,mark', ['src', 'src']),
      'source address, the mark of the packet',
    );
    assert.equal(describeDirections('hash:ip', ['up']), undefined);
    assert.equal(
      describeDirections('list:set', ['src', 'dst']),
      'the source, destination of the packet, in each member set',
    );
    assert.equal(
      describeDirections('bitmap:ip,mac', ['src', 'src']),
      'source address, source MAC address',
    );
  });

  test('elements', () => {
    const entries = (type: string, ...adds: string[]) =>
      Array.from(
        parseIpsetSave(
          `create s ${type}\n${adds.map((add) => `add s ${add}\n`).join('')}`,
          'dump',
        ).value.get('s')!.entries,
        describeEntry,
      );
    assert.deepEqual(
      entries('hash:ip,port,net family inet', '10.96.0.1,tcp:443,10.0.0.0/8 timeout 0 nomatch'),
      [
        '10.96.0.1, tcp port 443, 10.0.0.0/8 (an exception: what falls here is not in the set; stays for ever)',
      ],
    );
    assert.deepEqual(entries('hash:ip,port family inet', '10.96.0.1,icmp:8/0'), [
      '10.96.0.1, icmp type 8 code 0',
    ]);
    assert.deepEqual(entries('bitmap:port range 0-99', '80-90', '7'), ['ports 80 to 90', 'port 7']);
    assert.deepEqual(entries('hash:ip,mark family inet', '10.0.0.1,0x10'), ['10.0.0.1, mark 0x10']);
    assert.deepEqual(
      entries('hash:net,iface family inet', '10.0.0.0/8,eth0', '10.0.0.0/8,veth wildcard'),
      ['10.0.0.0/8, interface eth0', '10.0.0.0/8, interfaces veth*'],
    );
    assert.deepEqual(entries('list:set size 8', 'other'), ['the set other']);
    assert.deepEqual(entries('hash:mac', '02:00:00:00:00:01'), ['02:00:00:00:00:01']);
    assert.deepEqual(
      entries('hash:ip family inet timeout 0 comment', '10.0.0.1 timeout 90 comment "a note"'),
      ['10.0.0.1 (90 s left; comment: a note)'],
    );
    assert.deepEqual(entries('hash:ip,port family inet6', 'fd00::1,icmpv6:128/0'), [
      'fd00::1, ipv6-icmp type 128 code 0',
    ]);
  });
});

suite('kube-proxy’s sets', () => {
  test('every set that kube-proxy 1.36 makes is known, in both families', () => {
    const { value } = parseIpsetSave(readFileSync(sample, 'utf8'), 'dump');
    assert.equal(value.size, 34);
    for (const { name } of value.values()) {
      const set = kubeProxySet(name);
      assert.ok(set, name);
      assert.equal(set.family, name.startsWith('KUBE-6-') ? 6 : 4);
    }
    assert.equal(kubeProxySetNames().length, 17);
  });

  test('names of IPv6 are cut at 31 characters', () => {
    assert.equal(ipv6Name('KUBE-LOAD-BALANCER-SOURCE-CIDR'), 'KUBE-6-LOAD-BALANCER-SOURCE-CID');
    assert.equal(
      kubeProxySet('KUBE-6-NODE-PORT-LOCAL-SCTP-HAS')!.name,
      'KUBE-NODE-PORT-LOCAL-SCTP-HASH',
    );
    assert.equal(kubeProxySet('KUBE-6-LOAD-BALANCER-SOURCE-CIDR'), undefined);
    assert.equal(kubeProxySet('cali40s:abc'), undefined);
  });
});
