import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseAddress } from '../../../src/core/address';
import { askAgreement } from '../../../src/core/questions/agreement';
import type { NodeAnswer } from '../../../src/core/questions/answer';
import { askExternalIps } from '../../../src/core/questions/externalIps';
import { askNodeToClusterIp } from '../../../src/core/questions/masquerade';
import { askNodePort } from '../../../src/core/questions/nodePort';
import { askPing } from '../../../src/core/questions/ping';
import type { NodeState } from '../../../src/core/node';
import type { ServiceObject } from '../../../src/core/objects/types';
import type { OracleCase } from '../../../src/inspect/oracle/format';
import { nodeOf } from '../../../src/inspect/oracle/node';
import { parseIpAddress } from '../../../src/syntax/ip/address';
import { parseObjects } from '../../../src/syntax/objects/objects';
import { rulesetsOfText } from '../../../src/syntax/iptables/ruleset/ruleset';
import { readTexts, textsIn } from '../../dumps';
import { testParser } from '../../syntax/parser';

const ipvs = readTexts(textsIn('samples/kubernetes-1.36-ipvs/node-a'));
const iptables = readTexts(textsIn('samples/kubernetes-1.36-iptables/node-a'));

async function objects(name: string) {
  const path = `samples/kubernetes-1.36-ipvs/objects/${name}.yaml`;
  return (await parseObjects(readFileSync(path, 'utf8'), path)).value;
}

async function withRules(text: string): Promise<NodeState> {
  return { ...(await ipvs), rulesets: rulesetsOfText('rules', text, await testParser()) };
}

/** The line that a finding with this code stands on, of the dump as it was read. */
function lineOf({ findings }: NodeAnswer, code: string, text: string): string | undefined {
  const found = findings.find((one) => one.code === code);
  return found && text.split('\n')[found.range.line];
}

const sampleRules = readFileSync('samples/kubernetes-1.36-ipvs/node-a/iptables-save.txt', 'utf8');

suite('1. does a ping to this ClusterIP answer', () => {
  test('iptables mode: no rule takes it, it leaves by the default route', async () => {
    const answer = askPing(await iptables, parseAddress('10.96.0.1')!);
    assert.match(answer.answer, /^No: no rule takes a ping .* leaves by eth0/);
    const codes = answer.findings.map(({ code }) => code);
    assert.deepEqual(codes, ['rule-asks-for-port', 'ping-leaves']);
  });

  test('ipvs mode of 1.20: kube-ipvs0 holds it, the node itself answers', async () => {
    const file = 'test/fixtures/kernel-oracle/ipvs/named-ipvs-mode-session-ct1.json';
    const oracle = JSON.parse(readFileSync(file, 'utf8')) as OracleCase;
    const node = nodeOf(oracle, await testParser(), 'legacy');
    const { answer, findings } = askPing(node, parseAddress('10.99.205.136')!);
    assert.match(answer, /^Yes: kube-ipvs0 holds 10\.99\.205\.136, so the node itself answers/);
    assert.equal(findings[0]!.code, 'ping-answered-by-node');
  });

  test('ipvs mode of 1.36: its KUBE-IPVS-FILTER rejects it', async () => {
    const node = await withRules(sampleRules);
    const answer = askPing(node, parseAddress('10.96.0.1')!);
    assert.match(answer.answer, /^No: refused by a REJECT rule with icmp-port-unreachable\.$/);
    assert.match(lineOf(answer, 'ping-refused', sampleRules)!, /KUBE-IPVS-IPS dst -j REJECT/);
  });
});

suite('2. from the node a ClusterIP hangs although pods can connect', () => {
  const mark = /^.*--match-set KUBE-CLUSTER-IP .*-j KUBE-MARK-MASQ\n/m;

  test('no rule at all, as kube-proxy 1.9 without --cluster-cidr: the ClusterIP is the source', async () => {
    const broken = sampleRules.replace(mark, '');
    const alone = askNodeToClusterIp(await withRules(broken));
    assert.match(alone.answer, /^No: .* leaves with the ClusterIP .* as its source/);
    assert.match(lineOf(alone, 'cluster-ip-not-masqueraded', broken)!, /^:KUBE-SERVICES /);
    const compared = askNodeToClusterIp(await withRules(broken), await withRules(sampleRules));
    assert.match(lineOf(compared, 'rule-of-healthy-node', sampleRules)!, /! -s .*KUBE-MARK-MASQ$/);
  });

  test('with --cluster-cidr: the rule that marks it is shown', async () => {
    const answer = askNodeToClusterIp(await withRules(sampleRules));
    assert.match(answer.answer, /^Yes/);
    assert.match(lineOf(answer, 'cluster-ip-masqueraded', sampleRules)!, /KUBE-CLUSTER-IP dst,dst/);
    assert.equal(answer.findings.length, 1);
  });

  test('later versions without it: the node is well, outside is not masqueraded', async () => {
    const text = readFileSync('test/fixtures/dumps/ipvs-no-cluster-cidr/iptables-save.txt', 'utf8');
    const answer = askNodeToClusterIp(await withRules(text));
    assert.match(answer.answer, /^Yes/);
    assert.match(lineOf(answer, 'outside-not-masqueraded', text)!, /KUBE-CLUSTER-IP src,dst/);
  });
});

suite("3. externalIPs names a node's own address", () => {
  test('kube-ipvs0 takes it, and ssh ends on whichever node gets it', async () => {
    const node = await ipvs;
    const text =
      '9: kube-ipvs0: <NOARP> mtu 1500\n    inet 192.168.77.11/32 scope global kube-ipvs0\n';
    const [taken] = parseIpAddress(text, 'ip-addr').value;
    const interfaces = node.interfaces!.map((one) =>
      one.name === 'kube-ipvs0'
        ? { ...one, addresses: [...one.addresses, ...taken!.addresses] }
        : one,
    );
    const { nodes } = await objects('nodes');
    assert.equal(askExternalIps(node, { nodes }).findings.length, 0);
    const answer = askExternalIps({ ...node, interfaces }, { nodes });
    assert.match(answer.answer, /^Yes: .* lands on a random node/);
    const [found] = answer.findings;
    assert.match(found!.message, /^192\.168\.77\.11 is an address of Node /);
    assert.deepEqual([found!.range.source, found!.range.line], ['ip-addr', 1]);
  });
});

suite('4. is this node in ipvs mode, and do its parts agree', () => {
  test('virtual servers, sets, addresses and Services of a real node agree', async () => {
    const { services } = await objects('services');
    const answer = askAgreement(await ipvs, services);
    assert.match(answer.answer, /^Yes: 104 virtual servers, .*; all agree\.$/);
    assert.deepEqual(answer.findings, []);
  });

  test('each part that is missing is named, with the row that misses it', async () => {
    const node = await ipvs;
    const [gone, ...virtualServers] = node.ipvs!.virtualServers.filter(({ port }) => port === 3000);
    const rest = node.ipvs!.virtualServers.filter((one) => one !== gone);
    assert.equal(virtualServers.length, 0);
    const { services } = await objects('services');
    const codes = (state: NodeState, all?: readonly ServiceObject[]) =>
      askAgreement(state, all).findings.map(({ code, range }) => `${code} ${range.source}`);
    const without = { ...node, ipvs: { ...node.ipvs!, virtualServers: rest } };
    assert.deepEqual(
      codes(without, services).map((one) => one.split(' ')[0]),
      [
        'address-without-virtual-server',
        'set-entry-without-virtual-server',
        'service-not-programmed',
      ],
    );
    const sets = new Map(node.sets);
    const set = sets.get('KUBE-CLUSTER-IP')!;
    sets.set(set.name, { ...set, entries: [...set.entries].slice(1) });
    assert.deepEqual(
      askAgreement({ ...node, sets }).findings.map(({ code }) => code),
      ['virtual-server-in-no-set'],
    );
    const interfaces = node.interfaces!.map((one) =>
      one.name === 'kube-ipvs0' ? { ...one, addresses: one.addresses.slice(1) } : one,
    );
    // Its route goes with the address.
    const lost = { ...node, interfaces, routes: undefined };
    const bare = askAgreement(lost).findings.map(({ code }) => code);
    assert.ok(bare.includes('virtual-server-without-address'));
  });

  test('iptables mode is not ipvs mode; what ipvs mode left is said', async () => {
    const node = await iptables;
    assert.match(askAgreement(node).answer, /^No: /);
    const left = { ...node, ipvs: (await ipvs).ipvs };
    assert.match(askAgreement(left).answer, /^No, but ipvs mode has left its traces/);
  });
});

suite('5. where does NodePort 30089 go', () => {
  test('through which set and chains, and with which source the pod sees it', async () => {
    const { answer, findings } = askNodePort(await ipvs, { port: 30089 });
    assert.match(answer, /50 % to 10\.244\.0\.2:8080, which sees the source 10\.244\.0\.1/);
    assert.match(answer, /50 % to 10\.244\.1\.2:8080, which sees the source 192\.168\.77\.10/);
    const texts = findings.map(({ message }) => message).join('\n');
    assert.match(texts, /KUBE-NODE-PORT 2 by the set KUBE-NODE-PORT-TCP: jump KUBE-MARK-MASQ/);
    assert.match(texts, /virtual server tcp 192\.168\.77\.10:30089 rr/);
    assert.match(texts, /KUBE-POSTROUTING 4: MASQUERADE to/);
  });

  test('in iptables mode through KUBE-NODEPORTS to the same pods', async () => {
    const { answer, findings } = askNodePort(await iptables, { port: 30089 });
    assert.match(answer, /50 % to 10\.244\.1\.2:8080, which sees the source 192\.168\.77\.10/);
    assert.ok(findings.some(({ message }) => message.startsWith('nat KUBE-NODEPORTS')));
  });
});
