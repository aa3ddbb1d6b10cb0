import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { indexObjects } from '../../../../src/core/objects/objectIndex';
import { sortObjects, type ClusterObjects } from '../../../../src/core/objects/types';
import { parseAddress } from '../../../../src/core/address';
import type { Surroundings } from '../../../../src/language/rules/dumpFacts';
import type { Block, Span } from '../../../../src/workspace/hover/content';
import { hoverAt } from '../../../../src/language/rules/hover/hoverAt';
import { toMarkdown } from '../../../../src/workspace/hover/markdown';
import { openAtMarker } from '../dump';

const sample = readFileSync('samples/kubernetes-1.36-iptables/node-a/iptables-save.txt', 'utf8');

/** The sample with a marker in the first line that holds `line`, behind `word` in it. */
function marked(line: string, word: string, text = sample): string {
  const start = text.indexOf(line);
  assert.ok(start >= 0, line);
  const at = text.indexOf(word, start);
  assert.ok(at >= 0, word);
  return `${text.slice(0, at + 1)}|${text.slice(at + 1)}`;
}

function plain(block: Block): string {
  const text = (spans: readonly Span[]) =>
    spans.map((span) => (typeof span === 'string' ? span : Object.values(span).at(-1))).join('');
  return 'items' in block ? block.items.map((item) => `- ${text(item)}`).join('\n') : text(block);
}

async function hover(text: string, surroundings?: Surroundings): Promise<string> {
  const { context, line, column } = await openAtMarker(text, surroundings);
  return hoverAt(context, line, column)?.blocks.map(plain).join('\n') ?? '';
}

suite('hover', () => {
  test('a mark: bits, arithmetic, meaning, and who else has to do with it', async () => {
    const text = await hover(marked('-A KUBE-MARK-MASQ ', '0x4000/0x4000'));
    assert.match(text, /^Mark 0x4000 = bit 14\n/);
    assert.match(text, /- 0000 0000 0000 0000 0100 0000 0000 0000 value\n/);
    assert.match(text, /mark = \(mark & ~0x4000\) \^ 0x4000\nClears bit 14 \(0x4000\), then xors/);
    assert.match(
      text,
      /Bit 14 means "needs masquerade" to kube-proxy: KUBE-MARK-MASQ of this dump/,
    );
    assert.match(
      text,
      /:\n- nat KUBE-MARK-MASQ 1 sets bit 14\n- nat KUBE-POSTROUTING 2 flips bit 14\n- .* tests bit 14/,
    );
    assert.match(text, /- nat KUBE-POSTROUTING 1 tests bit 14/);
    assert.match(text, /- filter KUBE-FORWARD 2 tests bit 14/);
  });

  test('a mark that is tested, and one at a bit of another kube-proxy configuration', async () => {
    const line = '-A KUBE-POSTROUTING -m mark';
    assert.match(await hover(marked(line, '0x4000')), /Asks whether bit 14 is not 1\./);
    const moved = sample.replaceAll('0x4000', '0x40000');
    const text = await hover(marked(line, '0x40000', moved));
    assert.match(text, /Bit 18 means "needs masquerade" .* not the default bit 14/);
    assert.match(text, /- Tailscale: 0x40000 under mask 0xff0000/);
    const bare = sample.replace('"kubernetes service portals"', '"see 0x8000, kubelet"');
    assert.match(
      await hover(marked('see 0x8000', '0x8000', bare)),
      /Bit 15 means "drop" to kubelet/,
    );
  });

  test('a chain: kind, Service port by its hash, endpoints with shares, references', async () => {
    const text = await hover(
      marked('-A KUBE-SERVICES -d 10.99.205.136/32', 'KUBE-SVC-DC3OOLRZIWFKJHLB'),
    );
    assert.match(text, /^Chain KUBE-SVC-DC3OOLRZIWFKJHLB in table nat, kube-proxy\n/);
    assert.match(text, /Service port default\/whoami \(tcp\) \(its name is the hash of this\)/);
    assert.match(text, /3 endpoints, .*:\n- 10\.244\.\d\.\d:3000 33\.3 %\n/);
    assert.match(
      text,
      /4 rules, declared in line \d+\n1 rule jumps here:\n- KUBE-SERVICES \d+ \(line/,
    );
  });

  test('an endpoint’s chain, and the same name in two tables', async () => {
    const endpoint = await hover(marked('-A KUBE-SEP-222YD7DQOUNKFRLL', 'KUBE-SEP'));
    assert.match(endpoint, /Service port kube-system\/kube-dns:dns \(udp\)/);
    assert.match(endpoint, /Endpoint 10\.244\.1\.4:53/);
    const filter = await hover(marked('*filter\n', 'KUBE-NODEPORTS'));
    assert.match(filter, /in table filter.*\nAccepts traffic to the health check node ports/);
    const nat = await hover(marked('*nat\n', 'KUBE-NODEPORTS'));
    assert.match(nat, /in table nat.*\nPicks the Service by node port/);
  });

  test('a chain that does not exist, and a comment that does not fit the hash', async () => {
    const lost = sample.replace(/-j KUBE-SVC-DC3OOLRZIWFKJHLB/, '-j KUBE-SVC-AAAAAAAAAAAAAAAA');
    const text = await hover(marked('-A KUBE-SERVICES', 'KUBE-SVC-AAAAAAAAAAAAAAAA', lost));
    assert.match(text, /Table nat of this dump has no such chain/);
    const wrong = sample.replace(
      /(-A KUBE-SEP-222YD7DQOUNKFRLL .*)kube-system\/kube-dns:dns"(.*MARK-MASQ)/,
      '$1shop/other"$2',
    );
    const other = await hover(
      marked('-A KUBE-SEP-222YD7DQOUNKFRLL', 'KUBE-SEP-2', wrong.replaceAll('kube-dns:dns"', 'x"')),
    );
    assert.match(other, /kube-system\/kube-dns:dns \(udp\)|do not fit the name/);
  });

  test('the whole rule as a sentence, with names behind chains', async () => {
    const text = await hover(marked('-A KUBE-SERVICES -d 10.99.205.136/32', '-A'));
    assert.match(text, /^Rule \d+ of \d+ in KUBE-SERVICES, nat\n/);
    assert.match(text, /jumps to chain KUBE-SVC-DC3OOLRZIWFKJHLB \(default\/whoami\)\./);
  });

  test('options, matches, targets and values', async () => {
    const rule = '-A INPUT -m conntrack --ctstate NEW';
    assert.match(await hover(marked(rule, '-m')), /^-m Loads a match/);
    assert.match(await hover(marked(rule, 'conntrack')), /^-m conntrack Asks connection tracking/);
    const state = await hover(marked(rule, 'NEW'));
    assert.match(state, /^--ctstate .*\n- NEW: a first packet.*\nHere: the packet is in conntrack/);
    assert.match(
      await hover(marked('-A KUBE-POSTROUTING -m comment', 'MASQUERADE')),
      /^MASQUERADE Rewrites the source .*\nHere the packet has its source rewritten/,
    );
    assert.match(await hover(marked('*nat', '*nat')), /^Table nat\nRewrites addresses/);
  });

  test('--probability: what the rule really gets', async () => {
    const text = await hover(
      marked(
        '-A KUBE-SVC-DC3OOLRZIWFKJHLB -m comment --comment "default/whoami -> 10.244.0.4',
        '0.5',
      ),
    );
    assert.match(text, /^Share of the chain's traffic: 33\.3 %\n50 % of the packets/);
    assert.match(text, /- rule 2: 33\.3 %\n- rule 3: 33\.3 %\n- rule 4: 33\.3 %/);
  });

  test('an address: by this dump, by objects, by the node', async () => {
    const cluster = marked('-A KUBE-SERVICES -d 10.99.205.136/32', '10.99.205.136');
    assert.match(await hover(cluster), /- ClusterIP of default\/whoami, port 3000\/tcp/);
    const endpoint = marked('-A KUBE-SEP-222YD7DQOUNKFRLL -s', '10.244.1.4');
    assert.match(await hover(endpoint), /- endpoint 10\.244\.1\.4:53 of kube-system\/kube-dns:dns/);
    assert.match(await hover(endpoint.replaceAll('kube-dns', 'x')), /Address 10\.244\.1\.4/);
    assert.match(
      await hover(marked('-A KUBE-FIREWALL', '127.0.0.0')),
      /Network 127\.0\.0\.0\/8\nloop/,
    );
  });

  test('a comment names its Service port, with what leads there and its chains', async () => {
    const line = '-A KUBE-SERVICES -d 10.99.205.136/32';
    assert.equal(
      await hover(marked(line, 'default/whoami')),
      'Service port default/whoami (tcp)\n- ClusterIP 10.99.205.136, port 3000\nChains: KUBE-SVC-DC3OOLRZIWFKJHLB',
    );
  });

  test('an address that only objects and devices know', async () => {
    const text = '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -s 10.244.0.|9/32 -j DROP\nCOMMIT\n';
    assert.match(
      await hover(text),
      /does not name it; no ip addr dump beside this one, no Kubernetes/,
    );
    const pod = {
      kind: 'Pod',
      metadata: { name: 'cart-1', namespace: 'shop', labels: {} },
      nodeName: 'node-a',
      hostNetwork: false,
      containers: [],
      podIPs: ['10.244.0.9'],
    } as const;
    const objects: ClusterObjects = sortObjects([pod]);
    const range = { source: 'ip-addr', line: 4, start: 0, end: 9 };
    const bridge = {
      index: 3,
      name: 'cni0',
      flags: [],
      range,
      addresses: [
        {
          address: parseAddress('10.244.0.1')!,
          prefixLength: 24,
          scope: 'global',
          secondary: false,
          range,
        },
      ],
    };
    const told = await hover(text, {
      objects: indexObjects(objects),
      node: { name: 'node-a', rulesets: [], interfaces: [bridge], findings: [] },
    });
    assert.match(
      told,
      /- pod shop\/cart-1 on node-a\n- in the network of cni0 of node-a, 10\.244\.0\.0\/24/,
    );
  });

  test('counters, listings, nothing on blank lines', async () => {
    assert.match(
      await hover('*filter\n:INPUT ACCEPT [5:|300]\nCOMMIT\n'),
      /Counted here: 5 packets, 300 bytes/,
    );
    assert.equal(await hover('*filter\n:INPUT ACCEPT [0:0]\n|\nCOMMIT\n'), '');
  });

  test('a listing: chains, marks, addresses, matches without options', async () => {
    const listing = readFileSync('test/fixtures/dumps/iptables/iptables-nat-L-nv.txt', 'utf8');
    const inChain = (chain: string, word: string) =>
      hover(marked(`Chain ${chain} `, word, listing));
    assert.match(await inChain('KUBE-MARK-MASQ', '0x4000'), /^Mark 0x4000 = bit 14\n/);
    assert.match(
      await inChain('KUBE-MARK-MASQ', 'KUBE-MARK-MASQ'),
      /^Chain KUBE-MARK-MASQ in table/,
    );
    assert.match(await inChain('KUBE-POSTROUTING', 'RETURN'), /^RETURN Goes back/);
    assert.match(await inChain('KUBE-POSTROUTING', '0x4000'), /Asks whether bit 14 is not 1/);
    assert.match(
      await inChain('KUBE-SVC-DC3OOLRZIWFKJHLB', '0.5'),
      /Share of the chain's traffic: 33\.3 %/,
    );
    assert.match(
      await inChain('KUBE-SVC-DC3OOLRZIWFKJHLB', 'KUBE-SEP-'),
      /Service port default\/whoami \(tcp\)/,
    );
  });

  test('references are of the same dump of a text', async () => {
    const chain = ':X - [0:0]\n-A INPUT -j X\n';
    const first = `*filter\n:INPUT ACCEPT [0:0]\n${chain}COMMIT\n`;
    const second = `*filter\n:INPUT ACCEPT [0:0]\n${chain}-A OUTPUT -j |X\nCOMMIT\n`;
    assert.match(await hover(first + second), /2 rules jump here:\n- INPUT 1 \(line 9\)/);
    assert.match(await hover(second + first), /2 rules jump here:\n- INPUT 1 \(line 4\)/);
  });

  test('hostile text stays text in every hover of its line', async () => {
    const comment = '](command:workbench.action.quit) <img src=x> default/a';
    const chain = '`](command:quit)<img/src=x>';
    const line = `-A X -m comment --comment "${comment}" -j ${chain}`;
    for (let column = 0; column < line.length; column += 2) {
      const text = `*nat\n:X - [0:0]\n${line.slice(0, column)}|${line.slice(column)}\nCOMMIT\n`;
      const { context, line: at, column: here } = await openAtMarker(text);
      const content = hoverAt(context, at, here);
      const written = content ? toMarkdown(content.blocks) : '';
      // What stands in a code span is shown as it is.
      const markdown = written.replace(/(`+) ?.*? ?\1/g, '');
      assert.doesNotMatch(markdown, /(?<!\\)\]\(command|(?<!\\)<img/);
    }
  });
});
