import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseAddress } from '../../../src/core/address';
import { programmed } from '../../../src/core/kubeproxy/programmed';
import type { NodeState } from '../../../src/core/node';
import { askAgreement } from '../../../src/core/questions/agreement';
import type { NodeAnswer } from '../../../src/core/questions/answer';
import { askExternalIps } from '../../../src/core/questions/externalIps';
import { askNodeToClusterIp } from '../../../src/core/questions/masquerade';
import { askNodePort } from '../../../src/core/questions/nodePort';
import { askPing } from '../../../src/core/questions/ping';
import { askService } from '../../../src/core/questions/service';
import { finish } from '../../../src/core/work';
import { nodeOf } from '../flow/sampleNode';
import { findingsOf } from '../findings/checkText';
import { nat19, servers } from './ticket';

const folder = 'samples/kubernetes-1.36-ipvs/node-a';
const whole = readFileSync(`${folder}/iptables-save.txt`, 'utf8');
const clusterIpMark = /^-A KUBE-SERVICES .*KUBE-CLUSTER-IP .*-j KUBE-MARK-MASQ\n/m;

/** The table nat as `iptables -t nat -S` prints it. */
function natOf(save: string): string {
  const [, nat] = /^\*nat\n([^]*?)^COMMIT$/m.exec(save)!;
  return nat!
    .replace(/^:(\S+) (ACCEPT|DROP) .*$/gm, '-P $1 $2')
    .replace(/^:(\S+) - .*$/gm, '-N $1');
}

async function read(files: Readonly<Record<string, string>>) {
  return (await nodeOf(new Map(Object.entries(files)))).node;
}

suite('questions answered from excerpts of a ticket', () => {
  test('no rule masquerades ClusterIPs: by `iptables -t nat -S` and `ipvsadm -Sn` alone', async () => {
    const node = await read({ 'iptables-nat-S.txt': nat19, 'ipvsadm-Sn.txt': servers });
    const { answer, certainty, broken, command, findings } = askNodeToClusterIp(node);
    assert.match(answer, /^Likely not: no rule with --match-set KUBE-CLUSTER-IP/);
    assert.deepEqual([certainty, broken, command], ['likely', true, 'iptables-save -t nat']);
    assert.equal(findings[0]?.code, 'cluster-ip-not-masqueraded');
    assert.equal(nat19.split('\n')[findings[0].range.line], '-N KUBE-SERVICES');
    assert.match(askAgreement(node).answer, /^Likely: 2 virtual servers/);
  });

  test('the same is found: as a warning where the listing may be cut there, surely where it goes on', async () => {
    const masked = async (nat: string) =>
      (await findingsOf({ 'iptables-nat-S.txt': nat, 'ipvsadm-Sn.txt': servers }))
        .filter(({ code }) => code === 'cluster-ip-not-masqueraded')
        .map(({ severity, message }) => `${severity}: ${message.split(':')[0]}`);
    assert.deepEqual(await masked(nat19), [
      'warning: Likely the node itself gets no answer from ClusterIPs',
    ]);
    const goesOn = `${nat19.replace('-N KUBE-SERVICES\n', '$&-N OWN\n')}-A OWN -j RETURN\n`;
    assert.deepEqual(await masked(goesOn), [
      'error: The node itself gets no answer from ClusterIPs',
    ]);
    // The text ends before the chain that stands before KUBE-SERVICES.
    const cut = nat19.replace(/^-A KUBE-POSTROUTING.*\n/m, '');
    assert.deepEqual(await masked(cut), []);
  });

  test('with other rules by sets the mode is certain, and so is the answer', async () => {
    const nat = natOf(whole.replace(clusterIpMark, ''));
    const files = { 'iptables-nat-S.txt': nat, 'ipvsadm-Sn.txt': servers };
    const alone = askNodeToClusterIp(await read(files));
    assert.match(alone.answer, /^No: /);
    assert.deepEqual([alone.certainty, alone.broken, alone.command], ['certain', true, undefined]);
    const healthy = await read({ 'iptables-nat-S.txt': natOf(whole), 'ipvsadm-Sn.txt': servers });
    const compared = askNodeToClusterIp(await read(files), healthy);
    const theirs = compared.findings.find(({ code }) => code === 'rule-of-healthy-node')!;
    assert.match(natOf(whole).split('\n')[theirs.range.line]!, /KUBE-CLUSTER-IP dst,dst/);
  });

  test('with the rule, of either shape, the answer is likely yes', async () => {
    for (const nat of [
      natOf(whole),
      natOf(whole).replace(
        /! -s 10\.244\.0\.0\/16 (.*KUBE-CLUSTER-IP) dst,dst -j KUBE-MARK/,
        '$1 src,dst -j KUBE-MARK',
      ),
    ]) {
      const node = await read({ 'iptables-nat-S.txt': nat, 'ipvsadm-Sn.txt': servers });
      assert.match(askNodeToClusterIp(node).answer, /^Likely: a rule masquerades/);
    }
  });

  test('a --cluster-cidr that is the range of the Services is told', async () => {
    const nat = natOf(whole).replace('! -s 10.244.0.0/16', '! -s 10.254.0.0/16');
    const node = await read({ 'iptables-nat-S.txt': nat, 'ipvsadm-Sn.txt': servers });
    assert.match(
      askNodeToClusterIp(node).answer,
      /^Likely not: .*holds the ClusterIP 10\.254\.0\.1/,
    );
  });

  test('half a table accuses nobody', async () => {
    const cut = whole.slice(0, whole.indexOf('-A KUBE-SERVICES')).replace(/[^]*(?=^\*nat)/m, '');
    const node = await read({ 'iptables-save.txt': cut, 'ipvsadm-Sn.txt': servers });
    assert.match(askNodeToClusterIp(node).answer, /^Unknown: of nat KUBE-SERVICES only a part/);
    const without = await read({ 'ipvsadm-Sn.txt': servers });
    const { answer, command } = askNodeToClusterIp(without);
    assert.match(answer, /^Unknown: nat KUBE-SERVICES is not at hand/);
    assert.equal(command, 'iptables -t nat -S KUBE-SERVICES');
  });

  test('a ping: kube-ipvs0 of `ip addr` holds the address', async () => {
    const addr =
      '1: lo: <LOOPBACK,UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n5: kube-ipvs0: <BROADCAST,NOARP> mtu 1500\n    inet 10.254.0.1/32 scope global kube-ipvs0\n';
    const node = await read({ 'ip-addr.txt': addr });
    const held = askPing(node, parseAddress('10.254.0.1')!);
    assert.match(held.answer, /^(Yes|Likely): kube-ipvs0 holds 10\.254\.0\.1/);
    assert.match(askPing(node, parseAddress('10.254.0.2')!).answer, /^Unknown/);
  });

  test('a ping: by the virtual server alone, and by the rule of iptables mode alone', async () => {
    const ipvs = await read({ 'ipvsadm-Sn.txt': servers });
    assert.match(askPing(ipvs, parseAddress('10.254.0.1')!).answer, /^Likely: kube-proxy puts/);
    assert.match(askPing(ipvs, parseAddress('10.254.9.9')!).answer, /^Unknown/);
    const rule =
      '*nat\n:KUBE-SERVICES - [0:0]\n:KUBE-SVC-NPX46M4PTMTKRN6Y - [0:0]\n-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y\nCOMMIT\n';
    const iptables = await read({ 'iptables-save.txt': rule });
    assert.match(askPing(iptables, parseAddress('10.96.0.1')!).answer, /^Likely not: the rules/);
  });

  test("a --cluster-cidr that holds ClusterIPs, by nat and `ipvsadm -Sn`; the Pods' bridge is none", async () => {
    const nodePort = `-A -t 10.244.0.1:30089 -s rr
-a -t 10.244.0.1:30089 -r 10.244.0.2:8080 -m -w 1
-A -t 10.244.0.1:30090 -s rr
`;
    const ask = async (range: string) => {
      const nat = natOf(whole.replaceAll('! -s 10.244.0.0/16', `! -s ${range}`));
      const files = { 'iptables-nat-S.txt': nat, 'ipvsadm-Sn.txt': `${nodePort}${servers}` };
      return askNodeToClusterIp(await read(files)).answer;
    };
    assert.match(await ask('10.244.0.0/16'), /^Likely: a rule masquerades/);
    assert.match(await ask('0.0.0.0/1'), /^Likely not: the range .* holds the ClusterIP/);
  });

  test('virtual servers and addresses without any rule: nobody is accused', async () => {
    const file = (name: string) => readFileSync(`${folder}/${name}`, 'utf8');
    const files = { 'ipvsadm-Ln.txt': file('ipvsadm-Ln.txt'), 'ip-addr.txt': file('ip-addr.txt') };
    const { answer, findings } = askNodeToClusterIp(await read(files));
    assert.match(answer, /^Unknown: nat KUBE-SERVICES is not at hand/);
    assert.deepEqual(findings, []);
  });

  test('a NodePort without `ip addr`: by its virtual servers, or by the rule of nat, alone', async () => {
    const twice = ['192.168.77.10', '10.244.0.1']
      .map((at) => `-A -t ${at}:30089 -s rr\n-a -t ${at}:30089 -r 10.244.0.2:8080 -m -w 1\n`)
      .join('');
    const byServers = askNodePort(await read({ 'ipvsadm-Sn.txt': twice }), { port: 30089 });
    assert.match(
      byServers.answer,
      /^Likely: by 192\.168\.77\.10:30089\/tcp and 10\.244\.0\.1:30089\/tcp to 10\.244\.0\.2:8080\. `iptables-save`/,
    );
    const shown =
      '10: kube-ipvs0: <BROADCAST,NOARP> mtu 1500\n    inet 10.96.0.1/32 scope global kube-ipvs0\n';
    const part = await read({ 'ipvsadm-Sn.txt': twice, 'ip-addr-show-kube-ipvs0.txt': shown });
    assert.match(askNodePort(part, { port: 30089 }).answer, /^Likely: .* to 10\.244\.0\.2:8080\./);
    const save = readFileSync('samples/kubernetes-1.36-iptables/node-a/iptables-save.txt', 'utf8');
    const nat = await read({ 'iptables-save.txt': /^\*nat[^]*?^COMMIT$/m.exec(save)![0] });
    const byRule = askNodePort(nat, { port: 30089 });
    assert.match(byRule.answer, /^Likely: by default\/web:http to 10\.244\.0\.2:8080 and /);
    assert.equal(byRule.findings.length, 1);
    const other = askNodePort(nat, { port: 30001 });
    assert.match(other.answer, /^No rule of KUBE-NODEPORTS takes 30001\/tcp on this node/);
    assert.match(
      askNodePort(nat, { port: 30089, protocol: 17 }).answer,
      /^No rule of KUBE-NODEPORTS takes 30089\/udp/,
    );
    const byOne = await read({ 'ipvsadm-Sn.txt': twice });
    assert.match(
      askNodePort(byOne, { port: 30001 }).answer,
      /^Unknown: no rule at hand is about NodePort 30001\/tcp\. `ipvsadm -Ln` would tell\./,
    );
  });

  const askAll = (node: NodeState, name: string) =>
    finish(programmed(node))
      .ports.filter(({ service }) => service.title === name)
      .flatMap((port) => finish(askService(node, port)));
  const told = (answers: readonly NodeAnswer[], question: RegExp) =>
    answers.find((one) => question.test(one.question));

  test('a Service by `iptables-save` alone: every way in, policy Local too', async () => {
    const file = 'samples/kubernetes-1.36-iptables/node-a/iptables-save.txt';
    const node = await read({ 'iptables-save.txt': readFileSync(file, 'utf8') });
    const answers = askAll(node, 'shop/edge-np:http');
    const ofPod = told(answers, /answer a pod at 10\.98\.75\.80:8081\?$/);
    assert.match(
      ofPod!.answer,
      /^Likely: 100 % to 10\.244\.1\.16:8081, .* `ip addr` and `ip route/,
    );
    assert.deepEqual([ofPod!.certainty, ofPod!.command], ['likely', 'ip addr']);
    const ofNode = told(answers, /answer this node at 10\.98/)!.answer;
    assert.match(
      ofNode,
      /^Likely: 100 % to 10\.244\.1\.16:8081, which sees an address of the node\./,
    );
    const outside = told(answers, /answer a client outside at NodePort 31081\?$/)!;
    assert.match(outside.answer, /^Likely not: DROP /);
    const line = readFileSync(file, 'utf8').split('\n')[outside.findings[0]!.range.line]!;
    assert.match(line, /has no local endpoints/);
    // One judge: who asks for the port alone is told the same.
    assert.match(
      askNodePort(node, { port: 31081 }).answer,
      /^Likely not: by shop\/edge-np:http DROP/,
    );
  });

  test('rules of a Service without those that lead to it, or to its endpoints: nothing false, and what would tell', async () => {
    const save = readFileSync('samples/kubernetes-1.36-iptables/node-a/iptables-save.txt', 'utf8');
    const [nat] = /^\*nat[^]*?^COMMIT$/m.exec(save)!;
    const own = nat.split('\n').filter((line) => /4TGH2QBMZCNGQRFB|MTOZ2BIZ4Z3LESJP/.test(line));
    const grepped = askAll(
      await read({ 'iptables-save.txt': `${own.join('\n')}\n` }),
      'shop/edge-np:http',
    );
    const ofPod = told(grepped, /answer a pod at 10\.98\.75\.80:8081\?$/)!;
    assert.match(ofPod.answer, /^Likely: 100 % to 10\.244\.1\.16:8081, /);
    assert.equal(ofPod.command, 'iptables-save');
    const cut = await read({ 'iptables-save.txt': nat.slice(0, nat.indexOf('-A KUBE-SEP-MT')) });
    const port = askNodePort(cut, { port: 31080 });
    assert.match(
      port.answer,
      /^Unknown: no rule or virtual server takes it.* `iptables-save` would tell/,
    );
    const outside = told(
      askAll(cut, 'shop/edge:http'),
      /answer a client outside at NodePort 31080/,
    )!;
    assert.match(outside.answer, /^Unknown: no rule or virtual server takes it: only a process/);
    assert.deepEqual([outside.certainty, outside.command], ['unknown', 'iptables-save']);
  });

  test('what `iptables-save | grep NAME` prints: the rules that every node has are taken to be there', async () => {
    const save = readFileSync('samples/kubernetes-1.36-iptables/node-a/iptables-save.txt', 'utf8');
    const lines = save.split('\n');
    const grep = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).join('\n');
    const text = grep(/shop\/edge:http/);
    const answers = askAll(await read({ 'grep.txt': text }), 'shop/edge:http');
    // The last rule of KUBE-EXT- has no comment.
    for (const question of [
      /answer a pod at 10\.105\.242\.27:80\?$/,
      /answer a client outside at NodePort 31080\?$/,
      /answer this node at NodePort 31080\?$/,
      /answer a client outside at 203\.0\.113\.20:80\?$/,
    ]) {
      const { answer, command } = told(answers, question)!;
      assert.match(answer, /^Likely: 50 % to 10\.244\.0\.17:8080, .*50 % to 10\.244\.0\.18:8080/);
      assert.equal(command, 'iptables-save');
    }
    const unasked = await read({ 'grep.txt': text.replace(/^-A KUBE-SERVICES .*\n/gm, '') });
    assert.match(
      askNodePort(unasked, { port: 31080 }).answer,
      /^Likely: by shop\/edge:http to 10\.244\.0\.17:8080 and 10\.244\.0\.18:8080\./,
    );
    // Of policy Local without an endpoint here there is no chain: nothing says that it leads elsewhere.
    const nowhere = await read({ 'grep.txt': grep(/shop\/edge-np:http/) });
    assert.doesNotMatch(askNodePort(nowhere, { port: 31081 }).answer, /^Likely: /);
    const ports = await read({ 'grep.txt': grep(/-A KUBE-NODEPORTS/) });
    const { answer } = askNodePort(ports, { port: 31080 });
    assert.match(answer, /^Unknown: the dump has no chain KUBE-EXT-.* `iptables-save` would tell/);
  });

  test('a chain that the dump declares is as it shows it, and nothing is made up of it', async () => {
    const rules = `-N KUBE-SERVICES
-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "default/kubernetes:https cluster IP" -m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y
-A KUBE-SVC-NPX46M4PTMTKRN6Y -m comment --comment "default/kubernetes:https -> 10.0.0.2:6443" -j KUBE-SEP-JD73KFU7OWOVCR63
-A KUBE-SEP-JD73KFU7OWOVCR63 -p tcp -m comment --comment "default/kubernetes:https" -m tcp -j DNAT --to-destination 10.0.0.2:6443
`;
    const ask = async (more: string) =>
      told(
        askAll(await read({ 'S.txt': `${more}${rules}` }), 'default/kubernetes:https'),
        /answer a pod/,
      )!.answer;
    assert.match(await ask(''), /^Likely: 100 % to 10\.0\.0\.2:6443/);
    assert.match(
      await ask('-P PREROUTING ACCEPT\n'),
      /^Unknown: no rule or virtual server takes it/,
    );
  });

  test('a Service by `nft list ruleset` alone: the node has the addresses that its rules name', async () => {
    const file = 'samples/kubernetes-1.36-nftables/node-a/nft-list-ruleset.txt';
    const node = await read({ 'nft-list-ruleset.txt': readFileSync(file, 'utf8') });
    const answers = askAll(node, 'shop/edge:http');
    const outside = told(answers, /answer a client outside at 192\.168\.77\.10:31080\?$/)!;
    assert.match(
      outside.answer,
      /^Likely: 50 % to 10\.244\.0\.17:8080, which sees the client’s own address/,
    );
  });

  test('a Service by rules, sets and virtual servers: the ClusterIP is its source on the node', async () => {
    const file = (name: string) => readFileSync(`${folder}/${name}`, 'utf8');
    const ask = async (save: string) => {
      const files = {
        'ipset-save.txt': file('ipset-save.txt'),
        'ipvsadm-Ln.txt': file('ipvsadm-Ln.txt'),
      };
      const node = await read({ ...files, 'iptables-save.txt': save });
      return told(askAll(node, '10.105.242.27:80/tcp'), /answer this node at 10\.105\.242\.27:80/)!
        .answer;
    };
    assert.match(await ask(whole), /^Likely: 50 % to .*, which sees an address of the node/);
    assert.match(
      await ask(whole.replace(clusterIpMark, '')),
      /^Likely not: LOST \(it leaves with the ClusterIP 10\.105\.242\.27 as its source/,
    );
    // What a rule drops does not leave.
    const drop = '-A OUTPUT -d 10.244.0.0/16 -p tcp -j DROP\n';
    const dropped = whole.replace(clusterIpMark, '').replace(/^\*filter\n(?::.*\n)*/m, `$&${drop}`);
    assert.match(await ask(dropped), /^Likely not: DROP \(a DROP rule\)\./);
  });

  test('a healthy node without `ipset save`: external IPs are no ClusterIPs, and nobody is accused', async () => {
    const file = (name: string) => readFileSync(`${folder}/${name}`, 'utf8');
    const names = ['ip-addr.txt', 'ip-route.txt', 'ipvsadm-Ln.txt', 'iptables-save.txt'];
    const files = Object.fromEntries(names.map((name) => [name, file(name)]));
    const { answer, command, findings } = askNodeToClusterIp(await read(files));
    assert.match(answer, /^Likely: a rule masquerades traffic to ClusterIPs/);
    assert.equal(command, 'ipset save');
    assert.ok(findings.every(({ severity }) => severity === 'information'));
    const lacking = { ...files, 'iptables-save.txt': whole.replace(clusterIpMark, '') };
    assert.match(askNodeToClusterIp(await read(lacking)).answer, /^No: no rule with --match-set/);
    // The header that ipvsadm prints in a container, where there is no virtual server.
    const header = file('ipvsadm-Ln.txt').split('\n').slice(0, 3).join('\n');
    const other = await read({ 'ip-addr.txt': file('ip-addr.txt'), 'ipvsadm-Ln.txt': header });
    assert.match(
      askAgreement(other).answer,
      /^Likely: 0 virtual servers.* 1 part does not agree\.$/,
    );
  });

  test('a Service and a NodePort without `ipset save`: one way to each endpoint', async () => {
    const file = (name: string) => readFileSync(`${folder}/${name}`, 'utf8');
    const names = ['ip-addr.txt', 'ip-route.txt', 'ipvsadm-Ln.txt', 'iptables-save.txt'];
    const node = await read(Object.fromEntries(names.map((name) => [name, file(name)])));
    const answers = askAll(node, '10.105.242.27:80/tcp');
    const ofPod = told(answers, /answer a pod at 10\.105\.242\.27:80/)!;
    assert.equal(
      ofPod.answer,
      'Likely: 50 % to 10.244.0.17:8080, which sees the client’s own address; 50 % to 10.244.0.18:8080, which sees the client’s own address. `ipset save` would decide it.',
    );
    const port = askNodePort(node, { port: 31080 });
    assert.match(
      port.answer,
      /^Likely: .* to 10\.244\.0\.17:8080 and 10\.244\.0\.18:8080\. `ipset save`/,
    );
    assert.equal(port.command, 'ipset save');
  });

  test("what goes on to another node with the client's own source gets no answer", async () => {
    const file = (name: string) =>
      readFileSync(`samples/kubernetes-1.36-iptables/node-a/${name}`, 'utf8');
    const save = file('iptables-save.txt');
    const ask = async (rules: string) => {
      const more = { 'ip-addr.txt': file('ip-addr.txt'), 'ip-route.txt': file('ip-route.txt') };
      const node = await read({ ...more, 'iptables-save.txt': rules });
      const outside = /answer a client outside at 192\.168\.77\.10:30089\?$/;
      return told(askAll(node, 'default/web:http'), outside)!.answer;
    };
    assert.match(await ask(save), /^(?:Yes|Likely): 50 % to /);
    assert.match(
      await ask(save.replace(/^-A KUBE-MARK-MASQ .*\n/m, '')),
      /^(?:No|Likely not): 50 % to 10\.244\.0\.2:8080, .* LOST \(it goes on to 10\.244\.1\.2 on another node/,
    );
  });

  test('in another mode than ipvs the answers say so, and not what of ipvs is missing', async () => {
    const save = readFileSync('samples/kubernetes-1.36-iptables/node-a/iptables-save.txt', 'utf8');
    const node = await read({ 'iptables-save.txt': save });
    const { answer } = askAgreement(node);
    assert.equal(answer, 'No: mode iptables; rules lead to chains of Services.');
    const file = 'samples/kubernetes-1.36-nftables/node-a/nft-list-ruleset.txt';
    const nft = await read({ 'nft-list-ruleset.txt': readFileSync(file, 'utf8') });
    const told = askAgreement(nft);
    assert.deepEqual([told.answer, told.findings], ['No: mode nftables.', []]);
    assert.match(askNodeToClusterIp(node).answer, /^Likely: in mode iptables no device/);
    assert.match(askExternalIps(node).answer, /^Likely not: in mode iptables/);
  });

  test('kube-ipvs0 alone: the addresses of nodes are not at hand, and nothing is sure of them', async () => {
    const device =
      '10: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 state DOWN\n    inet 10.96.0.1/32 scope global kube-ipvs0\n';
    const alone = askExternalIps(await read({ 'ip-addr-show-kube-ipvs0.txt': device }));
    assert.equal(
      alone.answer,
      'Unknown: of `ip addr` only a part is at hand. `ip addr` would tell.',
    );
    const own = readFileSync(`${folder}/ip-addr.txt`, 'utf8');
    const one = askExternalIps(await read({ 'ip-addr.txt': own }));
    assert.match(one.answer, /^Likely not: .* `kubectl get nodes -o yaml` would tell\.$/);
    assert.equal(one.certainty, 'likely');
  });

  test('one part alone agrees with nothing', async () => {
    const { answer } = askAgreement(await read({ 'ipvsadm-Sn.txt': servers }));
    assert.match(answer, /nothing else is at hand to compare\.$/);
  });

  test("an external IP that is a node's own, from the Service and the Nodes alone", async () => {
    const node = await read({ 'ipvsadm-Sn.txt': servers });
    const objects = {
      services: [
        {
          metadata: { namespace: 'shop', name: 'web', labels: {} },
          spec: { externalIPs: ['192.168.1.10'] },
        },
      ],
      nodes: [
        {
          metadata: { name: 'node-b' },
          addresses: [{ type: 'InternalIP', address: '192.168.1.10' }],
        },
      ],
    } as unknown as Parameters<typeof askExternalIps>[1];
    const { answer, findings } = askExternalIps(node, objects);
    assert.match(answer, /^Likely: a Service asks/);
    assert.match(
      findings[0]!.message,
      /shop\/web names 192\.168\.1\.10, an address of Node node-b/,
    );
    assert.match(
      askExternalIps(node, { services: [], nodes: [] }).answer,
      /^Unknown: `ip addr` is missing/,
    );
  });
});
