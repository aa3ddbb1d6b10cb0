import assert from 'node:assert/strict';
import { readPasted } from '../../../../src/syntax/pasted/pasted';
import { nftRuleset } from '../../../../src/syntax/nft/ruleset/ruleset';

/** Of kube-proxy 1.36.2 (nftables mode) and of iptables-nft 1.8.9, shortened. */
const listing = `table ip kube-proxy {
	comment "rules for kube-proxy"
	set cluster-ips {
		type ipv4_addr
		comment "Active ClusterIPs"
		elements = { 10.96.0.1, 10.96.0.10 }
	}
	map service-ips {
		type ipv4_addr . inet_proto . inet_service : verdict
		comment "ClusterIP, ExternalIP and LoadBalancer IP traffic"
		elements = { 10.96.0.1 . tcp . 443 : goto service-2QRHZV4L-default/kubernetes/tcp/https }
	}
	set affinity {
		type ipv4_addr
		flags dynamic,timeout
		timeout 3h
	}
	chain nat-prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		jump services
	}
	chain services {
		ip daddr @cluster-ips ip saddr != 10.244.0.0/16 meta mark set meta mark | 0x00004000 comment "masquerade"
		ip daddr . meta l4proto . th dport vmap @service-ips
		fib daddr type local meta l4proto . th dport vmap @service-nodeports
	}
	chain masquerading {
		meta mark & 0x00004000 != 0x00000000 meta mark set meta mark ^ 0x00004000 masquerade fully-random
		ct status dnat ip saddr . ip daddr . meta l4proto . th dport @hairpin-connections masquerade fully-random
	}
	chain endpoint {
		update @affinity { ip saddr }
		meta l4proto tcp dnat to 10.244.0.10:9000
	}
}
table ip nat {
	chain KUBE-POSTROUTING {
		mark and 0x4000 != 0x4000 counter packets 24 bytes 1440 return
		counter packets 0 bytes 0 meta mark set mark xor 0x4000
		counter packets 0 bytes 0 masquerade fully-random
		ip saddr 10.88.0.0/16 masquerade
		ip saddr 127.0.0.1 reject with icmp type port-unreachable
		meta l4proto tcp ip daddr 10.96.0.1  tcp dport 443 counter packets 0 bytes 0 jump KUBE-SVC-NPX46M4PTMTKRN6Y
	}
}
`;

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
}

const forms: Readonly<Record<string, string>> = {
  'without line ends': listing.replaceAll('\n', ''),
  'with a blank for each line end and indentation': listing.replace(/\s+/g, ' '),
  'with tabs as blanks': listing.replaceAll('\n', '').replaceAll('\t', '    '),
  'with handles': listing
    .replace(/^(?!\s*(?:type|flags|timeout|elements|comment)\b)(.*\w.*)$/gm, '$1 # handle 7')
    .replace(/\s+/g, ' '),
  'behind a prompt': `root@node:~# nft list ruleset ${listing.replace(/\s+/g, ' ')}`,
};

suite('a listing of nft on one line', () => {
  for (const [form, text] of Object.entries(forms)) {
    test(form, () => {
      const lines = linesOf(readPasted(text).text.replaceAll(/ # handle 7/g, ''));
      const own = lines.filter((line) => !line.startsWith('root@'));
      assert.deepEqual(own, linesOf(listing));
    });
  }

  test('a rule is where it stands in the text that came', () => {
    const text = `$ nft list ruleset\n${listing.replace(/\s+/g, ' ')}\n`;
    const pasted = readPasted(text);
    const ruleset = nftRuleset('nft.txt', pasted.text);
    const chain = ruleset.tables[0]!.chains.get('services')!;
    const { line, start, end } = pasted.original(chain.rule(1).range);
    assert.equal(
      text.split('\n')[line]!.slice(start, end),
      'ip daddr . meta l4proto . th dport vmap @service-ips',
    );
    assert.equal(ruleset.complete, true);
  });

  for (const [rules, how] of [
    [
      'ip saddr 10.0.0.1 counter packets 1 bytes 1 tcp dport 80 accept',
      'a condition behind a counter',
    ],
    ['limit rate 5/minute log prefix "denied: " drop', 'a verdict behind a log at the end'],
    ['ip saddr 10.0.0.1 # match-set X dst counter packets 0 bytes 0 accept', 'a part nft hides'],
  ] as const) {
    test(`${how}: where the rule ends is not told, and nothing of it is sure`, () => {
      const text = `table ip filter { chain INPUT { type filter hook input priority filter; policy accept; ${rules} } }`;
      const [table] = nftRuleset('nft.txt', readPasted(text).text).tables;
      assert.equal(table!.complete, false);
      assert.equal(table!.gaps!.length, 1);
    });
  }

  test('a listing as nft prints it stays as it is', () => {
    assert.equal(readPasted(listing).text, listing);
    const compact = 'table inet x {\n\tset y { type ipv4_addr; }\n}\n';
    assert.deepEqual(linesOf(readPasted(compact).text), [
      'table inet x {',
      'set y {',
      'type ipv4_addr;',
      '}',
      '}',
    ]);
  });
});
