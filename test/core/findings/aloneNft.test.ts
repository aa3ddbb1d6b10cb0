import assert from 'node:assert/strict';
import { aloneSuite, type Alone } from './alone';
import { edited, type Edit } from './cases/case';
import { findingsOf, type Files } from './checkText';

const listing = 'nft-list-ruleset.txt';

/** kube-proxy 1.36 in nftables mode, with one Service of two endpoints, as `nft list ruleset` prints it. */
const healthy: Files = {
  [listing]: `table ip kube-proxy {
	set cluster-ips {
		type ipv4_addr
		elements = { 10.99.205.136 }
	}

	set nodeport-ips {
		type ipv4_addr
		elements = { 192.168.77.10 }
	}

	map service-ips {
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { 10.99.205.136 . tcp . 3000 : goto service-LX3JQ64U-default/whoami/tcp/ }
	}

	map service-nodeports {
		type inet_proto . inet_service : verdict
		elements = { tcp . 30089 : goto external-LX3JQ64U-default/whoami/tcp/ }
	}

	chain nat-prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		jump services
	}

	chain nat-output {
		type nat hook output priority -100; policy accept;
		jump services
	}

	chain nat-postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		jump masquerading
	}

	chain services {
		ip daddr @cluster-ips ip saddr != 10.244.0.0/16 meta mark set meta mark | 0x00004000
		ip daddr . meta l4proto . th dport vmap @service-ips
		ip daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports
	}

	chain masquerading {
		meta mark & 0x00004000 != 0x00000000 meta mark set meta mark ^ 0x00004000 masquerade fully-random
	}

	chain service-LX3JQ64U-default/whoami/tcp/ {
		meta l4proto tcp dnat ip to numgen random mod 2 map { 0 : 10.244.0.3 . 3000, 1 : 10.244.0.4 . 3000 }
	}

	chain external-LX3JQ64U-default/whoami/tcp/ {
		meta mark set meta mark | 0x00004000
		goto service-LX3JQ64U-default/whoami/tcp/
	}
}
`,
};
const service = 'service-LX3JQ64U-default/whoami/tcp/';
const without = (line: string | RegExp): Edit => [listing, line, ''];
const nodePorts = '\t\tip daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports\n';
const addresses = '\t\tip daddr . meta l4proto . th dport vmap @service-ips\n';
const jump = (hook: string) => new RegExp(`(chain nat-${hook} \\{\\n.*\\n)\\t\\tjump \\w+\\n`);
const cut: Edit = [listing, /\}\n$/, ''];
const unread: Edit = [listing, 'chain services {\n', '$&\t\tno such 7 words\n'];
const unreadIn = (chain: string): Edit => [
  listing,
  new RegExp(`(chain nat-${chain} \\{\n.*\n)`),
  '$1\t\tno such 7 words\n',
];
const noElement = (of: string): Edit => [
  listing,
  new RegExp(`(map ${of} \\{\\n.*\\n)\\t\\telements.*\\n`),
  '$1',
];
const emptied = without(/\t\tmeta l4proto tcp dnat ip to numgen.*\n/);

const cases: readonly Alone[] = [
  {
    code: 'node-ports-not-asked',
    when: 'no rule looks them up',
    raise: [without(nodePorts)],
    but: {
      'the map has no element': [noElement('service-nodeports')],
      'there is no such map': [without(/\tmap service-nodeports \{[^}]*\}\n\t\}\n/)],
      'nothing is looked up at all: another finding tells': [without(addresses)],
      'a rule could not be read': [unread],
      'the table is not whole': [cut],
    },
  },
  {
    code: 'node-ports-not-asked',
    when: 'the node itself does not look them up',
    raise: [[listing, /(chain nat-output \{\n.*\n)\t\tjump services\n/, `$1${addresses}`]],
    but: {
      'the rule is there': [
        [
          listing,
          `${addresses}\t}\n\n\tchain nat-post`,
          `${addresses}${nodePorts}\t}\n\n\tchain nat-post`,
        ],
      ],
    },
  },
  ...['prerouting', 'output'].map((hook): Alone => ({
    code: 'services-not-reached',
    when: `${hook} calls nothing`,
    raise: [[listing, jump(hook), '$1']],
    but: {
      'no Service is there': [noElement('service-ips')],
      'a rule could not be read': [unreadIn(hook)],
      'the table is not whole': [cut],
    },
  })),
  {
    code: 'mark-without-masquerade',
    when: 'postrouting calls nothing',
    raise: [[listing, jump('postrouting'), '$1']],
    but: {
      'a rule could not be read': [unreadIn('postrouting')],
      'no Service is looked up': [without(addresses), without(nodePorts)],
      'the table is not whole': [cut],
    },
  },
  {
    code: 'mark-without-masquerade',
    when: 'only what a set holds is masqueraded',
    raise: [[listing, 'meta mark & 0x00004000 != 0x00000000 meta', 'ip saddr @cluster-ips meta']],
  },
  {
    code: 'service-chain-empty',
    when: 'an element leads there',
    raise: [emptied],
    but: {
      'no element does': [noElement('service-ips')],
      'it is no chain of a Service': [
        [listing, /service-LX3JQ64U-default\/whoami\/tcp\//g, 'mine'],
      ],
      'the table is not whole': [cut],
      'the table is not of kube-proxy': [[listing, 'table ip kube-proxy', 'table ip mine']],
    },
  },
];

aloneSuite('nftables mode', healthy, cases);

suite('findings of nftables mode: the places that they name', () => {
  const found = async (code: string, ...edits: readonly Edit[]) => {
    const files = edited(healthy, edits);
    const lines = files[listing]!.split('\n').map((line) => line.trim());
    return (await findingsOf(files, code)).map(({ message, range, related = [] }) => [
      message.replace(/[:,].*/, ''),
      lines[range.line],
      ...related.map((one) => lines[one.range.line]),
    ]);
  };

  test('an empty chain: its own, and the element that leads there', async () => {
    assert.deepEqual(await found('service-chain-empty', emptied), [
      [
        `${service} is empty`,
        `chain ${service} {`,
        `elements = { 10.99.205.136 . tcp . 3000 : goto ${service} }`,
      ],
    ]);
  });

  test('of a hook: its base chain', async () => {
    const text = 'of table kube-proxy calls looks packets up in';
    assert.deepEqual(await found('node-ports-not-asked', without(nodePorts)), [
      [`Nothing that nat prerouting ${text} service-nodeports`, 'chain nat-prerouting {'],
      [`Nothing that nat output ${text} service-nodeports`, 'chain nat-output {'],
    ]);
    assert.deepEqual(await found('services-not-reached', [listing, jump('output'), '$1']), [
      [`Nothing that nat output ${text} the maps of Services`, 'chain nat-output {'],
    ]);
  });
});
