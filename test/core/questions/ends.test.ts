import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { programmed } from '../../../src/core/kubeproxy/programmed';
import { askNodePort } from '../../../src/core/questions/nodePort';
import { askService } from '../../../src/core/questions/service';
import { finish } from '../../../src/core/work';
import { nodeOf } from '../flow/sampleNode';

const folder = 'samples/kubernetes-1.36-ipvs/node-a';

async function read(files: Readonly<Record<string, string>>) {
  return (await nodeOf(new Map(Object.entries(files)))).node;
}

suite('where packets to a Service end, by parts of a node’s dumps', () => {
  test('one chain of a Service alone: its comments say where it leads', async () => {
    const chain = 'KUBE-SVC-6DIQQWZY5FTPVDUK';
    const rule = (end: string) => `-A ${chain} -m comment --comment "shop/edge:http${end}"`;
    const ask = async (...rules: string[]) => {
      const text = ['$ iptables -t nat -S', `-N ${chain}`, ...rules, '']
        .join('\n')
        .replace('-S', `-S ${chain}`);
      const { ports } = finish(programmed(await read({ 'paste.txt': text })));
      const node = await read({ 'paste.txt': text });
      return ports.flatMap((port) => finish(askService(node, port))).map(({ answer }) => answer);
    };
    assert.deepEqual(await ask(`${rule(' -> 10.244.0.17:8080')} -j KUBE-SEP-UXOQ2VHCL2N7W7RY`), [
      'Likely: its rules lead to 10.244.0.17:8080. `iptables-save` would tell whether they are asked.',
    ]);
    // Up to 1.23 the comment names the Service alone.
    assert.deepEqual(await ask(`${rule('')} -j KUBE-SEP-UXOQ2VHCL2N7W7RY`), [
      `Unknown: of its rules only ${chain} is at hand. \`iptables-save\` would tell.`,
    ]);
  });

  test('rules of others before those of Services are named: of a chain called before, and a DNAT', async () => {
    const folder = 'samples/kubernetes-1.36-iptables/node-a';
    const save = readFileSync(`${folder}/iptables-save.txt`, 'utf8');
    const jump = /^-A PREROUTING .*-j KUBE-SERVICES$/m;
    const others = Object.fromEntries(
      ['ip-addr.txt', 'ip-route.txt'].map((name) => [
        name,
        readFileSync(`${folder}/${name}`, 'utf8'),
      ]),
    );
    const ask = async (before: string, chains: string) => {
      const text = save.replace(jump, `${before}\n$&`).replace('*nat\n', `*nat\n${chains}`);
      const node = await read({ ...others, 'iptables-save.txt': text });
      const { ports } = finish(programmed(node));
      const edge = ports.find(({ service }) => service.title === 'shop/edge:http')!;
      const answers = finish(askService(node, edge)).map((one) => `${one.question} ${one.answer}`);
      return answers.filter((text) => text.includes('No: '));
    };
    const called = await ask(
      '-A PREROUTING -j cali-PREROUTING\n-A cali-PREROUTING -d 10.96.0.0/12 -j ACCEPT',
      ':cali-PREROUTING - [0:0]\n',
    );
    assert.equal(called.length, 1);
    assert.match(
      called[0]!,
      /a pod at .*: rule 1 of nat cali-PREROUTING \(ACCEPT\) keeps it from the Service's rules\)/,
    );
    const port = '-A PREROUTING -p tcp -m tcp --dport 31080 -j DNAT --to-destination 172.17.0.2:80';
    for (const answer of await ask(port, '')) {
      assert.match(
        answer,
        /31080\? No: LOST \(rule 1 of nat PREROUTING \(DNAT to 172\.17\.0\.2:80\) takes it, and no endpoint/,
      );
    }
    assert.equal((await ask(port, '')).length, 2);
  });

  test('policy Local without the routes: its Pods are on this node, whatever their addresses', async () => {
    const save = readFileSync('samples/kubernetes-1.36-iptables/node-b/iptables-save.txt', 'utf8');
    const { answer } = askNodePort(await read({ 'iptables-save.txt': save }), { port: 31081 });
    assert.match(answer, /^Likely: by shop\/edge-np:http to 10\.244\.1\.16:8081\./);
  });

  test('policy Local with no endpoint of the node: it fails, and by which rule is no matter', async () => {
    const none = /: traffic policy Local, and no endpoint of the Service is on this node\)/;
    // 1.36 drops in filter, which `-t nat` leaves out; 1.20 marks for a drop that the kubelet's rules make.
    const save = readFileSync('samples/kubernetes-1.36-iptables/node-a/iptables-save.txt', 'utf8');
    const nat = await read({ 'iptables-save.txt': /^\*nat[^]*?^COMMIT$/m.exec(save)![0] });
    const older = readFileSync('samples/kubernetes-1.20-iptables/node-a/iptables-save.txt', 'utf8');
    const names = ['ip-addr.txt', 'ip-route.txt'] as const;
    const others = Object.fromEntries(
      names.map((name) => [
        name,
        readFileSync(`samples/kubernetes-1.20-iptables/node-a/${name}`, 'utf8'),
      ]),
    );
    for (const node of [nat, await read({ ...others, 'iptables-save.txt': older })]) {
      const { answer } = askNodePort(node, { port: 31081 });
      assert.match(answer, none);
      assert.match(answer, /LOST \(no rule or virtual server takes it/);
    }
  });

  test('the same in ipvs mode: the Pods around an address of their network that has NodePorts', async () => {
    // The Pods of node-a as those of the network's second part.
    const moved = (name: string) =>
      readFileSync(`${folder}/${name}`, 'utf8').replace(/10\.244\.([01])\.(?!0\/16)/g, (_, at) =>
        at === '0' ? '10.244.1.' : '10.244.0.',
      );
    const names = ['iptables-save.txt', 'ipset-save.txt', 'ipvsadm-Ln.txt'] as const;
    const files = Object.fromEntries(names.map((name) => [name, moved(name)]));
    const ask = async (servers: string) =>
      askNodePort(await read({ ...files, 'ipvsadm-Ln.txt': servers }), { port: 31080 }).answer;
    const servers = files['ipvsadm-Ln.txt']!;
    const bridge = '10.244.1.1:31080/tcp';
    const to = 'to 10.244.1.17:8080 and 10.244.1.18:8080';
    assert.ok(
      (await ask(servers)).startsWith(`Likely: by 192.168.77.10:31080/tcp and ${bridge} ${to}.`),
    );
    // With node ports on primary addresses alone nothing tells whose they are.
    assert.match(
      await ask(servers.replace(/^[TUS]\w+ +10\.244\.1\.1:.*\n(?: {2}->.*\n)*/gm, '')),
      /^Unknown: whether 10\.244\.1\.17 is on this node is not known/,
    );
  });

  test('a NodePort that only the rules of the other family could have is unknown', async () => {
    const listing = readFileSync(
      'samples/kubernetes-1.36-nftables/node-a/nft-list-ruleset.txt',
      'utf8',
    );
    const six = /^table ip6 kube-proxy \{\n[^]*?^\}\n/m.exec(listing)![0];
    const prompt = '$ nft list table ip6 kube-proxy\n';
    const node = await read({ 'paste.txt': `${prompt}${six}` });
    const { answer } = askNodePort(node, { port: 30089 });
    assert.match(
      answer,
      /^Unknown: no rule at hand is about NodePort 30089\/tcp\. `nft list ruleset` would tell\.$/,
    );
    // A listing of all tables would have IPv4's.
    const whole = await read({ 'paste.txt': `$ nft list ruleset\n${six}table inet other {\n}\n` });
    assert.match(
      askNodePort(whole, { port: 30089 }).answer,
      /^No rule of kube-proxy's table takes/,
    );
  });
});
