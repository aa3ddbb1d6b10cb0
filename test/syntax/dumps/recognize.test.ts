import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dumpKind, splitDumpName } from '../../../src/syntax/dumps/recognize';

const samples = new URL('../../../samples/', import.meta.url);

/** What each file of the samples holds; they are named as the commands that wrote them. */
const sampleKinds: Readonly<Record<string, string>> = {
  'iptables-save.txt': 'iptables-save',
  'iptables-save-c.txt': 'iptables-save',
  'ip6tables-save.txt': 'ip6tables-save',
  'iptables-nat-L-nv.txt': 'iptables-L',
  'ipset-save.txt': 'ipset-save',
  'ipset-list.txt': 'ipset-list',
  'ip-addr.txt': 'ip-addr',
  'ip-route.txt': 'ip-route',
  'ip-6-route.txt': 'ip-route',
  'proc-net-ip_vs.txt': 'proc-ip_vs',
  'ipvsadm-Ln.txt': 'ipvsadm-Ln',
  'proxyMode.txt': 'kube-proxy-mode',
  'kube-proxy.config.yaml': 'kube-proxy-config',
  'services.yaml': 'objects',
  'endpoints.yaml': 'objects',
  'endpointslices.yaml': 'objects',
  'nodes.yaml': 'objects',
  'pods.yaml': 'objects',
};

function kinds(contents: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(contents).map(([kind, text]) => [kind, dumpKind('dump.txt', text)]),
  );
}

suite('the kind of a dump', () => {
  test('every file of the samples, by its name and, where it holds any, by its text alone', () => {
    let files = 0;
    for (const path of readdirSync(samples, { recursive: true, encoding: 'utf8' })) {
      const base = path.split(/[\\/]/).pop()!;
      const expected = sampleKinds[base];
      if (!expected) continue;
      const head = readFileSync(new URL(path, samples), 'utf8').slice(0, 4096);
      assert.equal(dumpKind(path, head), expected, path);
      if (head !== '') assert.equal(dumpKind('x', head), expected, `the text of ${path}`);
      files++;
    }
    assert.ok(files > 40, `${files} files`);
  });

  test('by content alone', () => {
    const texts = {
      'iptables-S': '-P INPUT ACCEPT -c 0 0\n-N KUBE-SERVICES\n',
      nft: 'table ip kube-proxy { # handle 1\n\tcomment "rules for kube-proxy"\n',
      'nft-json': '{"nftables": [{"metainfo": {"version": "1.0.6"}}',
      'nft-tables': 'table ip kube-proxy\ntable ip6 kube-proxy\n',
      'ip-addr-json': '[{},{"ifindex":1,"ifname":"lo","flags":["LOOPBACK"]',
      'ip-rule': '0:\tfrom all lookup local\n',
      'ip-addr': '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever\n',
      'ip-route': 'fd00:10:244::/64 dev cni0 proto kernel metric 256 pref medium\n',
      'proc-fib_trie': 'Main:\n  +-- 0.0.0.0/0 3 0 5\n',
      'proc-if_inet6': '00000000000000000000000000000001 01 80 10 80       lo\n',
      'proc-route': 'Iface\tDestination\tGateway \tFlags\tRefCnt\n',
      'proc-ipv6_route': `${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00 ${'0'.repeat(32)} ffffffff\n`,
      'ipvsadm-Sn': '-A -t 192.168.77.10:30089 -s rr\n',
      'ipvsadm-Ln': 'TCP  [fd00:10:96::f29]:80 rr\n',
      'proc-ip_vs': 'TCP  0AF40001:799A rr  \n  -> 0AF4010E:1FC2      Masq    1\n',
      'ipvsadm-stats':
        'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port               Conns   InPkts  OutPkts\n',
      'ipvsadm-timeout': 'Timeout (tcp tcpfin udp): 900 120 300\n',
      'ipvsadm-Lnc': 'IPVS connection entries\npro expire state       source\n',
      'proc-ip_vs_conn': 'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State\n',
      'proc-ip_vs_stats': '   Total Incoming Outgoing         Incoming\n',
      sysctl: 'net.bridge.bridge-nf-call-iptables = 1\n',
      conntrack: 'tcp      6 9 CLOSE src=192.168.77.1 dst=192.168.77.10 sport=1\n',
      'kube-proxy-mode': 'ipvs',
      objects: '{\n  "apiVersion": "v1",\n  "items": [',
      stderr: "Can't initialize ipvs: Protocol not available\n",
      unknown: 'Dear colleague,\nhere is the dump.\n',
    };
    assert.deepEqual(kinds(texts), Object.fromEntries(Object.keys(texts).map((k) => [k, k])));
  });

  test('blanks at the end hide nothing; a brace of Jira is no JSON, one within JSON is', () => {
    assert.equal(dumpKind('x', 'ipvs \r\n'), 'kube-proxy-mode');
    assert.equal(dumpKind('x', '{code:bash}\n*nat\n'), 'iptables-save');
    assert.equal(dumpKind('x', '{noformat}\n*nat\n'), 'iptables-save');
    assert.equal(dumpKind('x', '\n{"nftables": [{"comment": "{code}"}]}'), 'nft-json');
    assert.equal(dumpKind('x', '[ {"ifname": "lo"}]'), 'ip-addr-json');
    assert.equal(dumpKind('x', '{"other": 1}\n*nat\n'), 'unknown');
  });

  test('what a program refuses first does not hide what it prints then', () => {
    const refused = "Can't initialize ipvs: Protocol not available\n";
    assert.equal(dumpKind('x', refused), 'stderr');
    assert.equal(dumpKind('x', `${refused}0:\tfrom all lookup local\n`), 'ip-rule');
  });

  test('a name decides what no text tells, and which family it is', () => {
    const rules = '*nat\n:PREROUTING ACCEPT [0:0]\n';
    assert.equal(dumpKind('ip6tables-save.txt', rules), 'ip6tables-save');
    assert.equal(dumpKind('ipset-list.txt', rules), 'iptables-save');
    // Of names that say two things the longest counts, then the first.
    assert.equal(dumpKind('nft-ip-addr.txt', ''), 'ip-addr');
    for (const name of ['README-nft.txt', 'nft.log', 'nft.md', 'traffic-nft.txt', 'RC-nft.txt']) {
      assert.equal(dumpKind(name, ''), 'unknown', name);
    }
    assert.equal(dumpKind(`${'x'.repeat(300)}-nft.gz`, ''), 'nft');
    assert.equal(dumpKind(`nft-${'x'.repeat(300)}`, ''), 'unknown');
  });

  test('a prompt before the dump does not hide it', () => {
    const text = 'root@node-a:~# ipvsadm -Ln\nIP Virtual Server version 1.2.1 (size=4096)\n';
    assert.equal(dumpKind('paste.txt', text), 'ipvsadm-Ln');
  });

  test('an empty file goes by its name, also in other spellings', () => {
    const names = {
      'ipset_save.out': 'ipset-save',
      'node-a_iptables.txt': 'iptables-save',
      'ip_vs.txt': 'proc-ip_vs',
      'iptables-legacy-save': 'iptables-save',
      'ipset-list.txt.stderr': 'stderr',
      'nft-version.txt': 'unknown',
      'lsmod-ip_vs.txt': 'unknown',
      'notes.txt': 'unknown',
    };
    for (const [name, kind] of Object.entries(names)) assert.equal(dumpKind(name, ''), kind, name);
  });

  test('splits the node from the name of a flat folder', () => {
    assert.deepEqual(splitDumpName('node-a-iptables-save.txt'), { before: 'node-a', after: '' });
    assert.deepEqual(splitDumpName('ip-addr.worker1.txt'), { before: '', after: 'worker1' });
    assert.deepEqual(splitDumpName('ipset-save.txt'), { before: '', after: '' });
    assert.equal(splitDumpName('notes.txt'), undefined);
  });
});
