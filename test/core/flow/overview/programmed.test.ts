import assert from 'node:assert/strict';
import { programmedService } from '../../../../src/core/flow/overview/programmed';
import type { NodeState } from '../../../../src/core/node';
import { finish } from '../../../../src/core/work';
import { parseIpvsTable } from '../../../../src/syntax/ipvs/table';
import { nftRuleset } from '../../../../src/syntax/nft/ruleset/ruleset';
import { healthy } from '../../findings/cases/small';
import { nodeOf } from '../sampleNode';

const whoami = 'default/whoami/TCP';

/** What is known of the endpoints: how many, `absent`, or why it is unknown. */
function endpointsOf(state: NodeState, id = whoami, family: 4 | 6 = 4) {
  const { endpoints } = finish(programmedService(state, { id, family }));
  if ('unknown' in endpoints) return endpoints.unknown;
  return endpoints.value ? endpoints.value.all.length : 'absent';
}

async function small(edit: (rules: string) => string = (rules) => rules): Promise<NodeState> {
  const rules = edit(healthy['iptables-save.txt']!);
  return (await nodeOf(new Map(Object.entries({ ...healthy, 'iptables-save.txt': rules })))).node;
}

suite('what a node programs of a Service port', () => {
  test('its endpoints; of a port that is in no rule none, where its rules are whole', async () => {
    const state = await small();
    assert.equal(endpointsOf(state), 2);
    assert.equal(endpointsOf(state, 'default/other/TCP'), 'absent');
  });

  test('of rules that were not captured, or not whole, nothing is absent', async () => {
    const state = await small();
    const partial = { ...state, partial: 'the API server was gone.' };
    assert.equal(endpointsOf(partial), 2);
    assert.equal(
      endpointsOf(partial, 'default/other/TCP'),
      'the node was not captured whole: the API server was gone',
    );
    const missing = (part: 'IPv4 rules' | 'IPv6 rules' | 'IPVS' | 'routes') => ({
      ...state,
      missing: [{ part, command: 'x', reason: 'Nobody asked.' }],
    });
    assert.equal(endpointsOf(missing('IPv4 rules'), 'default/other/TCP'), 'Nobody asked');
    assert.equal(endpointsOf(missing('IPv6 rules'), 'default/other/TCP', 6), 'Nobody asked');
    for (const part of ['IPv6 rules', 'IPVS', 'routes'] as const)
      assert.equal(endpointsOf(missing(part), 'default/other/TCP'), 'absent', part);
  });

  test('a table that ends without COMMIT may have had more endpoints', async () => {
    const cut = await small((rules) => rules.slice(0, rules.lastIndexOf('COMMIT')));
    assert.equal(endpointsOf(cut), 'the dump ends within the table nat');
  });

  test('its own addresses: neither those of loopback nor those that ipvs mode binds', async () => {
    const state = await small();
    const link = { up: true, flags: [] };
    const at = (name: string, scope: string, text: string) => ({
      ...link,
      name,
      addresses: [{ scope, address: { family: 4, words: [Number(text)] }, prefixLength: 24 }],
    });
    const interfaces = [
      at('lo', 'host', '1'),
      at('eth0', 'global', '2'),
      at('eth1', 'link', '3'),
      at('kube-ipvs0', 'global', '4'),
    ] as unknown as NonNullable<NodeState['interfaces']>;
    const { addresses } = finish(
      programmedService({ ...state, interfaces }, { id: whoami, family: 4 }),
    );
    assert.deepEqual(addresses, ['0.0.0.2']);
  });
});

suite('what a node in ipvs mode programs', () => {
  const table = [
    'IP Virtual Server version 1.2.1 (size=4096)',
    'Prot LocalAddress:Port Scheduler Flags',
    '  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn',
    'TCP  10.99.205.136:3000 rr',
    '  -> 10.244.0.3:3000              Masq    1      0          0',
    '',
  ].join('\n');
  const ipvs = parseIpvsTable(table, 'ipvsadm-Ln.txt', false).value;
  const rules = [
    '*nat',
    ':KUBE-SERVICES - [0:0]',
    ':PREROUTING ACCEPT [0:0]',
    '-A PREROUTING -j KUBE-SERVICES',
    '-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT',
    'COMMIT',
    '',
  ].join('\n');
  const stateOf = async (more: Partial<NodeState> = {}) => {
    const { node } = await nodeOf(
      new Map([
        ['iptables-save.txt', rules],
        ['proxyMode.txt', 'ipvs'],
      ]),
    );
    return { ...node, ipvs, missing: [], ...more };
  };
  const port = '10.99.205.136:3000/tcp';

  test('its real servers', async () => {
    assert.equal(endpointsOf(await stateOf(), port), 1);
    assert.equal(endpointsOf(await stateOf(), '10.99.205.137:3000/tcp'), 'absent');
    // A virtual server is of one family.
    assert.equal(endpointsOf(await stateOf(), port, 6), 'absent');
  });

  test('one by a mark alone is of no Service', async () => {
    const text = table.replace('TCP  10.99.205.136:3000', 'FWM  7');
    const marked = parseIpvsTable(text, 'ipvsadm-Ln.txt', false).value;
    assert.equal(endpointsOf(await stateOf({ ipvs: marked }), port), 'absent');
  });

  test('a part of the table may lack some of them', async () => {
    const part = { ipvs: { ...ipvs, incomplete: 'Rows are missing.' } };
    assert.equal(endpointsOf(await stateOf(part), port), 'Rows are missing');
    const missing = [{ part: 'IPVS', command: 'ipvsadm -Ln', reason: 'None.' }] as const;
    assert.equal(endpointsOf(await stateOf({ missing }), '10.99.205.137:3000/tcp'), 'None');
  });

  test('a table that is incomplete is no matter of rules', async () => {
    const state = await small();
    assert.equal(endpointsOf({ ...state, ipvs: { ...ipvs, incomplete: 'Rows are missing.' } }), 2);
  });
});

suite('what a node in nftables mode programs', () => {
  const listing = (ports: string, end = '}\n') => `table ip kube-proxy {
	map service-ips {
		type ipv4_addr . inet_proto . inet_service : verdict
${ports}	}
	chain nat-prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		jump services
	}
	chain services {
		ip daddr . meta l4proto . th dport vmap @service-ips
	}
	chain service-LX3JQ64U-default/whoami/tcp/ {
		meta l4proto tcp dnat to 10.244.0.3:3000
	}
${end}`;
  const elements =
    '\t\telements = { 10.99.205.136 . tcp . 3000 : goto service-LX3JQ64U-default/whoami/tcp/ }\n';
  const state = async (text: string): Promise<NodeState> => {
    const { node } = await nodeOf(new Map([['proxyMode.txt', 'nftables']]));
    return { ...node, nftables: nftRuleset('nft-list-ruleset.txt', text) };
  };

  test('its endpoints, and surely nothing of another port', async () => {
    const whole = await state(listing(elements));
    assert.equal(endpointsOf(whole), 1);
    assert.equal(endpointsOf(whole, 'default/other/TCP'), 'absent');
    assert.equal(endpointsOf(whole, whoami, 6), 'absent');
  });

  test('a listing that was cut, or without elements, tells of none that it is absent', async () => {
    const cut = await state(listing(elements, ''));
    const lacks = /^the listing of nft has not all of kube-proxy's IPv4 rules$/;
    assert.match(String(endpointsOf(cut, 'default/other/TCP')), lacks);
    assert.match(String(endpointsOf(cut)), /^the dump ends within the table kube-proxy$/);
    const six = String(
      endpointsOf({ ...cut, nftables: { ...cut.nftables!, complete: false } }, whoami, 6),
    );
    assert.match(six, /IPv6 rules$/);
  });

  test('without its table nothing is known', async () => {
    assert.equal(
      endpointsOf(await state('table ip filter {\n}\n')),
      'rules of nftables mode are not read',
    );
  });
});
