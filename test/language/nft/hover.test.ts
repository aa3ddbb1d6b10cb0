import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { nftHoverAt } from '../../../src/language/nft/hover/hoverAt';
import type { Block } from '../../../src/workspace/hover/content';
import { listingOf } from './listing';

const text = readFileSync('test/fixtures/nft/kube-proxy-1.36/nft-list-ruleset.txt', 'utf8');
const lines = text.split('\n');
const listing = listingOf(text);

/** How many chains a table of the listing has. */
function chainsOf(family: string): number {
  const table = listing.ruleset.tables.find((one) => one.family === family);
  return table?.chains.size ?? 0;
}

/** The hover at `part` in the first line that has `line` in it, as plain text. */
function hover(line: string, part: string): string {
  const number = lines.findIndex((each) => each.includes(line));
  assert.ok(number >= 0, line);
  const column = lines[number]!.indexOf(part, lines[number]!.indexOf(line));
  const content = nftHoverAt(listing, number, column + 1);
  return (content?.blocks ?? []).map(plain).join('\n');
}

function plain(block: Block): string {
  const spans = 'items' in block ? block.items : [block];
  return spans
    .map((span) =>
      span
        .map((piece) =>
          typeof piece === 'string'
            ? piece
            : Object.values(piece).find((one) => typeof one === 'string'),
        )
        .join(''),
    )
    .join('\n');
}

suite('hovers of nft listings', () => {
  test('statements are sentences', () => {
    assert.equal(
      hover('ip daddr @cluster-ips ip saddr !=', 'ip saddr'),
      'Matches if the source address is not 10.244.0.0/16.',
    );
    assert.equal(
      hover('ip daddr @cluster-ips ip saddr !=', 'meta mark set'),
      'Sets the packet mark to the packet mark with the bits 0x00004000 set.',
    );
    assert.equal(
      hover('meta mark & 0x00004000 != 0x00000000', 'meta mark &'),
      'Matches if any of the bits 0x00004000 of the packet mark is set.',
    );
    assert.equal(
      hover('ct state new jump firewall-check', 'ct state'),
      "Matches if the connection's state is new.",
    );
  });

  test('a choice by chance has its shares', () => {
    const said = hover('meta l4proto tcp dnat ip to numgen random mod 3', 'dnat');
    assert.match(said, /Changes the destination to what the 3 elements in braces has/);
    assert.match(said, /10\.244\.\d\.\d+:\d+ 33\.3 %/);
  });

  test("kube-proxy's sets and chains say what they are for, and whether the hash is right", () => {
    assert.match(hover('set cluster-ips {', 'cluster-ips'), /All active ClusterIPs/);
    assert.match(hover('set cluster-ips {', 'cluster-ips'), /ipv4_addr, \d+ elements/);
    const chain = hover('chain service-LX3JQ64U-default/whoami/tcp/', 'service-');
    assert.match(
      chain,
      /Service port default\/whoami \(tcp\) \(LX3JQ64U is the hash of this name\)/,
    );
    const forged = listingOf(
      'table ip kube-proxy {\n\tchain service-AAAAAAAA-default/whoami/tcp/ {\n\t}\n}',
    );
    const content = nftHoverAt(forged, 1, 10);
    assert.match((content?.blocks ?? []).map(plain).join('\n'), /AAAAAAAA is not the hash/);
    assert.match((content?.blocks ?? []).map(plain).join('\n'), /its Service is gone/);
  });

  test('an element stands for a Service', () => {
    const said = hover('10.96.0.10 . tcp . 53 : goto', '10.96.0.10');
    assert.match(said, /Element 10\.96\.0\.10 \. tcp \. 53 of service-ips/);
    assert.match(said, /Service port kube-system\/kube-dns:dns-tcp \(tcp\)/);
    assert.match(
      hover('203.0.113.30 . tcp . 80 comment', '203.0.113.30'),
      /Comment: shop\/orphan-lb:http/,
    );
  });

  test('a base chain says what runs before and after it', () => {
    const said = hover('type filter hook prerouting priority dstnat - 10', 'priority');
    assert.match(said, /Base chain of type filter at prerouting, priority -110/);
    const nat = listingOf(
      'table ip a {\n\tchain x {\n\t\ttype nat hook prerouting priority dstnat; policy accept;\n\t}\n\tchain y {\n\t\ttype nat hook prerouting priority -100; policy accept;\n\t}\n}',
    );
    const content = nftHoverAt(nat, 2, 5);
    assert.match((content?.blocks ?? []).map(plain).join('\n'), /same priority[^\n]*\ny of ip a/);
  });

  test('an object says what it holds, and which rules name it', () => {
    const text =
      'table ip t {\n\tcounter web {\n\t\tpackets 12 bytes 720\n\t}\n\tchain c {\n\t\ttcp dport 80 counter name "web"\n\t}\n}';
    const said = (nftHoverAt(listingOf(text), 5, 30)?.blocks ?? []).map(plain).join('\n');
    assert.match(
      said,
      /counter web in table ip t\npackets 12 bytes 720\n1 place looks here:\nc \(line 6\)/,
    );
  });

  test('the line of a table says what its chains see, and how many there are', () => {
    assert.equal(
      hover('table ip6 kube-proxy {', 'kube-proxy'),
      [
        'Table ip6 kube-proxy',
        'Its chains see IPv6 packets.',
        `Chains: ${chainsOf('ip6')}, of which netfilter calls 8; sets and maps: 8.`,
      ].join('\n'),
    );
    const dormant = listingOf('table inet x {\n\tflags dormant\n}');
    const said = (nftHoverAt(dormant, 0, 3)?.blocks ?? []).map(plain);
    assert.deepEqual(said.slice(1, 3), [
      'Its chains see IPv4 and IPv6 packets.',
      'dormant: netfilter calls none of its chains',
    ]);
  });

  test('a rule that a command puts into its chain', () => {
    const text = [
      'add chain ip nat post { type nat hook postrouting priority srcnat; }',
      'add rule ip nat post counter',
      "nft add rule nat post ip saddr 10.0.0.1 oifname 'eth0' masquerade",
      'insert rule ip nat post drop',
      'add rule ip nat other accept',
    ];
    const listing = listingOf(text.join('\n'));
    const said = (line: number, part: string) =>
      (nftHoverAt(listing, line, text[line]!.indexOf(part) + 1)?.blocks ?? [])
        .map(plain)
        .join('\n');
    assert.match(said(2, 'oifname'), /^Matches if the outgoing device is eth0/);
    assert.match(said(2, 'add rule'), /^Rule 3 of chain post, table ip nat\n/);
    assert.match(said(3, 'drop'), /^Drops the packet/);
    assert.match(said(3, 'insert'), /^Rule 1 of chain post/);
    assert.equal(said(0, 'srcnat'), '');
  });

  test('properties say what they mean', () => {
    const text = readFileSync('test/fixtures/nft/properties.txt', 'utf8');
    const lines = text.split('\n');
    const listing = listingOf(text);
    const said = (block: string, property: string): string => {
      const begin = lines.findIndex((line) => line.startsWith(block));
      const line = lines.findIndex((line, i) => i > begin && line.trim().startsWith(property));
      assert.ok(begin >= 0 && line > begin, `${block} ${property}`);
      const content = nftHoverAt(listing, line, lines[line]!.indexOf(property) + 1);
      if (!content) return '';
      assert.ok(lines[line]!.trim().startsWith(lines[line]!.slice(content.start, content.end)));
      return content.blocks.map(plain).join('\n');
    };
    assert.equal(said('table', 'comment'), 'Comment: a table');
    assert.equal(said('\tchain d', 'comment'), 'Comment: a chain');
    assert.equal(said('\tcounter web', 'packets'), 'Counted 1 packet, 60 bytes.');
    assert.match(said('\tquota q', 'over'), /^Matches once more than 26214400 bytes .*\(10 were/);
    assert.match(said('\tlimit l', 'rate'), /^Matches at most 10\/second/);
    assert.match(said('\tct helper', 'type'), /^The connection's helper \("ftp" protocol tcp\)/);
    assert.match(said('\tct timeout', 'policy'), /: \{ established : 120, close : 20 \}\.$/);
    assert.match(said('\tsynproxy', 'mss'), /told: 1460\.$/);
    assert.equal(
      said('\tmap lm', 'type'),
      'The parts of a key:\nipv4_addr: an IPv4 address\ninet_service: a port\n' +
        'What it gives for a key:\nlimit: a limit of the table',
    );
    assert.equal(
      said('\tset s {', 'typeof'),
      'The parts of a key:\nip saddr: the source address\nmeta mark: the packet mark',
    );
    assert.equal(
      said('\tset s {', 'flags'),
      'dynamic: rules add and renew elements\ntimeout: elements may have a time to live',
    );
    for (const [property, expected] of [
      ['policy', /little memory/],
      ['size', /up to 100 elements/],
      ['counter', /^Each element counts/],
      ['timeout', /lives for 1h after/],
      ['gc-interval', /every 10s/],
    ] as const) {
      assert.match(said('\tset s {', property), expected);
    }
    assert.match(said('\tset s2', 'auto-merge'), /overlap or touch/);
    assert.match(said('\tset s5', 'ct count'), /: ct count over 3\. Where/);
    assert.match(said('\tchain c', 'type filter'), /\nOnly for the frames of lo\.\n/);
  });

  test('of several properties on a line the one at the cursor, from its first to its last column', () => {
    const text = ['table ip t {', '\tset s {', '\t\tsize 100; gc-interval 10s', '\t}', '}'];
    const listing = listingOf(text.join('\n'));
    const shown = (column: number) => {
      const found = nftHoverAt(listing, 2, column);
      return found && text[2]!.slice(found.start, found.end);
    };
    assert.deepEqual([0, 1, 2, 10, 11, 12, 13, 29].map(shown), [
      undefined,
      undefined,
      'size 100',
      'size 100',
      undefined,
      'gc-interval 10s',
      'gc-interval 10s',
      undefined,
    ]);
  });

  test('sets of other programs are not taken for those of kube-proxy', () => {
    const text = 'table ip mine {\n\tset cluster-ips {\n\t\ttype ipv4_addr\n\t}\n}';
    const said = (nftHoverAt(listingOf(text), 1, 8)?.blocks ?? []).map(plain);
    assert.equal(said[0], 'Set cluster-ips in table ip mine');
    assert.doesNotMatch(said.join('\n'), /ClusterIPs/);
  });

  test('nowhere does a hover fail', () => {
    for (let line = 0; line < lines.length; line += 3) {
      for (let column = 0; column < lines[line]!.length; column += 11)
        nftHoverAt(listing, line, column);
    }
  });
});

suite('what runs at the hook of a base chain', () => {
  const chain = (name: string, priority: number, type = 'filter', hook = 'input') =>
    `\tchain ${name} {\n\t\ttype ${type} hook ${hook} priority ${priority}; policy accept;\n\t}\n`;
  const table = (family: string, ...chains: string[]) =>
    `table ${family} t {\n${chains.join('')}}\n`;

  /** What the first chain is said to run after, beside and before. */
  function around(text: string): Record<string, string[]> {
    const said = (nftHoverAt(listingOf(text), 2, 5)?.blocks ?? []).map(plain);
    const found: Record<string, string[]> = {};
    for (const [head, name] of [
      [/^Runs after/, 'after'],
      [/^At the same/, 'beside'],
      [/^Runs before/, 'before'],
    ] as const) {
      const at = said.findIndex((each) => head.test(each));
      if (at >= 0) found[name] = said[at + 1]!.split('\n').map((each) => each.split(',', 1)[0]!);
    }
    return found;
  }

  const own = chain('own', 0);
  const cases: [string, string, Record<string, string[]>][] = [
    [
      'by priority, the lowest first',
      table(
        'ip',
        own,
        chain('late', 10),
        chain('early', -10),
        chain('same', 0),
        chain('first', -20),
      ),
      {
        after: ['first of ip t', 'early of ip t'],
        beside: ['same of ip t'],
        before: ['late of ip t'],
      },
    ],
    ['none of another hook', table('ip', own, chain('x', 5, 'filter', 'output')), {}],
    // nf_hook_entry_head: each family has hooks of its own, inet stands at those of IPv4 and of IPv6.
    [
      'none of IPv6 beside IPv4; those of inet with both',
      table('ip', own) + table('ip6', chain('six', 5)) + table('inet', chain('both', 6)),
      { before: ['both of inet t'] },
    ],
    [
      'of inet: those of IPv4 and IPv6, none of a bridge or of ARP',
      table('inet', own) +
        table('ip', chain('four', 5)) +
        table('ip6', chain('six', 6)) +
        table('bridge', chain('frame', 7)) +
        table('arp', chain('arp', 8)),
      { before: ['four of ip t', 'six of ip6 t'] },
    ],
    ['of a bridge: none of inet', table('bridge', own) + table('inet', chain('x', 5)), {}],
    // All nat chains of a hook run within netfilter's one nat hook (nf_nat_inet_fn).
    [
      'a nat chain is placed among nat chains',
      table('ip', chain('own', 0, 'nat'), chain('filter', 5), chain('nat', 6, 'nat')),
      { before: ['nat of ip t'] },
    ],
    [
      'a filter chain among all others',
      table('ip', own, chain('nat', 6, 'nat'), chain('mangle', 7)),
      { before: ['mangle of ip t'] },
    ],
    [
      'at ingress: of the same device, and of inet, too',
      table('netdev', chain('own', 0, 'filter', 'ingress device "eth0"')) +
        table('netdev', chain('other', 5, 'filter', 'ingress device "eth1"')).replace(
          ' t ',
          ' u ',
        ) +
        table('inet', chain('both', 6, 'filter', 'ingress devices = { eth0, eth1 }')),
      { before: ['both of inet t'] },
    ],
  ];
  for (const [name, text, expected] of cases) {
    test(name, () => assert.deepEqual(around(text), expected));
  }

  test('its policy, and that iptables-legacy runs besides', () => {
    const drop = table('ip', own).replace('policy accept', 'policy drop');
    const said = (nftHoverAt(listingOf(drop), 2, 5)?.blocks ?? []).map(plain);
    assert.match(said[0]!, /of type filter at input, priority 0; what no rule decides is dropped/);
    assert.match(said.at(-1)!, /iptables-legacy is not in this listing/);
    const strange = table('ip', chain('own', 0, 'filter', 'nowhere'));
    assert.deepEqual((nftHoverAt(listingOf(strange), 2, 5)?.blocks ?? []).map(plain), [
      'netfilter does not know this type, hook or priority.',
    ]);
  });
});

suite('elements and names', () => {
  const text = [
    'table ip t {',
    '\tmap m {',
    '\t\ttype ipv4_addr . inet_proto . inet_service : verdict',
    '\t\telements = { 10.0.0.1 . tcp . 80 : goto web,',
    '\t\t\t     10.0.0.2 . 6-17 . 81 : drop,',
    '\t\t\t     10.0.0.3 . udp . 82 timeout 30s expires 12s600ms comment "kept" : accept }',
    '\t}',
    '\tmap data {',
    '\t\ttype ipv4_addr : ipv4_addr . inet_service',
    '\t\telements = { 10.0.0.1 : 10.1.0.1 . 8080, * : 10.1.0.2 . 8081 }',
    '\t}',
    '\tset s {',
    '\t\ttype inet_service',
    '\t\tflags timeout',
    '\t\ttimeout 1m',
    '\t\telements = { 80 counter packets 3 bytes 180 }',
    '\t}',
    '\tchain web {',
    '\t\tip daddr . meta l4proto . tcp dport vmap @m',
    '\t\tip daddr @lost drop',
    '\t\tcounter name "gone" accept',
    '\t\tjump nowhere',
    '\t\tdnat to numgen inc mod 4 offset 2 map { 2 : 10.1.0.1 . 80, 3-5 : 10.1.0.2 . 81 }',
    '\t}',
    '\tchain idle {',
    '\t}',
    '\tcounter c {',
    '\t\tpackets 12 bytes 720',
    '\t}',
    '}',
  ];
  const own = listingOf(text.join('\n'));
  const said = (line: string, part: string) => {
    const number = text.findIndex((each) => each.includes(line));
    assert.ok(number >= 0, line);
    const column = text[number]!.indexOf(part) + 1;
    return (nftHoverAt(own, number, column)?.blocks ?? []).map(plain).join('\n');
  };

  const cases: [string, string, RegExp][] = [
    ['10.0.0.1 . tcp', '10.0.0.1', /^Element 10\.0\.0\.1 \. tcp \. 80 of m\nGoes to web\.$/],
    ['10.0.0.2 . 6-17', '10.0.0.2', /\nDropped without an answer\.$/],
    ['10.0.0.3 . udp', '10.0.0.3', /10\.0\.0\.3 \. udp \. 82 of m\naccept\.\nComment: kept\n/],
    [
      '10.0.0.3 . udp',
      '10.0.0.3',
      /Lives for 30 seconds after it was added\.\n.*it had 13 seconds/,
    ],
    ['10.0.0.1 : 10.1.0.1', '10.0.0.1', /of data\nGives 10\.1\.0\.1 and 8080\.$/],
    [
      '* : 10.1.0.2',
      '* :',
      /^Element everything else \(\*\) of data\nGives 10\.1\.0\.2 and 8081\.$/,
    ],
    ['{ 80 counter', '80', /^Element 80 of s\nCounted 3 packets, 180 bytes\.$/],
    [
      'map m {',
      'm {',
      /^Map m in table ip t\nipv4_addr \. inet_proto \. inet_service : verdict, 3 elements\n1 place looks here:\nweb \(line 19\)$/,
    ],
    [
      'set s {',
      's {',
      /^Set s in table ip t\ninet_service, 1 element, timeout, each for 60 seconds\nNothing in this listing uses it\.$/,
    ],
    [
      'map data {',
      'data',
      /^Map data in table ip t\nipv4_addr : ipv4_addr \. inet_service, 2 elements\n/,
    ],
    ['chain web {', 'web', /^Chain web in table ip t\n5 rules\n1 place goes here:\nm \(line 4\)$/],
    [
      'chain idle {',
      'idle',
      /^Chain idle in table ip t\nNo rules\nNothing in this listing uses it\.$/,
    ],
    [
      'jump nowhere',
      'nowhere',
      /Chain nowhere in table ip t\nTable ip t of this listing has no such chain\.$/,
    ],
    ['@lost', 'lost', /Set lost in table ip t\nTable ip t of this listing has no such set\.$/],
    [
      'name "gone"',
      'gone',
      /counter gone in table ip t\nTable ip t of this listing has no such counter\.$/,
    ],
    [
      'counter c {',
      'c {',
      /^counter c in table ip t\npackets 12 bytes 720\nNothing in this listing uses it\.$/,
    ],
    // numgen counts from its offset: 2, 3, 4, 5; the second element has three of the four.
    [
      'numgen inc',
      'dnat',
      /\n2 choices, taken in turn:\n10\.1\.0\.1:80 25 %\n10\.1\.0\.2:81 75 %$/,
    ],
  ];
  for (const [line, part, expected] of cases) {
    test(`${part} of ${line}`, () => assert.match(said(line, part), expected));
  }
});
