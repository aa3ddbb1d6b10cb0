import assert from 'node:assert/strict';
import { hostMark, hostTold } from '../../../src/syntax/dumps/hostMarks';
import { HostNames, isSameHost } from '../../../src/syntax/dumps/hostName';

/** `node-b (host)`, `node-b (heading)`; undefined where the line tells nobody. */
function told(line: string): string | undefined {
  const mark = hostMark(line);
  return mark && `${mark.name} (${mark.kind})`;
}

function lines(text: string): readonly string[] {
  return text.trim().split('\n');
}

suite('the host that a line tells', () => {
  test('a prompt, of whatever shell', () => {
    const prompts = lines(`
root@node-b:~# ip addr
[root@node-b ~]# ip addr
core@node-b ~ $ ip addr
(prod) me@node-b:~$ ip addr
root@node-b:/var/lib/kubelet# 
root@node-b:~#
root@node-b % ip addr
node-b:~ # ip addr
node-b:/etc $ ip addr
┌──(root㉿node-b)-[~]
╭─root@node-b ~`);
    for (const line of prompts) assert.equal(told(line), 'node-b (host)', line);
  });

  test('what ansible writes above the output of a host', () => {
    const heads = lines(`
node-b | CHANGED | rc=0 >>
node-b | SUCCESS | rc=0 >>
node-b | FAILED | rc=1 >>
node-b | UNREACHABLE! => {
ok: [node-b] => {
changed: [node-b]
failed: [node-b]
fatal: [node-b]: UNREACHABLE!`);
    for (const line of heads) assert.equal(told(line), 'node-b (host)', line);
  });

  test('a command that enters it: options and their values are passed over', () => {
    const commands = lines(`
ssh node-b
ssh node-b ip addr
ssh root@node-b 'ip addr'
ssh -p 2222 -i key -J jump -B eth0 root@node-b "ip addr"
ssh -p2222 -4 node-b -- ip addr
$ ssh node-b
$ ssh node-b uptime
sudo ssh node-b uptime
root@jump:~# ssh node-b uptime
oc debug node/node-b -- chroot /host ip addr
oc debug node/node-b
$ kubectl debug node/node-b -it --image=busybox
kubectl node-shell node-b
kubectl node-shell -n tools node-b -- ip addr`);
    for (const line of commands) assert.equal(told(line), 'node-b (host)', line);
  });

  test('a container that is a node of kind, k3d or minikube', () => {
    for (const [name, isNode] of [
      ['kind-worker', true],
      ['kind-worker2', true],
      ['kind-control-plane', true],
      ['k3d-dev-agent-0', true],
      ['k3d-dev-server-0', true],
      ['minikube', true],
      ['minikube-m02', true],
      ['web', false],
      ['my-minikube', false],
      ['kind-workers', false],
    ] as const) {
      for (const program of ['docker', 'podman', 'nerdctl']) {
        const line = `${program} exec -it -u root ${name} ip addr`;
        assert.equal(told(line), isNode ? `${name} (host)` : undefined, line);
      }
    }
  });

  test('a pod, of one workload: two of them are on two nodes', () => {
    for (const [line, mark] of [
      [
        'kubectl exec -n kube-system kube-proxy-x7k2p -- iptables-save',
        'kube-proxy-x7k2p (pods:kube-proxy)',
      ],
      [
        'kubectl -n kube-system exec -it kube-proxy-node-a -c kube-proxy -- ip a',
        'kube-proxy-node-a (pods:kube-proxy)',
      ],
      ['oc exec pod/web-7d4b9c6f5-x7k2p -- ip addr', 'web-7d4b9c6f5-x7k2p (pods:web-7d4b9c6f5)'],
      ['kubectl exec pods/cni-abcde --context prod -- ip addr', 'cni-abcde (pods:cni)'],
      ['kubectl exec --cluster b -s https://b cni-abcde -- ip addr', 'cni-abcde (pods:cni)'],
    ] as const) {
      assert.equal(told(line), mark, line);
    }
    // Of a DaemonSet it may be any pod; what is not named by a controller is of no workload.
    for (const line of [
      'kubectl exec ds/kube-proxy -- ip a',
      'kubectl exec web -- ip a',
      'kubectl exec web-abcdef -- ip a',
      'kubectl exec kube-proxy- -- ip a',
      'kubectl exec -- ip a',
    ]) {
      assert.equal(told(line), undefined, line);
    }
  });

  test('a heading, where the name has a digit or a hyphen', () => {
    for (const [line, name] of [
      ['=== node-a ===', 'node-a'],
      ['## Node: node-b', 'node-b'],
      ['### server node-b', 'node-b'],
      ['=== 节点1 ===', '节点1'],
      ['--- worker1 ---', 'worker1'],
      ['-- node-1', 'node-1'],
      ['**node-2**', 'node-2'],
      ['>> node-3', 'node-3'],
      ['#node-5', 'node-5'],
      ['== ip-10-0-1-5.ec2.internal ==', 'ip-10-0-1-5.ec2.internal'],
      ['== node1: iptables ==', 'node1'],
      ['node-b:', 'node-b'],
      ['Node: node-b', 'node-b'],
      ['host worker-1', 'worker-1'],
      ['节点：worker1', 'worker1'],
      ['主机 node2：', 'node2'],
      ['== nat-node ==', 'nat-node'],
    ] as const) {
      assert.equal(told(line), `${name} (heading)`, line);
    }
  });

  test('not a section of one node, a command, a container, a date, what ping prints, or a row', () => {
    const others = lines(`
== nat-table ==
== ip route ==
== iptables-save ==
== ipv4 ==
== kube-proxy ==
chain-1:
before-1:
ip-1:
== worker ==
node:
=== 节点 ===
--- node1 ping statistics ---
--- 10.244.1.9 ping statistics ---
0123456789ab:
root@0123456789ab:/# ip addr
root@localhost:~# ip addr
localhost:~ # ip addr
bash-5.1# ip addr
2024-01-02:
== 2024-01-02T10:00:00 ==
10.0.0.1:
1: lo: <LOOPBACK>
-A INPUT -m comment --comment "ssh node-b" -j ACCEPT
add KUBE-1 10.0.0.1
:node-1 - [0:0]
  node-1:
[0:0] -A x
node-b | OK
root@node-b:~#ip addr
/* ssh access */
we use ssh node-b to look
ssh node-b uptime
$ ssh
nsenter -t 1 -n ip addr
$ docker ps
$ docker logs kind-worker
$ kubectl logs kube-proxy-abcde
$ kubectl exec -n kube-system
$ kubectl get nodes -o wide`);
    for (const line of others) assert.equal(told(line), undefined, line);
    assert.equal(told(`=== node-a ===${' '.repeat(386)}`), 'node-a (heading)');
    assert.equal(told(`=== node-a ===${' '.repeat(387)}`), undefined);
  });

  test('of a text the first prompt or command; a heading may name anything', () => {
    assert.equal(hostTold('=== node-a ===\nroot@node-b:~# ip a\nroot@node-c:~# ip r\n'), 'node-b');
    assert.equal(hostTold('=== node-a ===\n1: lo: <LOOPBACK>\n'), undefined);
    assert.equal(hostTold('kubectl exec kube-proxy-abcde -- ip a\n'), undefined);
    assert.equal(hostTold(`${'x\n'.repeat(199)}root@node-b:~#\n`), 'node-b');
    assert.equal(hostTold(`${'x\n'.repeat(200)}root@node-b:~#\n`), undefined);
  });
});

suite('one host of several names', () => {
  test('a name and the same with its domain, in any case', () => {
    for (const [one, other, same] of [
      ['node-a', 'NODE-A', true],
      ['node-a', 'node-a.example.org', true],
      ['node-a.example.org', 'node-a', true],
      ['node-a', 'node-ab', false],
      ['node-a.example.org', 'node-a.example.com', false],
    ] as const) {
      assert.equal(isSameHost(one, other), same, `${one} ${other}`);
    }
  });

  test('the first one that was met stands for all', () => {
    const firstOf = (...names: readonly string[]) => {
      const hosts = new HostNames();
      return names.map((name) => hosts.firstOf(name));
    };
    const full = 'node-a.example.org';
    assert.deepEqual(firstOf('node-a', full, 'NODE-A'), ['node-a', 'node-a', 'node-a']);
    assert.deepEqual(firstOf(full, 'Node-A', 'node-a.example'), [full, full, full]);
    assert.deepEqual(firstOf('node-b', 'node-a'), ['node-b', 'node-a']);
    assert.deepEqual(firstOf('node-a.x', 'node-a.y'), ['node-a.x', 'node-a.y']);
    assert.deepEqual(firstOf('a.node1', 'a'), ['a.node1', 'a.node1']);
    assert.deepEqual(firstOf('10.0.0.5.nip.io', '10.0.0.5'), [
      '10.0.0.5.nip.io',
      '10.0.0.5.nip.io',
    ]);
    // An address is not cut to its beginning.
    assert.deepEqual(firstOf('10.0.0.5', '10.0.0'), ['10.0.0.5', '10.0.0']);
  });
});
