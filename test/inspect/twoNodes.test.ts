import assert from 'node:assert/strict';
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
const bare = (command: string) => `$ ${command}`;

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
    'names alone': [
      `node-a:\n${dumps(address, dropping, bare)}`,
      `node-b:\n${dumps(other, accepting, bare)}`,
      /of node-b were left/,
    ],
  };
  for (const [form, [first, second, left]] of Object.entries(pairs)) {
    test(`${form}: the first node's count, and that is said`, async () => {
      await withFiles({ 'node.txt': first + second }, async (folder) => {
        const told = await run(trace, folder, ...inward);
        assert.match(told, /100 % => DROP: the policy of filter INPUT/);
        assert.match(told, left);
      });
    });
  }

  test('rules that only the other node has are not taken over', async () => {
    const text = dumps(address, dropping, bash('node-a')) + dumps(other, nat, bash('node-b'));
    await withFiles({ 'node.txt': text }, async (folder) => {
      const told = await run(trace, folder, ...inward);
      assert.match(told, /100 % => DROP: the policy of filter INPUT/);
      assert.doesNotMatch(told, /DNAT/);
    });
  });

  const own = dumps(address, dropping, bash('node-a'));
  for (const [form, text] of Object.entries({
    'another user': own.replace('root@node-a:~# iptables', 'me@node-a:~$ sudo iptables'),
    'the full name': own.replace('root@node-a:~# iptables', 'root@node-a.example.org:~# iptables'),
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
