import assert from 'node:assert/strict';
import { nodeHoverAt } from '../../../src/language/node/hover';
import { placeName } from '../../../src/language/node/context';
import { definitionsAt, referencesAt } from '../../../src/language/node/targets';
import { nodeWordAt, type NodeText } from '../../../src/language/node/word';
import { textLines } from '../../../src/syntax/textLines';
import { toMarkdown } from '../../../src/workspace/hover/markdown';
import { contextOf, placeOf } from './context';

type Texts = Readonly<Record<string, string>>;

async function hover(
  texts: Texts,
  name: string,
  language: NodeText['language'],
  line: string,
  word = line,
) {
  const context = await contextOf(texts, name, language);
  const place = placeOf(context, line, word);
  const content = await nodeHoverAt(context, place.line, place.column);
  return content
    ? toMarkdown(content.blocks)
        .replace(/\\(.)/g, '$1')
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    : '';
}

const dns = [
  'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n',
  'UDP  10.96.0.10:53 rr\n  -> 10.244.0.2:53 Masq 1 0 0\n',
  'TCP  10.96.0.10:53 rr\n  -> 10.244.0.2:53 Masq 1 0 0\n',
  'TCP  10.96.0.10:9153 rr\n  -> 10.244.0.2:9153 Masq 1 0 0\n',
].join('');
const node: Texts = {
  'ipvsadm-Ln.txt': dns,
  'ipset-save.txt': [
    'create KUBE-CLUSTER-IP hash:ip,port family inet',
    'add KUBE-CLUSTER-IP 10.96.0.10,tcp:9153',
    'add KUBE-CLUSTER-IP 10.96.0.10,tcp:53',
    'add KUBE-CLUSTER-IP 10.96.0.10,udp:53',
    'create NETS hash:net family inet',
    'add NETS 10.96.0.0/16',
    '',
  ].join('\n'),
  'iptables-save.txt':
    '*nat\n:A - [0:0]\n-A A -d 10.96.0.10/32 -j ACCEPT\n-A A -d 10.96.0.100/32 -j ACCEPT\n-A A -d 110.96.0.10/32 -j ACCEPT\n[1:60] -A A -s 10.96.0.10 -j RETURN\n# 10.96.0.10\nCOMMIT\n',
  'ip-addr.txt':
    '1: lo: <LOOPBACK,UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n5: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 state DOWN\n    inet 10.96.0.10/32 scope global kube-ipvs0\n7: eth0@if3: <UP> mtu 1450 master cni0\n',
};

suite('an address and all that names it', () => {
  test('of a row with port and protocol: the Service port of that alone', async () => {
    const own = await hover(
      node,
      'ipvsadm-Ln.txt',
      'ipvsadm',
      'TCP  10.96.0.10:53',
      '10.96.0.10:53',
    );
    assert.match(own, /^- ClusterIP of 10\.96\.0\.10:53\/tcp, port 53\/tcp$/m);
    assert.doesNotMatch(own, /^- ClusterIP of .*(?:udp|9153)/m);
  });

  test('of a device, without a port: each', async () => {
    const all = await hover(node, 'ip-addr.txt', 'ip-address', 'inet 10.96.0.10/32', '10.96.0.10');
    assert.equal(all.match(/^- ClusterIP of /gm)?.length, 3);
  });

  test('in sets: those of its port first, without the line that it stands on', async () => {
    const sets = async (
      name: string,
      language: NodeText['language'],
      line: string,
      word: string,
    ) => {
      const text = await hover(node, name, language, line, word);
      return [...text.matchAll(/`KUBE-CLUSTER-IP ([^`]*)`, line (\d)/g)].map(([, entry]) => entry);
    };
    assert.deepEqual(
      await sets('ipvsadm-Ln.txt', 'ipvsadm', 'TCP  10.96.0.10:53', '10.96.0.10:53'),
      ['10.96.0.10,tcp:53', '10.96.0.10,udp:53', '10.96.0.10,tcp:9153'],
    );
    assert.deepEqual(
      await sets('ipset-save.txt', 'ipset', 'add KUBE-CLUSTER-IP 10.96.0.10,tcp:53', '10.96.0.10'),
      ['10.96.0.10,udp:53', '10.96.0.10,tcp:9153'],
    );
  });

  test('in rules: those of it, of no longer address, no network, no comment', async () => {
    const text = await hover(node, 'ip-addr.txt', 'ip-address', 'inet 10.96.0.10/32', '10.96.0.10');
    const [, rules] = text.split('In rules:');
    assert.deepEqual(
      [...rules!.matchAll(/`A` to `(\w+)`, line (\d)/g)].map(([, target, line]) => [target, line]),
      [
        ['ACCEPT', '3'],
        ['RETURN', '6'],
      ],
    );
  });

  test('what could say more is asked for; of a node with all of it nothing', async () => {
    const { 'ip-addr.txt': addresses, ...fewer } = node;
    const text = await hover(
      fewer,
      'ipvsadm-Ln.txt',
      'ipvsadm',
      'TCP  10.96.0.10:53',
      '10.96.0.10:53',
    );
    assert.match(text, /To say more, add: ip addr, Kubernetes objects\./);
    assert.ok(addresses);
    const whole = await hover(
      node,
      'ipvsadm-Ln.txt',
      'ipvsadm',
      'TCP  10.96.0.10:53',
      '10.96.0.10:53',
    );
    assert.match(whole, /To say more, add: Kubernetes objects\./);
  });

  test('a place is named by its file, without folders, a query or a fragment', () => {
    const at = (source: string) => placeName({ source, line: 11 });
    assert.equal(at('ipset-save.txt'), 'line 12 of ipset-save.txt');
    assert.equal(at('file:///a/node-a/ipset-save.txt'), 'line 12 of ipset-save.txt');
    assert.equal(
      at('kube-proxy-dump:/c/nodes/a/ipset-save.txt?at=1#x'),
      'line 12 of ipset-save.txt',
    );
  });
});

suite('devices and routes', () => {
  const device = (word: string, line = word) =>
    hover(node, 'ip-addr.txt', 'ip-address', line, word);
  test('a device in one sentence', async () => {
    assert.match(await device('lo', '1: lo:'), /^\*\*Device\*\* `lo`: up, mtu 65536, 1 address\./);
    assert.match(
      await device('kube-ipvs0', '5: kube-ipvs0'),
      /: down, state DOWN, mtu 1500, 1 address\.\n\nkube-proxy’s dummy device/,
    );
    assert.match(
      await device('eth0@if3', '7: eth0@if3'),
      /^\*\*Device\*\* `eth0`: up, mtu 1450, port of cni0, 0 addresses\./,
    );
  });

  const route = (text: string, word: string, more: Texts = {}) =>
    hover({ 'ip-route.txt': text, ...more }, 'ip-route.txt', 'ip-address', text.trim(), word);
  test('a device that is not there, or not known', async () => {
    const via = 'default via 10.0.0.1 dev eth9\n';
    assert.match(
      await route(via, 'eth9', { 'ip-addr.txt': node['ip-addr.txt']! }),
      /`eth9`, _ip addr of this node does not have it_/,
    );
    assert.match(await route(via, 'eth9'), /`eth9`, _/);
  });

  // ip-route(8), "TYPE".
  for (const [type, said] of [
    ['blackhole', /dropped silently/],
    ['unreachable', /ICMP host unreachable/],
    ['prohibit', /administratively prohibited/],
    ['throw', /goes on with the next routing rule/],
    ['local', /delivered here \(INPUT\)/],
    ['broadcast', /link broadcasts/],
  ] as const) {
    test(`a route of the type ${type}`, async () => {
      assert.match(await route(`${type} 10.9.0.0/16 dev lo\n`, type), said);
    });
  }

  test('a first word that is no type', async () => {
    assert.equal(await route('nexthop via 10.0.0.1 dev eth0\n', 'nexthop'), '');
  });
});

suite('the word under the cursor of a dump', () => {
  /** What stands at `|`, and the columns of it. */
  function word(language: NodeText['language'], marked: string): string | undefined {
    const column = marked.indexOf('|');
    const line = marked.replace('|', '');
    const found = nodeWordAt({ language, source: 'x', lines: textLines(line) }, 0, column);
    return found && `${found.what} ${line.slice(found.start, found.end)}`;
  }
  const cases: [NodeText['language'], string, string | undefined][] = [
    ['ipset', 'create A| hash:ip family inet', 'set A'],
    ['ipset', '-N A| hash:ip', 'set A'],
    ['ipset', 'create A hash:|ip family inet', 'set-type hash:ip'],
    ['ipset', 'create A hash:ip fam|ily inet', undefined],
    ['ipset', 'add A 10.0.|0.1,tcp:80', 'address 10.0.0.1'],
    ['ipset', 'add A 10.0.0.1,tc|p:80', 'entry 10.0.0.1,tcp:80'],
    ['ipset', 'add A 10.0.0.1 time|out 5', undefined],
    ['ipset', 'Name: |A', 'set A'],
    ['ipset', 'Type: hash|:ip', 'set-type hash:ip'],
    ['ipset', 'Members|:', undefined],
    ['ipset', '10.0.0.1|', 'address 10.0.0.1'],
    ['ipset', '80 timeout| 5', undefined],
    ['ip-address', '2: eth0@|if5: <UP> mtu 1500', 'device eth0'],
    ['ip-address', '    inet 10.0.0.1|/24 scope global eth0', 'address 10.0.0.1'],
    ['ip-address', '    inet6 fd00::1|/64 scope global', 'address fd00::1'],
    ['ip-address', '10.1.0.0|/16 via 10.0.0.2 dev eth0', 'address 10.1.0.0/16'],
    ['ip-address', 'default via 10.0.|0.2 dev eth0', 'address 10.0.0.2'],
    ['ip-address', 'default via 10.0.0.2 dev et|h0', 'device eth0'],
    ['ip-address', '3: veth1: <UP> mtu 1500 master cn|i0', 'device cni0'],
    ['ip-address', 'black|hole 10.9.0.0/16', 'route-type blackhole'],
    ['ip-address', '  ', undefined],
    ['ipvsadm', '  -> 10.0.0|.1:80 Masq 1 0 0', 'address 10.0.0.1:80'],
    ['ipvsadm', '  -> 10.0.0.1:8|0 Masq 1 0 0', 'address 10.0.0.1:80'],
    ['ipvsadm', '  -> 10.0.0.1:80 Ma|sq 1 0 0', 'ipvs Masq'],
    ['ipvsadm', 'Prot LocalAddress:Port Sched|uler Flags', undefined],
    [
      'ipvsadm',
      '  -> RemoteAddress:Port Forward Weight Active|Conn InActConn',
      'heading ActiveConn',
    ],
    ['iptables-save', '-A X -m set --match-set A| dst -j B', 'set A'],
    ['iptables-save', '-A X -m set ! --match-set A dst|,src -j B', 'set A'],
    ['iptables-save', '-A X -j SET --add-set B| src', 'set B'],
    ['iptables-save', '-A X -m set --match-set A dst -j |B', undefined],
  ];
  for (const [language, marked, expected] of cases) {
    test(`${language}: ${marked}`, () => assert.equal(word(language, marked), expected));
  }
});

suite('ways to and from an address', () => {
  const files = (places: readonly { source: string; line: number }[] | undefined) =>
    places?.map(({ source, line }) => `${source}:${line + 1}`);

  test('definitions: the device and what has its port and protocol; its own line only if nothing else', async () => {
    const at = async (
      name: string,
      language: NodeText['language'],
      line: string,
      word: string,
      texts = node,
    ) => {
      const context = await contextOf(texts, name, language);
      const place = placeOf(context, line, word);
      return files(definitionsAt(context, place.line, place.column)?.places);
    };
    assert.deepEqual(await at('ipvsadm-Ln.txt', 'ipvsadm', 'UDP  10.96.0.10:53', '10.96.0.10'), [
      'ip-addr.txt:4',
      'ipset-save.txt:4',
    ]);
    // A port that no element has: all of the address.
    const other = { ...node, 'ipvsadm-Ln.txt': 'TCP  10.96.0.10:99 rr\n' };
    assert.deepEqual(
      await at('ipvsadm-Ln.txt', 'ipvsadm', 'TCP  10.96.0.10:99', '10.96.0.10', other),
      ['ip-addr.txt:4'],
    );
    const alone = { 'ip-addr.txt': node['ip-addr.txt']! };
    assert.deepEqual(
      await at('ip-addr.txt', 'ip-address', 'inet 10.96.0.10', '10.96.0.10', alone),
      ['ip-addr.txt:4'],
    );
    assert.deepEqual(await at('ip-addr.txt', 'ip-address', '1: lo:', 'lo', alone), [
      'ip-addr.txt:1',
    ]);
  });

  test('references leave the declaration out where it is not asked for', async () => {
    const context = await contextOf(node, 'ipset-save.txt', 'ipset');
    const place = placeOf(context, 'create NETS', 'NETS');
    assert.deepEqual(files((await referencesAt(context, place.line, place.column, true))?.places), [
      'ipset-save.txt:5',
    ]);
    const without = await referencesAt(context, place.line, place.column, false);
    assert.deepEqual(files(without?.places) ?? [], []);
  });
});

suite('words that lead nowhere', () => {
  const rules =
    '*nat\n:A - [0:0]\n-A A -d 10.9.0.0/16 -m set --match-set GONE dst -j ACCEPT\nCOMMIT\n';
  const texts: Texts = {
    'ipset-save.txt': 'create NETS hash:net family inet\nadd NETS 10.96.0.0/16\n',
    'ip-route.txt': 'blackhole 10.9.0.0/16\n',
    'iptables-save.txt': rules,
  };
  const cases: [string, NodeText['language'], string, string][] = [
    ['a network is no address of a device', 'ipset', 'add NETS 10.96.0.0/16', '10.96.0.0/16'],
    ['a type of sets', 'ipset', 'create NETS hash:net', 'hash:net'],
    ['a type of routes', 'ip-address', 'blackhole 10.9.0.0/16', 'blackhole'],
    ['a set that is not there', 'iptables-save', '--match-set GONE', 'GONE'],
  ];
  const fileOf = {
    ipset: 'ipset-save.txt',
    'ip-address': 'ip-route.txt',
    'iptables-save': 'iptables-save.txt',
  };
  for (const [name, language, line, word] of cases) {
    test(name, async () => {
      const context = await contextOf(texts, fileOf[language as keyof typeof fileOf], language);
      const place = placeOf(context, line, word);
      assert.deepEqual(definitionsAt(context, place.line, place.column)?.places ?? [], []);
      const found = await referencesAt(context, place.line, place.column, true);
      // Only what names a set that is gone is found.
      assert.equal(found?.places.length ?? 0, word === 'GONE' ? 1 : 0);
    });
  }
});
