import assert from 'node:assert/strict';
import type { NodeState } from '../../../src/core/node';
import { finish } from '../../../src/core/work';
import { compareSetups } from '../../../src/syntax/expected/compareSetups';
import { expectedNode } from '../../../src/syntax/expected/expectedNode';
import { ipsetSaveParser } from '../../../src/syntax/ipset/save';
import { rulesetsOfText } from '../../../src/syntax/iptables/ruleset/ruleset';
import { parseIpRoute } from '../../../src/syntax/ip/route';
import { parseLines } from '../../../src/syntax/lines';
import { endpoint, inputOf, own, slice, type Cluster, type Mode } from '../../core/expected/byHand';
import { testParser } from '../parser';

const nodePort = { name: 'http', port: 80, nodePort: 30080, protocol: 'TCP' };
const ipAddr = `1: lo: <UP> mtu 65536
    inet 127.0.0.1/8 scope host lo
2: eth0: <UP> mtu 1500
    inet 192.0.2.1/24 scope global eth0
3: kube-ipvs0: <NOARP> mtu 1500
    inet 10.96.0.77/32 scope global kube-ipvs0
`;
const cluster: Cluster = {
  ipAddr,
  spec: { type: 'NodePort', ports: [nodePort] },
  slices: [slice([endpoint('10.244.0.5', own), endpoint('10.244.1.6')])],
};

/** Rules of others, those that kube-proxy had, and a policy that somebody set. */
const before = `*raw
:PREROUTING ACCEPT [0:0]
:cali-PREROUTING - [0:0]
-A PREROUTING -j cali-PREROUTING
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-SVC-OLD - [0:0]
:cali-A - [0:0]
-A PREROUTING -j cali-A
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A PREROUTING -g KUBE-MARK-MASQ
-A KUBE-SERVICES -d 10.96.0.99/32 -j KUBE-SVC-OLD
-A cali-A -j RETURN
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
-A INPUT -i lo -j ACCEPT
COMMIT
`;

async function made(mode: Mode, more: Partial<NodeState> = {}, config: Cluster['config'] = {}) {
  const parser = await testParser();
  const input = inputOf({ ...cluster, config }, mode);
  const node: NodeState = {
    name: 'node-a',
    rulesets: rulesetsOfText('before', before, parser),
    interfaces: input.node.interfaces!,
    findings: [],
    ...more,
  };
  return finish(expectedNode(node, input, parser));
}

const textOf = ({ files }: { files: ReadonlyMap<string, string> }, name: string) =>
  files.get(name) ?? '';

suite('a node as it would be', () => {
  test('rules of others stay with the policies, those of kube-proxy are as the objects ask', async () => {
    const found = await made('iptables');
    assert.deepEqual([...found.files.keys()], ['iptables-save.txt']);
    const text = textOf(found, 'iptables-save.txt');
    for (const line of [
      '*raw',
      '-A PREROUTING -j cali-PREROUTING',
      ':cali-A - [0:0]',
      '-A PREROUTING -j cali-A',
      '-A cali-A -j RETURN',
      ':INPUT DROP [0:0]',
      ':FORWARD ACCEPT [0:0]',
      ':OUTPUT ACCEPT [0:0]',
      '-A INPUT -i lo -j ACCEPT',
    ]) {
      assert.ok(text.split('\n').includes(line), line);
    }
    assert.doesNotMatch(text, /SVC-OLD|10\.96\.0\.99|-g KUBE-MARK-MASQ/);
    assert.match(text, /-A KUBE-SERVICES -d 10\.96\.0\.5\/32 .*-j KUBE-SVC-/);
    // kube-proxy puts its jumps in front.
    assert.match(text, /-A PREROUTING .* -j KUBE-SERVICES\n[^]*-A PREROUTING -j cali-A/);
    assert.equal(text.match(/-A PREROUTING .*-j KUBE-SERVICES/g)?.length, 1);
    const tables = [...text.matchAll(/^\*(\w+)/gm)].map(([, name]) => name);
    assert.deepEqual(tables, ['raw', 'mangle', 'nat', 'filter']);
    assert.equal(text.match(/^COMMIT$/gm)?.length, 4);
  });

  test('nftables mode leaves iptables to the others, and has a listing', async () => {
    const found = await made('nftables');
    assert.deepEqual([...found.files.keys()], ['iptables-save.txt', 'nft-list-ruleset.txt']);
    assert.doesNotMatch(textOf(found, 'iptables-save.txt'), /KUBE-/);
    assert.match(textOf(found, 'iptables-save.txt'), /-A PREROUTING -j cali-A/);
    assert.match(textOf(found, 'nft-list-ruleset.txt'), /^table ip kube-proxy \{\n/);
    assert.equal(found.state.nftables?.tables.length, 1);
    assert.equal(found.dummyAddresses, undefined);
    assert.equal(found.state.rulesets[0]?.whole, true);
  });

  test('ipvs mode has sets, virtual servers and addresses; sets of others stay', async () => {
    const others =
      'create cali-a hash:ip family inet hashsize 1024\nadd cali-a 10.0.0.1\ncreate KUBE-OLD hash:ip family inet\n';
    const sets = parseLines(others, ipsetSaveParser('sets')).value;
    const found = await made('ipvs', { sets });
    assert.deepEqual(
      [...found.files.keys()],
      ['iptables-save.txt', 'ipset-save.txt', 'ipvsadm-Sn.txt'],
    );
    const saved = textOf(found, 'ipset-save.txt');
    assert.match(
      saved,
      /^create cali-a hash:ip family inet hashsize 1024\nadd cali-a 10\.0\.0\.1$/m,
    );
    assert.match(saved, /^add KUBE-CLUSTER-IP 10\.96\.0\.5,tcp:80$/m);
    assert.match(saved, /^create KUBE-NODE-PORT-TCP bitmap:port range 0-65535$/m);
    assert.doesNotMatch(saved, /KUBE-OLD/);
    assert.match(
      textOf(found, 'ipvsadm-Sn.txt'),
      /^-A -t 10\.96\.0\.5:80 -s rr\n-a -t 10\.96\.0\.5:80 -r 10\.244\.0\.5:8080 -m -w 1$/m,
    );
    assert.deepEqual(found.dummyAddresses, ['10.96.0.5']);
    const dummy = found.state.interfaces?.find(({ name }) => name === 'kube-ipvs0');
    assert.equal(dummy?.addresses.length, 1);
    assert.equal(found.state.sysctls?.get('net.ipv4.vs.conntrack'), '1');
  });

  test('another mode takes kube-ipvs0 away, and what it leaves of IPVS', async () => {
    const routes = parseIpRoute('local 10.96.0.77 dev kube-ipvs0 table local\n', 'r').value;
    const { state } = await made('iptables', { routes, ipvs: { source: 'x', virtualServers: [] } });
    assert.deepEqual(
      state.interfaces?.map(({ name }) => name),
      ['lo', 'eth0'],
    );
    assert.deepEqual(state.routes, []);
    assert.equal(state.ipvs, undefined);
    assert.equal(state.sysctls?.has('net.ipv4.vs.conntrack'), false);
  });

  test('route_localnet as kube-proxy sets it; other sysctls stay', async () => {
    const localnet = async (mode: Mode, config: Cluster['config'] = {}) =>
      (await made(mode, { sysctls: new Map([['net.ipv4.ip_forward', '1']]) }, config)).state
        .sysctls;
    const name = 'net.ipv4.conf.all.route_localnet';
    assert.equal((await localnet('iptables'))?.get(name), '1');
    assert.equal((await localnet('nftables'))?.get(name), '0');
    const off = { iptables: { localhostNodePorts: false } };
    assert.equal((await localnet('iptables', off))?.get(name), '0');
    assert.equal((await localnet('ipvs'))?.get('net.ipv4.ip_forward'), '1');
  });

  test('the rule at a place is the line of its file', async () => {
    const { ruleAt, files } = await made('iptables');
    const lines = files.get('iptables-save.txt')!.split('\n');
    const line = lines.findIndex((text) => text.includes('-j KUBE-SVC-'));
    const range = { line, start: 0, end: 1 };
    assert.equal(ruleAt({ ...range, source: 'expected/iptables-save.txt' }), lines[line]);
    assert.equal(ruleAt({ ...range, source: 'expected/other.txt' }), undefined);
  });
});

suite('two setups of one node', () => {
  const route =
    'default via 192.0.2.254 dev eth0\n10.244.0.0/24 dev cni0\nlocal 192.0.2.1 dev eth0 table local\n';
  const compared = async (services: number) => {
    const parser = await testParser();
    const objects = Array.from({ length: services }, (_, i) => ({
      kind: 'Service',
      metadata: { namespace: 'shop', name: `s${i}` },
      spec: {
        clusterIP: `10.97.${i >> 8}.${i & 255}`,
        clusterIPs: [`10.97.${i >> 8}.${i & 255}`],
        ports: [{ port: 80 }],
      },
    }));
    const input = inputOf({ ...cluster, objects }, 'iptables');
    const node: NodeState = {
      name: 'node-a',
      rulesets: [],
      interfaces: input.node.interfaces!,
      routes: parseIpRoute(route, 'r').value,
      findings: [],
    };
    return finish(
      compareSetups(node, input, input, parser, {
        ...input,
        objects: { ...input.objects, services: input.objects.services.slice(0, 1) },
      }),
    );
  };

  test('nothing differs of the same; the rules of both sides are told by their files', async () => {
    const found = await compared(0);
    assert.deepEqual([found.differences, found.leftOut, found.families], [[], 0, [4]]);
    assert.equal(found.packets, 11);
    for (const side of ['left', 'right'] as const) {
      const at = (name: string) =>
        found.ruleAt(side, { source: `${name}/iptables-save.txt`, line: 0, start: 0, end: 1 });
      assert.equal(at(side), '*mangle');
    }
  });
});
