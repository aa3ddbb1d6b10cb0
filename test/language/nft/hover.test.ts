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

  test('nowhere does a hover fail', () => {
    for (let line = 0; line < lines.length; line += 3) {
      for (let column = 0; column < lines[line]!.length; column += 11)
        nftHoverAt(listing, line, column);
    }
  });
});
