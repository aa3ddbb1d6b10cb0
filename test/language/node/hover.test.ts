import assert from 'node:assert/strict';
import { toMarkdown } from '../../../src/workspace/hover/markdown';
import type { NodeContext } from '../../../src/language/node/context';
import { nodeHoverAt } from '../../../src/language/node/hover';
import { contextOf, placeOf, sampleContext } from './context';

/** The hover in the middle of a word, without Markdown's escapes. */
async function hover(context: NodeContext, line: string, word = line): Promise<string> {
  const place = placeOf(context, line, word);
  const content = await nodeHoverAt(context, place.line, place.column);
  return content ? toMarkdown(content.blocks).replace(/\\(.)/g, '$1') : '';
}

suite('hovers of IPVS dumps', () => {
  let listing: NodeContext;
  let proc: NodeContext;

  suiteSetup(async () => {
    listing = await sampleContext('ipvsadm-Ln.txt', 'ipvsadm');
    proc = await sampleContext('proc-net-ip_vs.txt', 'ipvsadm');
  });

  test('scheduler, persistence and forward method', async () => {
    assert.match(await hover(listing, '31082 rr persistent', 'rr'), /Round robin: .* added last/);
    const persistent = await hover(listing, '31082 rr persistent 600', 'persistent 600');
    assert.match(persistent, /^\*\*Persistent\*\* `600 s \(10 min\)`/);
    assert.match(persistent, /sessionAffinity ClientIP/);
    assert.match(await hover(listing, 'Masq'), /kube-proxy uses no other method/);
  });

  test('a column by its heading and by its number', async () => {
    assert.match(await hover(listing, 'InActConn'), /TIME_WAIT/);
    const row = '10.244.0.2:8080              Masq    1      0          3';
    const context = await contextOf(
      { 'ipvsadm-Ln.txt': `TCP  10.96.0.1:80 rr\n  -> ${row}\n` },
      'ipvsadm-Ln.txt',
      'ipvsadm',
    );
    assert.match(await hover(context, row, '0          3'.slice(-1)), /^\*\*InActConn\*\* `3`/);
  });

  test('weight 0 is draining', async () => {
    const text = 'TCP  10.96.0.1:443 wrr\n  -> 10.0.0.1:1 Masq 0 7 8\n  -> 10.0.0.2:1 Masq 3 7 8\n';
    const context = await contextOf({ 'ipvsadm-Ln.txt': text }, 'ipvsadm-Ln.txt', 'ipvsadm');
    assert.match(await hover(context, 'Masq 0', ' 0 '), /Weight 0, draining/);
    const server = await hover(context, '10.96.0.1');
    assert.match(server, /10\.0\.0\.1:1: _weight 0, no new connections_/);
    assert.match(server, /10\.0\.0\.2:1: _weight 3, 100 % of new connections \(wrr\)_/);
    assert.match(server, /To say more, add: ipset save, ip addr/);
  });

  test('a virtual server: Service, Pods with shares, kube-ipvs0, set elements', async () => {
    const text = await hover(listing, '10.99.205.136:3000');
    assert.match(text, /^\*\*Virtual server\*\* `10\.99\.205\.136:3000\/tcp`, `default\/whoami`/);
    assert.equal(text.match(/default\/whoami-\S+ on node-[ab]: _33\.3 % /g)?.length, 3);
    assert.match(text, /ClusterIP of default\/whoami, port 3000\/tcp/);
    assert.match(text, /kube-ipvs0 of node-a/);
    assert.match(text, /`KUBE-CLUSTER-IP 10\.99\.205\.136,tcp:3000`, line \d+ of ipset-save\.txt/);
  });

  test('a real server: its Pod and its Service', async () => {
    const text = await hover(listing, '10.244.0.3:3000');
    assert.match(text, /^\*\*Real server\*\* of .*10\.99\.205\.136:3000\/tcp.*`default\/whoami`/);
    assert.match(text, /pod default\/whoami-\S+ on node-a/);
    assert.match(text, /KUBE-LOOP-BACK 10\.244\.0\.3,tcp:3000,10\.244\.0\.3/);
  });

  test('a virtual server that no device holds, and one without real servers', async () => {
    const texts = {
      'ipvsadm-Ln.txt': 'TCP  10.96.0.1:443 rr\n',
      'ip-addr.txt': '1: lo: <LOOPBACK,UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n',
    };
    const text = await hover(await contextOf(texts, 'ipvsadm-Ln.txt', 'ipvsadm'), '10.96.0.1');
    assert.match(text, /No device of this node holds the address/);
    assert.match(text, /No real servers/);
  });

  test('hex of /proc/net/ip_vs is decoded', async () => {
    const text = await hover(proc, '0A63CD88:0BB8');
    assert.match(text, /`10\.99\.205\.136:3000` = `0A63CD88:0BB8`/);
    assert.match(text, /ClusterIP of default\/whoami/);
  });

  test('hex of /proc/net/ip_vs_conn and rows of ipvsadm -Lnc and -Sn', async () => {
    const conn =
      'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n' +
      'TCP 0A63CD88 B5E0 0A63CD88 0BB8 0AF40004 0BB8 TIME_WAIT        39\n' +
      'TCP fd00:0010:0096:0000:0000:0000:0000:f6cc 98A2 fd00:0010:0096:0000:0000:0000:0000:f6cc 0050 fd00:0010:0244:0000:0000:0000:0000:0016 1FC2 SYN_RECV       111\n';
    const connections = await contextOf({ ip_vs_conn: conn }, 'ip_vs_conn', 'ipvsadm');
    assert.match(await hover(connections, '0AF40004'), /`10\.244\.0\.4:3000` = `0AF40004 0BB8`/);
    assert.match(await hover(connections, 'TIME_WAIT'), /Both sides have closed/);
    const six = await hover(connections, 'fd00:0010:0244:0000:0000:0000:0000:0016');
    assert.match(six, /`\[fd00:10:244::16\]:8130`/);
    const lnc = 'TCP 01:53  TIME_WAIT   10.244.0.4:58956   10.96.0.1:443      192.168.77.1:6443\n';
    const listed = await contextOf({ 'ipvsadm-Lnc.txt': lnc }, 'ipvsadm-Lnc.txt', 'ipvsadm');
    assert.match(await hover(listed, '01:53'), /Time until the connection is forgotten/);
    const sn =
      '-A -t 10.96.0.1:443 -s mh -p 10800\n-a -t 10.96.0.1:443 -r 192.168.77.1:6443 -m -w 1\n';
    const saved = await contextOf({ 'ipvsadm-Sn.txt': sn }, 'ipvsadm-Sn.txt', 'ipvsadm');
    assert.match(await hover(saved, '10800'), /10800 s \(3 h\)/);
    assert.match(await hover(saved, '192.168.77.1'), /Real server.* of 10\.96\.0\.1:443\/tcp/);
  });
});

suite('hovers of sets, devices and routes', () => {
  test("kube-proxy's sets: why they exist, which rules look them up", async () => {
    const saved = await sampleContext('ipset-save.txt', 'ipset');
    const text = await hover(saved, 'create KUBE-CLUSTER-IP ', 'KUBE-CLUSTER-IP');
    assert.match(text, /Every ClusterIP with each of its ports\./);
    assert.match(text, /47 elements/);
    assert.match(text, /3 rules name it:/);
    assert.match(text, /`KUBE-SERVICES` to `KUBE-MARK-MASQ`, .*line 62 of iptables-save/);
    const six = await hover(saved, 'create KUBE-6-LOAD-BALANCER-SOURCE-CID', 'KUBE-6-');
    assert.match(six, /The name is KUBE-6-LOAD-BALANCER-SOURCE-CIDR, cut at the 31/);
    assert.match(await hover(saved, 'create KUBE-CLUSTER-IP ', 'hash:ip,port'), /an address and/);
  });

  test('an element: parts in words, and whose node port it is', async () => {
    const saved = await sampleContext('ipset-save.txt', 'ipset');
    const port = await hover(saved, 'add KUBE-NODE-PORT-TCP 30089', '30089');
    assert.match(port, /`KUBE-NODE-PORT-TCP`: port 30089\n\nNodePort of default\/web:http\./);
    const listed = await sampleContext('ipset-list.txt', 'ipset');
    const address = await hover(listed, '10.99.205.136,tcp:3000', '10.99.205.136');
    assert.match(address, /ClusterIP of default\/whoami, port 3000\/tcp/);
    assert.match(address, /of `KUBE-CLUSTER-IP`: 10\.99\.205\.136, tcp port 3000/);
  });

  test('a set in a rule: what the directions look up', async () => {
    const rules = await sampleContext('iptables-save.txt', 'iptables-save');
    const text = await hover(rules, 'KUBE-LOOP-BACK dst,dst,src');
    assert.match(text, /the destination address, destination port, source address of the packet/);
  });

  test('a set that is not there is told from sets that are not known', async () => {
    const rule = '-A KUBE-SERVICES -m set --match-set KUBE-LOST dst,dst -j ACCEPT\n';
    const alone = await contextOf({ 'iptables-S.txt': rule }, 'iptables-S.txt', 'iptables-save');
    assert.match(
      await hover(alone, 'KUBE-LOST'),
      /What it holds is unknown\. No dump of the ipsets/,
    );
    const texts = { 'iptables-S.txt': rule, 'ipset-save.txt': 'create A hash:ip family inet\n' };
    const beside = await contextOf(texts, 'iptables-S.txt', 'iptables-save');
    assert.match(await hover(beside, 'KUBE-LOST'), /have none of this name/);
  });

  test('addresses and devices of ip addr, networks of ip route', async () => {
    const addr = await sampleContext('ip-addr.txt', 'ip-address');
    const address = await hover(addr, 'inet 10.99.205.136/32', '10.99.205.136/32');
    assert.match(address, /ClusterIP of default\/whoami/);
    assert.match(await hover(addr, ': kube-ipvs0:', 'kube-ipvs0'), /LOCAL .* comes? to INPUT/);
    assert.match(await hover(addr, 'inet 10.244.0.1/24', '10.244.0.1'), /an address of cni0/);
    const route = await sampleContext('ip-route.txt', 'ip-address');
    assert.match(
      await hover(route, '10.244.1.0/24 via', '10.244.1.0/24'),
      /pod CIDR of node node-b/,
    );
  });

  test('hostile text stays text', async () => {
    const hostile =
      'create A hash:ip family inet comment\nadd A 10.0.0.1 comment "<img src=x> [x](command:y)"\n';
    const context = await contextOf({ 'ipset-save.txt': hostile }, 'ipset-save.txt', 'ipset');
    const { line, column } = placeOf(context, 'add A', '10.0.0.1');
    const content = await nodeHoverAt(context, line, column);
    const markdown = toMarkdown(content!.blocks);
    assert.ok(markdown.includes('\\<img src\\=x\\> \\[x\\]\\(command\\:y\\)'), markdown);
  });
});
