import assert from 'node:assert/strict';
import { formatNetwork } from '../../../src/core/address';
import type { IpSet, IpSetPart } from '../../../src/core/ipset/types';
import { parseIpsetList } from '../../../src/syntax/ipset/list';
import { parseIpsetSave } from '../../../src/syntax/ipset/save';

function show(part: IpSetPart): string {
  switch (part.kind) {
    case 'network':
      return formatNetwork(part.network);
    case 'port':
      return `${part.protocol ?? 'any'}:${part.from}-${part.to}`;
    case 'mark':
      return `mark ${part.mark}`;
    case 'interface':
      return `${part.name}${part.wildcard ? '+' : ''}`;
    case 'mac':
      return part.mac;
    case 'set':
      return `@${part.name}`;
    case 'other':
      return `?${part.text}`;
  }
}

/** The elements of one set of the type given, as text. */
function elements(type: string, ...adds: string[]): string[] {
  const text = [`create s ${type}`, ...adds.map((add) => `add s ${add}`)].join('\n');
  const { value } = parseIpsetSave(text, 'dump');
  return Array.from(value.get('s')!.entries, (entry) => entry.parts.map(show).join(' '));
}

function only(sets: ReadonlyMap<string, IpSet>): IpSet {
  assert.equal(sets.size, 1);
  return [...sets.values()][0]!;
}

suite('ipset save', () => {
  test('reads a set of kube-proxy with its options and places', () => {
    const { value, findings } = parseIpsetSave(
      'create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0xcb86f821\r\n' +
        'add KUBE-CLUSTER-IP 10.96.0.1,tcp:443\r\n',
      'dump',
    );
    assert.deepEqual(findings, []);
    const set = only(value);
    assert.equal(set.family, 4);
    assert.equal(set.options.get('hashsize'), '1024');
    assert.equal(set.complete, true);
    assert.deepEqual(set.entries.at(0)!.range, { source: 'dump', line: 1, start: 20, end: 37 });
    assert.equal(set.entries.at(0)!.parts.map(show).join(' '), '10.96.0.1/32 6:443-443');
  });

  test('reads the parts of every type', () => {
    assert.deepEqual(elements('hash:ip family inet6', 'fd00::1'), ['fd00::1/128']);
    assert.deepEqual(elements('hash:ip,port,net family inet', '1.2.3.4,udp:53,10.0.0.0/8'), [
      '1.2.3.4/32 17:53-53 10.0.0.0/8',
    ]);
    assert.deepEqual(elements('hash:ip,port family inet', '1.2.3.4,sctp:80', '1.2.3.4,icmp:8/0'), [
      '1.2.3.4/32 132:80-80',
      '1.2.3.4/32 1:2048-2048',
    ]);
    assert.deepEqual(elements('hash:ip,port family inet', '1.2.3.4,icmp:echo-request'), [
      '1.2.3.4/32 1:2048-2048',
    ]);
    assert.deepEqual(elements('hash:net,iface family inet', '10.0.0.0/8,eth wildcard'), [
      '10.0.0.0/8 eth+',
    ]);
    assert.deepEqual(elements('hash:ip,mark family inet markmask 0xff', '1.2.3.4,0x00000063'), [
      '1.2.3.4/32 mark 99',
    ]);
    assert.deepEqual(elements('hash:mac', '01:02:03:04:AA:BB'), ['01:02:03:04:aa:bb']);
    assert.deepEqual(elements('bitmap:ip,mac range 10.0.0.0/24', '10.0.0.1'), ['10.0.0.1/32']);
    assert.deepEqual(elements('bitmap:port range 0-65535', '30089', '80-90'), [
      'any:30089-30089',
      'any:80-90',
    ]);
    assert.deepEqual(elements('list:set size 8', 'KUBE-CLUSTER-IP'), ['@KUBE-CLUSTER-IP']);
  });

  test('breaks a range of addresses into networks', () => {
    assert.deepEqual(elements('hash:ip family inet', '10.0.0.1-10.0.0.9'), [
      '10.0.0.1/32',
      '10.0.0.2/31',
      '10.0.0.4/30',
      '10.0.0.8/31',
    ]);
    assert.deepEqual(elements('hash:ip family inet', '0.0.0.0-255.255.255.255'), ['0.0.0.0/0']);
  });

  test('takes a plain address under the mask of its set', () => {
    assert.deepEqual(elements('hash:ip family inet netmask 24', '10.0.7.0'), ['10.0.7.0/24']);
    assert.deepEqual(elements('hash:ip family inet bitmask 255.0.0.255', '10.0.0.3'), [
      '10.0.0.3/255.0.0.255',
    ]);
  });

  test('reads what follows an element', () => {
    const { value, findings } = parseIpsetSave(
      'create s hash:net family inet timeout 600 counters comment\n' +
        'add s 10.0.0.0/8 timeout 30 packets 3 bytes 180 comment "a, \\"b\\" c"\n' +
        'add s 10.1.0.0/16 timeout 0 nomatch\n',
      'dump',
    );
    assert.deepEqual(findings, []);
    const [first, second] = only(value).entries;
    assert.equal(first!.timeout, 30);
    assert.deepEqual(first!.counters, { packets: 3, bytes: 180 });
    assert.equal(first!.comment, 'a, \\"b\\" c');
    assert.equal(first!.nomatch, false);
    assert.equal(second!.nomatch, true);
  });

  test('says what it does not understand, and never guesses', () => {
    const { value, findings } = parseIpsetSave(
      'create s hash:ip,port family inet\nadd s 10.0.0.1\nadd s 10.0.0.1,http\nadd t 1.2.3.4\nhello\n',
      'dump',
    );
    assert.deepEqual(
      findings.map(({ code, range }) => `${range.line} ${code}`),
      ['1 ipset-element-parts', '2 ipset-element-part', '3 ipset-not-created', '4 unknown-line'],
    );
    assert.deepEqual(
      Array.from(only(value).entries, (entry) => entry.parts.map(show).join(' ')),
      ['?10.0.0.1', '10.0.0.1/32 ?http'],
    );
  });
});

suite('ipset list', () => {
  const header =
    'Name: KUBE-CLUSTER-IP\nType: hash:ip,port\nRevision: 6\nHeader: family inet hashsize 1024 maxelem 65536\n' +
    'Size in memory: 3456\nReferences: 1\nNumber of entries: 2\n';

  test('reads members, and an empty set is complete', () => {
    const text =
      header +
      'Members:\n10.96.0.1,tcp:443\n10.96.0.10,udp:53\n\nName: EMPTY\nType: bitmap:port\nRevision: 3\n' +
      'Header: range 0-65535\nSize in memory: 8264\nReferences: 1\nNumber of entries: 0\nMembers:\n';
    const { value, findings } = parseIpsetList(text, 'dump');
    assert.deepEqual(findings, []);
    assert.deepEqual(
      [...value.values()].map((set) => [set.name, set.entries.length, set.complete]),
      [
        ['KUBE-CLUSTER-IP', 2, true],
        ['EMPTY', 0, true],
      ],
    );
    assert.equal(value.get('KUBE-CLUSTER-IP')!.entries.at(1)!.range.line, 9);
  });

  test('a terse listing and a cut one are not complete', () => {
    assert.equal(only(parseIpsetList(header, 'dump').value).complete, false);
    const cut = parseIpsetList(header + 'Members:\n10.96.0.1,tcp:443\n', 'dump');
    assert.equal(only(cut.value).complete, false);
    assert.equal(cut.findings[0]!.code, 'ipset-cut');
  });

  test('names alone give sets of an unknown type', () => {
    const { value } = parseIpsetList('KUBE-CLUSTER-IP\nKUBE-IPVS-IPS\n', 'dump');
    assert.deepEqual(
      [...value.values()].map((set) => [set.name, set.type, set.complete]),
      [
        ['KUBE-CLUSTER-IP', 'unknown', false],
        ['KUBE-IPVS-IPS', 'unknown', false],
      ],
    );
  });
});
