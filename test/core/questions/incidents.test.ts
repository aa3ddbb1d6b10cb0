import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseAddress } from '../../../src/core/address';
import { checkNode } from '../../../src/core/findings/checkNode';
import { programmed } from '../../../src/core/kubeproxy/programmed';
import { askNodeToClusterIp } from '../../../src/core/questions/masquerade';
import { askNodePort } from '../../../src/core/questions/nodePort';
import { askPing } from '../../../src/core/questions/ping';
import { askService } from '../../../src/core/questions/service';
import { finish } from '../../../src/core/work';
import { nodeOf } from '../flow/sampleNode';

const samples = 'samples/kubernetes-1.36-';
const sample = (path: string) => readFileSync(`${samples}${path}`, 'utf8');
const iptables = sample('iptables/node-a/iptables-save.txt');
const ip6tables = sample('iptables/node-a/ip6tables-save.txt');
const listing = sample('nftables/node-a/nft-list-ruleset.txt');
const servers = sample('ipvs/node-a/ipvsadm-Ln.txt');
const ipvsNode = {
  ...Object.fromEntries(
    [
      'iptables-save.txt',
      'ip6tables-save.txt',
      'ipset-save.txt',
      'ip-addr.txt',
      'ip-route.txt',
    ].map((name) => [name, sample(`ipvs/node-a/${name}`)]),
  ),
  'ipvsadm-Ln.txt': servers,
} as Readonly<Record<string, string>>;

/** What a person pastes: commands behind a prompt, each with its output. */
const paste = (...outputs: readonly (readonly [string, string])[]) => ({
  'paste.txt': outputs.map(([command, text]) => `root@node-a:~# ${command}\n${text}`).join(''),
});
const grep = (text: string, name: string) =>
  `${text
    .split('\n')
    .filter((line) => line.includes(name))
    .join('\n')}\n`;
const natOf = (save: string) => /^\*nat\n[^]*?^COMMIT\n/m.exec(save)![0];

async function read(files: Readonly<Record<string, string>>) {
  return (await nodeOf(new Map(Object.entries(files)))).node;
}

async function answers(files: Readonly<Record<string, string>>, title: string) {
  const node = await read(files);
  const ports = finish(programmed(node)).ports.filter(({ service }) => service.title === title);
  return ports.flatMap((port) => finish(askService(node, port)));
}

async function codes(files: Readonly<Record<string, string>>) {
  return finish(checkNode(await read(files))).filter(({ severity }) => severity !== 'information');
}

suite('incidents: real dumps that one fault was put into, as people paste them', () => {
  test('`iptables-save | grep NAME`: what filter refuses is seen beside what nat translates', async () => {
    const files = paste(['iptables-save | grep edge-np', grep(iptables, 'shop/edge-np')]);
    const all = await answers(files, 'shop/edge-np:http');
    const outside = all.find(({ question }) => question.includes('a client outside at NodePort'))!;
    assert.match(
      outside.answer,
      /^Likely not: DROP \(a DROP rule: traffic policy Local, and no endpoint of the Service is on this node\)/,
    );
    const pod = all.find(({ question }) => question.includes('a pod'))!;
    assert.match(pod.answer, /^Likely: 100 % to 10\.244\.1\.16:8081/);
    assert.match(
      askNodePort(await read(files), { port: 31081 }).answer,
      /^Likely not: by shop\/edge-np:http DROP/,
    );
  });

  test('the same of IPv6, with source ranges and a Service without endpoints', async () => {
    const files = paste(['ip6tables-save | grep shop/dual', grep(ip6tables, 'shop/dual')]);
    const all = await answers(files, 'shop/dual:http');
    const told = (who: RegExp) => all.find(({ question }) => who.test(question))!.answer;
    assert.match(told(/a pod/), /^Likely: 50 % to \[fd00:10:244:1::14\]:8130/);
    assert.match(told(/outside its source ranges/), /^Likely not: DROP/);
    const orphan = await answers(files, 'shop/dual-orphan:http');
    assert.ok(orphan.length > 1);
    for (const { answer } of orphan) assert.match(answer, /^Likely not: REJECT/);
    assert.deepEqual(await codes(files), []);
  });

  test('`ip addr show kube-ipvs0` without the ClusterIP: a ping does not answer', async () => {
    const address = '10.105.255.72';
    const device = sample('ipvs/node-a/ip-addr.txt').replace(/[^]*^(\d+: kube-ipvs0)/m, '$1');
    const ask = async (text: string) => {
      const files = paste(['ip addr show kube-ipvs0', text], ['ipvsadm -Ln', servers]);
      const { answer } = askPing(await read(files), parseAddress(address)!);
      return { answer, found: await codes(files) };
    };
    const healthy = await ask(device);
    assert.match(healthy.answer, /^Yes: kube-ipvs0 holds .*, unless it rejects .* 1\.26 and later/);
    assert.deepEqual(healthy.found, []);
    const lacking = await ask(device.replace(new RegExp(`^    inet ${address}/.*\n.*\n`, 'm'), ''));
    assert.match(lacking.answer, /^Likely not: .*kube-ipvs0 does not hold the address/);
    assert.deepEqual(
      lacking.found.map(({ code, message }) => [code, message.split(':')[0]]),
      [['virtual-server-without-address', `kube-ipvs0 does not hold ${address}`]],
    );
  });

  test('KUBE-CLUSTER-IP was emptied: the rule that asks it marks nothing', async () => {
    const sets = ipvsNode['ipset-save.txt']!.replace(/^add KUBE-CLUSTER-IP .*\n/gm, '');
    const files = { ...ipvsNode, 'ipset-save.txt': sets };
    const { answer, findings } = askNodeToClusterIp(await read(files));
    assert.match(answer, /^No: KUBE-CLUSTER-IP, which this rule asks, is empty/);
    assert.match(findings[0]!.range.source, /iptables-save/);
    const found = (await codes(files)).filter(({ code }) => code === 'virtual-server-in-no-set');
    assert.equal(found.length, 1, 'what many virtual servers have in common is said once');
    assert.match(found[0]!.message, /and 46 more virtual servers/);
  });

  test('ipvs mode without the mark for ClusterIPs of IPv6 alone', async () => {
    const without = (text: string) =>
      text.replace(/^-A KUBE-SERVICES .*KUBE-6-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ\n/m, '');
    const six = without(ipvsNode['ip6tables-save.txt']!);
    const files = { ...ipvsNode, 'ip6tables-save.txt': six };
    const { answer, broken } = askNodeToClusterIp(await read(files));
    assert.match(answer, /^No, of IPv6: .* Of IPv4: Yes/);
    assert.equal(broken, true);
    assert.deepEqual(
      (await codes(files)).map(({ code }) => code),
      ['cluster-ip-not-masqueraded'],
    );
    // A cluster of IPv4 alone has no such rule.
    const sets = ipvsNode['ipset-save.txt']!.replace(/^add KUBE-6-.*\n/gm, '');
    const four = servers.replace(/^(?:TCP|UDP|SCTP)  \[.*\n(?:  -> .*\n)*/gm, '');
    const single = { ...files, 'ipset-save.txt': sets, 'ipvsadm-Ln.txt': four };
    assert.match(askNodeToClusterIp(await read(single)).answer, /^Yes/);
  });

  test('nobody masquerades: what goes on to another node gets no answer', async () => {
    const flushed = listing.replace(/^(\tchain masquerading \{\n)[^}]*?^(\t\}\n)/m, '$1$2');
    const files = {
      'nft-list-ruleset.txt': flushed,
      'ip-addr.txt': sample('nftables/node-a/ip-addr.txt'),
      'ip-route.txt': sample('nftables/node-a/ip-route.txt'),
    };
    const { answer } = askNodePort(await read(files), { port: 30089 });
    assert.match(
      answer,
      /LOST \(it goes on to 10\.244\.1\.2 on another node with the client's own/,
    );
    const nat = natOf(iptables).replace(/^-A KUBE-MARK-MASQ .*\n/m, '');
    const alone = await read(paste(['iptables-save -t nat', nat]));
    assert.match(
      askNodePort(alone, { port: 30089 }).answer,
      /^Likely not: by default\/web:http to 10\.244\.0\.2:8080, LOST/,
    );
  });

  test('an endpoint’s chain was flushed: its share falls to the others, each told once', async () => {
    const chain = /^-A (KUBE-SEP-\w+) .*storefront:http".*--to-destination 10\.244\.0\.54:8080$/m;
    const [, name] = chain.exec(iptables)!;
    const nat = natOf(iptables).replace(new RegExp(`^-A ${name} .*\\n`, 'gm'), '');
    const files = paste(['iptables-save -t nat', nat]);
    const all = await answers(files, 'shop/storefront:http');
    const pod = all.find(({ question }) => question.includes('a pod'))!;
    assert.match(
      pod.answer,
      /^Likely: 50 % to 10\.244\.0\.55:8080, [^;]*; 50 % to 10\.244\.1\.50:8080, [^;]*, if/,
    );
    assert.deepEqual(
      (await codes(files)).map(({ code }) => code),
      ['service-chain-empty'],
    );
  });

  test('`nft -t list ruleset`: the chains of a Service tell where they lead', async () => {
    const terse = listing.replace(/^\t\telements = \{[^}]*\}\n/gm, '');
    const files = paste(['nft -t list ruleset', terse]);
    const [first] = await answers(files, 'shop/storefront:http');
    assert.match(first!.answer, /^Likely: its rules lead to 10\.244\.0\.54:8080, 10\.244/);
    assert.deepEqual(await codes(files), []);
  });

  test('a RETURN of others before the rules of Services: it is named', async () => {
    const inserted = '-A KUBE-SERVICES -d 10.96.0.0/12 -j RETURN';
    const save = iptables.replace(/^-A KUBE-SERVICES .*-j KUBE-SVC-/m, `${inserted}\n$&`);
    const files = {
      'iptables-save.txt': save,
      'ip-addr.txt': sample('iptables/node-a/ip-addr.txt'),
      'ip-route.txt': sample('iptables/node-a/ip-route.txt'),
    };
    const all = await answers(files, 'default/kubernetes:https');
    assert.ok(all.length > 0);
    for (const { answer, findings } of all) {
      assert.match(answer, /^No: .*: rule 1 of nat KUBE-SERVICES \(RETURN\) keeps it from/);
      const [{ range } = assert.fail()] = findings;
      assert.equal(save.split('\n')[range.line], inserted);
    }
    // Behind the rules of all Services it keeps nothing from them.
    const behind = iptables.replace(/^-A KUBE-SERVICES .*-j KUBE-NODEPORTS$/m, `${inserted}\n$&`);
    const [first] = await answers(
      { ...files, 'iptables-save.txt': behind },
      'default/kubernetes:https',
    );
    assert.match(first!.answer, /^Yes/);
  });

  test('a NodePort that no Service has: the whole table nat, or the map, tells', async () => {
    const ask = async (files: Readonly<Record<string, string>>) =>
      askNodePort(await read(files), { port: 30999 }).answer;
    const nat = natOf(iptables);
    assert.match(
      await ask(paste(['iptables-save -t nat', nat])),
      /^No rule of KUBE-NODEPORTS takes 30999\/tcp/,
    );
    assert.match(
      await ask(paste(['nft list ruleset', listing])),
      /^No rule of kube-proxy's table takes 30999\/tcp/,
    );
    const cut = nat.slice(0, nat.indexOf('-A KUBE-NODEPORTS'));
    assert.match(await ask(paste(['iptables-save -t nat', cut])), /^Unknown/);
    // The question is of IPv4: that the rules of IPv6 are whole does not tell.
    const six = { 'ip6tables-save.txt': natOf(ip6tables) };
    assert.match(await ask(six), /^Unknown/);
    assert.match(await ask({ ...six, 'iptables-save.txt': cut }), /^Unknown/);
    assert.match(await ask({ ...six, 'iptables-save.txt': nat }), /^No rule of KUBE-NODEPORTS/);
    assert.match(
      await ask(paste(['iptables-save -t nat | grep web', grep(nat, 'web')])),
      /^Unknown/,
    );
  });

  test('KUBE-SERVICES alone says nothing of what Services mark for masquerade', async () => {
    const rows = sample('iptables/node-a/iptables-nat-L-nv.txt')
      .split('\n\n')
      .find((chain) => chain.startsWith('Chain KUBE-SERVICES'))!;
    const node = await read(paste(['iptables -t nat -nvL KUBE-SERVICES', `${rows}\n`]));
    assert.deepEqual(
      finish(checkNode(node)).map(({ message }) => message),
      [],
    );
  });
});
