import assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import { ask } from '../../src/inspect/ask';
import { check } from '../../src/inspect/check';
import { trace } from '../../src/inspect/trace';
import { address, dropping, inward, nat, routes, run, withFiles } from './madeNode';

const accepting = dropping.replaceAll('DROP', 'ACCEPT');
const other = address.replaceAll('192.0.2.10', '192.0.2.11');
const dumps = (ip: string, rules: string, at: (command: string) => string) =>
  `${at('ip addr')}\n${ip}${at('ip route')}\n${routes}${at('iptables-save')}\n${rules}`;
const bash = (host: string) => (command: string) => `root@${host}:~# ${command}`;
const bracket = (host: string) => (command: string) => `[root@${host} ~]# ${command}`;
const exec = (pod: string) => (command: string) =>
  `me@laptop:~$ kubectl exec -n kube-system ${pod} -- ${command}`;
const ansible = (host: string) => (command: string) =>
  `${host} | CHANGED | rc=0 >>\n${command === 'ip addr' ? '' : `$ ${command}`}`;
const answers = (host: string, ip: string, rules: string) =>
  Object.entries({ 'ip addr': ip, 'ip route': routes, 'iptables-save': rules })
    .map(([cmd, stdout]) => {
      const answer = {
        changed: true,
        cmd: cmd.split(' '),
        stdout,
        stdout_lines: stdout.split('\n'),
      };
      return `${host} | CHANGED => ${JSON.stringify(answer, undefined, 4)}\n`;
    })
    .join('');
/** The same as one JSON: a task for each command, and its hosts in each. */
const callback = (...texts: readonly string[]) => {
  const hosts = texts
    .flatMap((text) => text.split(/^(?=node-)/m))
    .map((text) => {
      const [, host = '', answer = ''] = /^([\w-]+)[^{]*([^]*)$/.exec(text) ?? [];
      return { [host]: JSON.parse(answer) as unknown };
    });
  return JSON.stringify({ plays: [{ tasks: hosts.map((own) => ({ hosts: own })) }] }, undefined, 2);
};
const bare = (command: string) => `$ ${command}`;
const ssh = (host: string) => (command: string) => `me@laptop:~$ ssh ${host} '${command}'`;
const daemon = (pod: string) => (command: string) =>
  `$ kubectl exec -it ${pod} -n kube-system -c calico-node -- ${command}`;
const debug = (node: string) => (command: string) =>
  `$ oc debug node/${node} -- chroot /host ${command}`;
const kali = (host: string) => (command: string) => `┌──(root㉿${host})-[~]\n└─# ${command}`;
const p10k = (host: string) => (command: string) => `╭─root@${host} ~\n╰─❯ ${command}`;
const zsh = (host: string) => (command: string) => `➜  src git:(main) ✗ ssh ${host} ${command}`;
const suse = (host: string) => (command: string) => `${host}:~ # ${command}`;
const kind = (node: string) => (command: string) => `$ docker exec ${node} ${command}`;
/** What `for n in ...; do echo "=== $n ==="; ssh $n ip addr; done` leaves. */
const looped = (one: string, two: string) =>
  [
    ['ip addr', address, other] as const,
    ['ip route', routes, routes] as const,
    ['iptables-save', dropping, accepting] as const,
  ]
    .map(([command, first, second]) => {
      const loop = `$ for n in a b; do echo "=== $n ==="; ssh $n ${command}; done`;
      return `${loop}\n${one}\n${first}${two}\n${second}`;
    })
    .join('');

suite('dumps of two nodes in one text', function () {
  this.timeout(60_000);

  const pairs: Readonly<Record<string, readonly [string, string, RegExp]>> = {
    prompts: [
      dumps(address, dropping, bash('node-a')),
      dumps(other, accepting, bash('node-b')),
      /of node-b were left/,
    ],
    brackets: [
      dumps(address, dropping, bracket('node-a')),
      dumps(other, accepting, bracket('node-b')),
      /of node-b were left/,
    ],
    pods: [
      dumps(address, dropping, exec('kube-proxy-x7k2p')),
      dumps(other, accepting, exec('kube-proxy-q9w8e')),
      /of kube-proxy-q9w8e were left/,
    ],
    ansible: [
      dumps(address, dropping, ansible('node-a')),
      dumps(other, accepting, ansible('node-b')),
      /of node-b were left/,
    ],
    "ansible's answers in JSON": [
      answers('node-a', address, dropping),
      answers('node-b', other, accepting),
      /of node-b were left/,
    ],
    "ansible's JSON callback": [
      callback(answers('node-a', address, dropping), answers('node-b', other, accepting)),
      '',
      /of node-b were left/,
    ],
    '=== headings': [
      `=== node-a ===\n${dumps(address, dropping, bare)}`,
      `=== node-b ===\n${dumps(other, accepting, bare)}`,
      /of node-b were left/,
    ],
    '## headings': [
      `## node-a\n${dumps(address, dropping, bare)}`,
      `## node-b\n${dumps(other, accepting, bare)}`,
      /of node-b were left/,
    ],
    ssh: [
      dumps(address, dropping, ssh('node-a')),
      dumps(other, accepting, ssh('root@node-b')),
      /of node-b were left/,
    ],
    'pods of another DaemonSet': [
      dumps(address, dropping, daemon('calico-node-x7k2p')),
      dumps(other, accepting, daemon('calico-node-q9w8e')),
      /of calico-node-q9w8e were left/,
    ],
    'oc debug': [
      dumps(address, dropping, debug('node-a')),
      dumps(other, accepting, debug('node-b')),
      /of node-b were left/,
    ],
    'nodes that are containers': [
      dumps(address, dropping, kind('kind-control-plane')),
      dumps(other, accepting, kind('kind-worker')),
      /of kind-worker were left/,
    ],
    'prompts on two lines': [
      dumps(address, dropping, kali('node-a')),
      dumps(other, accepting, kali('node-b')),
      /of node-b were left/,
    ],
    'prompts on two lines of another theme': [
      dumps(address, dropping, p10k('node-a')),
      dumps(other, accepting, p10k('node-b')),
      /of node-b were left/,
    ],
    'ssh at a prompt of zsh': [
      dumps(address, dropping, zsh('node-a')),
      dumps(other, accepting, zsh('node-b')),
      /of node-b were left/,
    ],
    'prompts without a user': [
      dumps(address, dropping, suse('node-a')),
      dumps(other, accepting, suse('node-b')),
      /of node-b were left/,
    ],
    'a loop over hosts': [
      looped('=== ip-10-0-0-1.ec2.internal ===', '=== ip-10-0-0-2.ec2.internal ==='),
      '',
      /of ip-10-0-0-2.ec2.internal were left/,
    ],
    'a loop over hosts, in Chinese': [
      looped('=== 节点：kube-node1 ===', '=== 节点：kube-node2 ==='),
      '',
      /of kube-node2 were left/,
    ],
    'names alone': [
      `node-a:\n${dumps(address, dropping, bare)}`,
      `node-b:\n${dumps(other, accepting, bare)}`,
      /of node-b were left/,
    ],
  };
  for (const [form, [first, second, left]] of Object.entries(pairs)) {
    test(`${form}: the first node's count, and that is said`, async () => {
      await withFiles({ 'node.txt': first + second }, async (folder) => {
        const told = await run(trace, `${folder}/node.txt`, ...inward);
        assert.match(told, /100 % => DROP: the policy of filter INPUT/);
        assert.match(told, left);
        assert.match(await run(trace, folder, ...inward), /holds dumps of several nodes \(/);
      });
    });
  }

  test('check and ask name the hosts that were left out, too', async () => {
    const text = dumps(address, dropping, bash('node-a')) + dumps(other, accepting, bash('node-b'));
    await withFiles({ 'node.txt': text }, async (folder) => {
      const file = `${folder}/node.txt`;
      for (const told of [await run(check, file), await run(ask, file, '--ping', '192.0.2.10')])
        assert.match(
          told,
          /missing: node.txt holds dumps of several hosts: .* of node-b were left/,
        );
    });
  });

  test('the other node is asked for by its name, below the folder', async () => {
    const text = dumps(address, dropping, bash('node-a')) + dumps(other, accepting, bash('node-b'));
    await withFiles({ 'node.txt': text }, async (folder) => {
      const toOther = inward.map((word) => word.replace('192.0.2.10', '192.0.2.11'));
      for (const at of [folder, `${folder}/node.txt`]) {
        const told = await run(trace, `${at}/node-b.example.org`, ...toOther);
        assert.match(told, /100 % => ACCEPT: delivered to the node itself/);
        assert.match(told, /of node-a were left/);
      }
      await assert.rejects(access(`${folder}/node-c`));
      assert.doesNotMatch(await run(trace, `${folder}/node-c`, ...toOther), /=>/);
    });
  });

  test('rules that only the other node has are not taken over', async () => {
    const text = dumps(address, dropping, bash('node-a')) + dumps(other, nat, bash('node-b'));
    await withFiles({ 'node.txt': text }, async (folder) => {
      const told = await run(trace, `${folder}/node-a`, ...inward);
      assert.match(told, /100 % => DROP: the policy of filter INPUT/);
      assert.doesNotMatch(told, /DNAT/);
    });
  });

  test('check of the folder checks each, as of any folder of several nodes', async () => {
    const text = dumps(address, dropping, bash('node-a')) + dumps(other, nat, bash('node-b'));
    await withFiles({ 'node.txt': text }, async (folder) => {
      const told = await run(check, folder);
      assert.match(told, /^node node-a\n[^]*^node node-b\n/m);
      assert.match(await run(check, `${folder}/node-b`), /node-b: \d+ errors/);
    });
  });

  test('check of a file is of that file alone, though a node beside it has its name', async () => {
    const text = dumps(address, dropping, bash('node-a')) + dumps(other, nat, bash('node-b'));
    await withFiles({ 'node.txt': text, 'node-b': address }, async (folder) => {
      assert.match(await run(check, `${folder}/node-b`), /node-b: ip-addr: 3 devices/);
    });
  });

  const own = dumps(address, dropping, bash('node-a'));
  for (const [form, text] of Object.entries({
    'another user': own.replace('root@node-a:~# iptables', 'me@node-a:~$ sudo iptables'),
    'the full name': own.replace('root@node-a:~# iptables', 'root@node-a.example.org:~# iptables'),
    'the short name first': own.replace('node-a:~# ip addr', 'node-a.example.org:~# ip addr'),
    'two sections of one name': own.replaceAll(/^root@node-a:~# /gm, '## node-rules-1\n# '),
    'a theme of zsh': own.replaceAll('root@node-a:~# ', '➜  ~ '),
    'another theme of zsh': own.replaceAll('root@node-a:~# ', '❯ '),
    'no name': own.replace('root@node-a:~# iptables', 'root@(none):~# iptables'),
    'a login from a workstation': `me@laptop:~$ ssh node-a\n${own}`,
    'headings of sections': `## part-1\n${dumps(address, '', bare).replace('$ iptables-save\n', '')}## part-2\n$ iptables-save\n${dropping}`,
    'the pod of kube-proxy': own.replace(
      'root@node-a:~# iptables',
      'root@node-a:~# kubectl exec -n kube-system kube-proxy-x7k2p -- iptables',
    ),
    'a container': own.replace('root@node-a:~# iptables', 'root@3f2a1b4c5d6e:/# iptables'),
    'one pod': dumps(address, dropping, exec('kube-proxy-x7k2p')),
  })) {
    test(`${form} is no other node`, async () => {
      await withFiles({ 'node.txt': text }, async (folder) => {
        const told = await run(trace, folder, ...inward);
        assert.match(told, /100 % => DROP: the policy of filter INPUT/);
        assert.doesNotMatch(told, /left out|No dump of the (?:routes|addresses)/);
      });
    });
  }
});
