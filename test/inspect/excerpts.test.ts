import assert from 'node:assert/strict';
import { check } from '../../src/inspect/check';
import { trace } from '../../src/inspect/trace';
import { address, dropping, routes, run, withFiles } from './madeNode';

/** The text of one file, checked or traced. */
async function told(text: string, command: typeof check, ...args: readonly string[]) {
  let lines = '';
  await withFiles({ 'x.txt': text }, async (folder) => {
    lines = await run(command, `${folder}/x.txt`, ...args);
  });
  return lines;
}

const here = `$ ip addr\n${address}$ ip route\n${routes}`;
const bases = [
  ':PREROUTING ACCEPT [0:0]',
  ':INPUT ACCEPT [0:0]',
  ':OUTPUT ACCEPT [0:0]',
  ':POSTROUTING ACCEPT [0:0]',
].join('\n');
const toService = [
  ...['--src', '192.0.2.99:1000', '--dst', '10.96.0.10:80/tcp', '--in', 'eth0'],
] as const;

suite('excerpts in the forms in which people send them', function () {
  this.timeout(60_000);

  test('`iptables-save | grep` accuses nobody of having lost the rest', async () => {
    const text = `$ sudo iptables-save | grep CILIUM\n:CILIUM_PRE_raw - [0:0]\n-A PREROUTING -j CILIUM_PRE_raw\n`;
    const lines = await told(text, check);
    assert.doesNotMatch(lines, /: error:/);
    assert.match(lines, /x.txt:2:1: information: The beginning of this table is missing/);
    // One of the two alone: the end was lost on the way.
    assert.match(await told(`*raw\n${text.slice(text.indexOf(':'))}`, check), /: error: .*COMMIT/);
  });

  test('what other commands printed below rules is none of them, with no prompt between', async () => {
    const save = `*nat\n${bases}\n:KUBE-SERVICES - [0:0]\n-A PREROUTING -j KUBE-SERVICES\nCOMMIT\n`;
    const commands = '-P PREROUTING ACCEPT\n-N KUBE-SERVICES\n-A PREROUTING -j KUBE-SERVICES\n';
    const listing =
      'Chain PREROUTING (policy ACCEPT)\ntarget     prot opt source      destination\n' +
      'KUBE-SERVICES  all  --  0.0.0.0/0  0.0.0.0/0\n';
    const others = [
      '-A -t 10.96.0.1:443 -s rr\n-a -t 10.96.0.1:443 -r 192.168.77.1:6443 -m -w 1\n',
      'create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024 maxelem 65536\nadd KUBE-CLUSTER-IP 10.96.0.1,tcp:443\n',
      'Name: KUBE-CLUSTER-IP\nType: hash:ip,port\nHeader: family inet hashsize 1024 maxelem 65536\nMembers:\n10.96.0.1,tcp:443\n',
      address,
      'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nconntrack:\n  maxPerCore: 0\niptables:\n  masqueradeBit: 14\nkind: KubeProxyConfiguration\nmode: ipvs\n',
    ];
    for (const rules of [save, commands, listing]) {
      for (const other of others) {
        for (const text of [`${rules}${other}`, `${rules}\n${other}`, `${other}${rules}`]) {
          assert.doesNotMatch(await told(text, check), /not understood|No -A line/, text);
        }
      }
    }
  });

  test('`...` between rows of a listing says that lines are missing, and is no error', async () => {
    const columns = 'target     prot opt source               destination\n';
    const row = (to: string) => `${to}  all  --  0.0.0.0/0            0.0.0.0/0\n`;
    const text = `$ iptables -t nat -nL\nChain PREROUTING (policy ACCEPT)\n${columns}${row('KUBE-SERVICES')}...\n${row('RETURN')}以上，谢谢\n`;
    const lines = await told(text, check);
    assert.match(lines, /x.txt:5:1: information: Lines were left out here\./);
    assert.match(lines, /x.txt:6:1: warning: Rows of a listing that stand below no chain/);
    assert.doesNotMatch(lines, /: error:|x.txt:7/);
  });

  test('a command at the prompt of root begins another output', async () => {
    const text = `# ip addr\n${address}# kubectl get nodes -o wide\nNAME     STATUS   ROLES\nnode-a   Ready    master\n`;
    assert.doesNotMatch(await told(text, check), /not understood/);
  });

  test('rows of `iptables -L | grep` without their chain are not lost in silence', async () => {
    const row = 'KUBE-XLB-A  udp  --  0.0.0.0/0  0.0.0.0/0  /* default/s:x */ udp dpt:30162\n';
    const chain = 'Chain KUBE-XLB-A (1 references)\ntarget     prot opt source    destination\n';
    const drop = 'KUBE-MARK-DROP  all  --  0.0.0.0/0  0.0.0.0/0\n';
    const lines = await told(`In KUBE-NODEPORTS:\n${row}${row}\n${chain}${drop}`, check);
    assert.match(lines, /x.txt:2:1: warning: Rows of a listing .* no chain are left out, .*: 2\./);
    assert.doesNotMatch(await told(`${chain}${drop}`, check), /no chain/);
  });

  test('a translation that the program is too old to print leads to an unknown address', async () => {
    const rules = [
      '-A PREROUTING -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -j KUBE-SEP-A',
      '-A KUBE-SEP-A -p tcp -m tcp -j DNAT [unsupported revision]',
    ];
    const save = `*nat\n${bases}\n:KUBE-SEP-A - [0:0]\n${rules.join('\n')}\nCOMMIT\n`;
    const text = `${here}$ iptables-save\n${save}`;
    assert.match(
      await told(text, trace, ...toService),
      /100 % => UNKNOWN: DNAT: the address that it takes is not known/,
    );
    const lines = await told(text, check);
    assert.doesNotMatch(lines, /\[(?:bad-argument|incomplete-target)\]/);
    assert.match(lines, /warning: The program that printed this rule is older/);
    // A port that is not shown is not the packet's own.
    const redirect = text.replace('-j DNAT', '-j REDIRECT');
    assert.match(await told(redirect, trace, ...toService), /100 % => UNKNOWN: REDIRECT/);
  });

  test('a listing of an old nft without `-m statistic`: any endpoint, not the first', async () => {
    const chain = (name: string, ...lines: readonly string[]) =>
      `\tchain ${name} {\n${lines.map((line) => `\t\t${line}\n`).join('')}\t}\n`;
    const listing = (...jumps: readonly string[]) =>
      `${here}$ nft list ruleset\ntable ip nat {\n${[
        chain(
          'PREROUTING',
          'type nat hook prerouting priority dstnat; policy accept;',
          'ip daddr 10.96.0.10  tcp dport 80 counter packets 3 bytes 180 jump KUBE-SVC-A',
        ),
        chain('KUBE-SVC-A', ...jumps),
        chain('KUBE-SEP-A', 'meta l4proto tcp   counter packets 1 bytes 60 dnat to 198.51.100.5:1'),
        chain(
          'KUBE-SEP-B',
          'meta l4proto tcp   counter packets 2 bytes 120 dnat to 198.51.100.6:1',
        ),
      ].join('')}}\n`;
    const [first, second] = ['A', 'B'].map(
      (to) => ` counter packets 1 bytes 60 jump KUBE-SEP-${to}`,
    );
    const lines = await told(listing(first!, second!), trace, ...toService);
    assert.match(lines, /DNAT to 198.51.100.5:1[^]*DNAT to 198.51.100.6:1/);
    assert.match(lines, /\? statistic holds \(unknown/);
    const one = await told(listing(second!), trace, ...toService);
    assert.match(one, /DNAT to 198.51.100.6:1/);
    assert.doesNotMatch(one, /\? statistic/);
    const shown = ` meta random & 2147483647 < 1073741824 counter packets 1 bytes 60 jump KUBE-SEP-A`;
    assert.match(await told(listing(shown, second!), trace, ...toService), /\? 50 %/);
  });

  test('a session that begins with what is no node’s alone is one all the same', async () => {
    const server =
      'TCP  10.96.0.10:80 rr\n  -> 198.51.100.5:1               Masq    1      0          0\n';
    const columns = 'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port';
    const text = [
      `$ ipvsadm -Ln --stats\n${columns}               Conns   InPkts  OutPkts  InBytes OutBytes\n`,
      'TCP  10.96.0.10:80                      12      120      100    12000    10000\n',
      `$ ipvsadm -Ln\n${columns} Scheduler Flags\n`,
      `  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n${server}`,
    ].join('');
    for (const at of ['', '/x.txt']) {
      await withFiles({ 'x.txt': text }, async (folder) => {
        const lines = await run(trace, folder + at, ...toService);
        assert.match(lines, /real server 198.51.100.5:1 Masq/);
      });
    }
    assert.match(await told('hello\n', trace, ...toService), /holds no dump of a known kind/);
  });

  test('`ip route get` beside another command: nothing of it is misunderstood', async () => {
    const text = `$ ip route get 10.42.1.7\n10.42.1.7 via 10.42.1.0 dev flannel.1 src 10.42.0.0 uid 0\n    cache\n$ iptables-save\n${dropping}`;
    assert.doesNotMatch(await told(text, check), /not understood/);
  });

  test('rules of IPv6 whose file and text name no program', async () => {
    const policies = ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'];
    const rule = '-A PREROUTING -d 2001:db8:1::10/128 -p tcp -m tcp --dport 80';
    const to = '-j DNAT --to-destination [2001:db8:2::5]:8080';
    const save = `*nat\n${bases}\n${rule} ${to}\nCOMMIT\n`;
    const listed = `${policies.map((chain) => `-P ${chain} ACCEPT\n`).join('')}${rule} ${to}\n`;
    const args = ['--src', '[2001:db8:1::99]:1000', '--dst', '[2001:db8:1::10]:80/tcp', '--in'];
    for (const text of [save, listed]) {
      await withFiles({ 'nat.txt': text, 'ip-route.txt': routes }, async (folder) => {
        assert.match(await run(trace, folder, ...args, 'eth0'), /DNAT to \[2001:db8:2::5\]:8080/);
      });
    }
  });
});
