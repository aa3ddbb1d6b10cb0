import assert from 'node:assert/strict';
import type { SourceRange } from '../../../src/core/source';
import type { NodeContext } from '../../../src/language/node/context';
import { definitionsAt, referencesAt } from '../../../src/language/node/targets';
import { objectsOf } from '../../dumps';
import { contextOf, placeOf, sampleContext } from './context';

function definitions(context: NodeContext, line: string, word = line) {
  const place = placeOf(context, line, word);
  return files(definitionsAt(context, place.line, place.column)?.places ?? []);
}

async function references(context: NodeContext, line: string, word = line) {
  const place = placeOf(context, line, word);
  return files((await referencesAt(context, place.line, place.column, true))?.places ?? []);
}

/** `file:line`, lines from 1 as editors show them. */
function files(places: readonly SourceRange[]): string[] {
  return places.map(({ source, line }) => `${source}:${line + 1}`);
}

const texts = {
  'iptables-save.txt':
    '*nat\n:KUBE-SERVICES - [0:0]\n' +
    '-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT\n' +
    '-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP-2 dst,dst -j ACCEPT\n' +
    '-A KUBE-SERVICES -d 10.96.0.1/32 -j ACCEPT\n' +
    '-A KUBE-SERVICES -d 10.96.0.10/32 -j ACCEPT\n' +
    '-A KUBE-SERVICES -d 10.96.0.0/16 -j ACCEPT\nCOMMIT\n',
  'ipset-save.txt':
    'create KUBE-CLUSTER-IP hash:ip,port family inet\n' +
    'add KUBE-CLUSTER-IP 10.96.0.1,tcp:443\nadd KUBE-CLUSTER-IP 10.96.0.1,udp:443\n' +
    'create ALL list:set size 8\nadd ALL KUBE-CLUSTER-IP\n',
  'ip-addr.txt':
    '1: lo: <LOOPBACK,UP> mtu 65536\n3: kube-ipvs0: <NOARP> mtu 1500\n    inet 10.96.0.1/32 scope global kube-ipvs0\n',
  'ipvsadm-Ln.txt':
    'TCP  10.96.0.1:443 rr\n  -> 10.244.0.3:6443 Masq 1 0 0\nTCP  10.96.0.1:80 rr\n',
};

suite('ways across the files of a node', () => {
  test('from a set in a rule to the set, and back to the rules and sets that name it', async () => {
    const rules = await contextOf(texts, 'iptables-save.txt', 'iptables-save');
    assert.deepEqual(definitions(rules, 'KUBE-CLUSTER-IP dst'), ['ipset-save.txt:1']);
    assert.deepEqual(definitions(rules, 'KUBE-CLUSTER-IP-2'), []);
    const back = ['ipset-save.txt:1', 'iptables-save.txt:3', 'ipset-save.txt:5'];
    assert.deepEqual(await references(rules, 'KUBE-CLUSTER-IP dst'), back);
    const sets = await contextOf(texts, 'ipset-save.txt', 'ipset');
    assert.deepEqual(await references(sets, 'add KUBE-CLUSTER-IP', 'KUBE-CLUSTER-IP'), back);
  });

  test('a chain in a rule is left to the rules', async () => {
    const rules = await contextOf(texts, 'iptables-save.txt', 'iptables-save');
    assert.deepEqual(definitions(rules, '-A KUBE-SERVICES', 'KUBE-SERVICES'), []);
    assert.deepEqual(definitions(rules, '-d 10.96.0.1/32', '10.96.0.1'), []);
  });

  test('from a virtual server to kube-ipvs0 and to the element of its port and protocol', async () => {
    const ipvs = await contextOf(texts, 'ipvsadm-Ln.txt', 'ipvsadm');
    assert.deepEqual(definitions(ipvs, '10.96.0.1:443'), ['ip-addr.txt:3', 'ipset-save.txt:2']);
  });

  test('everything that names an address, no rule of a longer one or of its network', async () => {
    const addr = await contextOf(texts, 'ip-addr.txt', 'ip-address');
    assert.deepEqual(await references(addr, '10.96.0.1/32'), [
      'ip-addr.txt:3',
      'ipvsadm-Ln.txt:1',
      'ipvsadm-Ln.txt:3',
      'ipset-save.txt:2',
      'ipset-save.txt:3',
      'iptables-save.txt:5',
    ]);
  });

  test('the Node that has an address, and no Pod of the host’s network; where nothing is known, the place itself', async () => {
    const objects = `apiVersion: v1
kind: List
items:
- {kind: Node, apiVersion: v1, metadata: {name: a}, status: {addresses: [{type: InternalIP, address: 10.96.0.1}]}}
- {kind: Pod, apiVersion: v1, metadata: {name: p, namespace: n}, spec: {hostNetwork: true}, status: {podIP: 10.96.0.1, podIPs: [{ip: 10.96.0.1}]}}
`;
    const known = await objectsOf(new Map([['objects.yaml', objects]]));
    const addr = await contextOf(texts, 'ip-addr.txt', 'ip-address', known);
    assert.deepEqual(definitions(addr, '10.96.0.1/32').slice(0, 1), ['objects.yaml:4']);
    const alone = { 'ip-addr.txt': texts['ip-addr.txt'] };
    const bare = await contextOf(alone, 'ip-addr.txt', 'ip-address');
    assert.deepEqual(definitions(bare, '10.96.0.1/32'), ['ip-addr.txt:3']);
    const rules = { 'iptables-save.txt': texts['iptables-save.txt'] };
    const save = await contextOf(rules, 'iptables-save.txt', 'iptables-save');
    assert.deepEqual(definitions(save, 'KUBE-CLUSTER-IP dst'), []);
  });

  test('a real node: the Service, the Pod, the dummy device, sets', async () => {
    const ipvs = await sampleContext('ipvsadm-Ln.txt', 'ipvsadm');
    const [service, device, ...elements] = definitions(ipvs, '10.99.205.136:3000');
    assert.match(service!, /^services\.yaml:/);
    assert.match(device!, /^ip-addr\.txt:/);
    assert.equal(elements.length, 2);
    assert.match(definitions(ipvs, '10.244.0.3:3000')[0]!, /^pods\.yaml:/);
  });
});
