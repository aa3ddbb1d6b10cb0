import assert from 'node:assert/strict';
import { formatAddress } from '../../../src/core/address';
import { affinityOf, endpointsOf } from '../../../src/core/kubeproxy/nftables/endpoints';
import { portalsOf } from '../../../src/core/kubeproxy/nftables/portals';
import { searchTable } from '../../../src/core/kubeproxy/nftables/services';
import { finish } from '../../../src/core/work';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';

const service = 'service-ULMVA6XW-ns1/svc1/tcp/p80';
const chain = (name: string, ...rules: readonly string[]) =>
  `\tchain ${name} {\n${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}\n`;
const tableOf = (...blocks: readonly string[]) =>
  nftRuleset('nft', `table ip kube-proxy {\n${blocks.join('\n')}\n}\n`).tables[0]!;
const affinitySet = (name: string, more = '') =>
  `\tset ${name} {\n\t\ttype ipv4_addr\n\t\tflags dynamic,timeout\n${more}\t}\n`;

suite('the endpoints that a chain of nftables mode leads to', () => {
  /** `10.0.0.1:80 0.5`, `10.0.0.1:80 ?` where what the packet is decides. */
  const endpoints = (rules: readonly string[], ...more: readonly string[]) =>
    endpointsOf(tableOf(...more, chain(service, ...rules)), service).map(
      ({ address, port, share }) => `${formatAddress(address)}:${port} ${share ?? '?'}`,
    );
  const [one, two] = [
    chain('endpoint-1', 'meta l4proto tcp dnat to 10.0.0.1:80'),
    chain('endpoint-2', 'meta l4proto tcp dnat to 10.0.0.2:80'),
  ];

  test('of ranges of a random number, each by its length', () => {
    const rule =
      'meta l4proto tcp dnat ip to numgen random mod 4 map { 0-2 : 10.0.0.1 . 80, 3 : 10.0.0.2 . 81 }';
    assert.deepEqual(endpoints([rule]), ['10.0.0.1:80 0.75', '10.0.0.2:81 0.25']);
  });

  test('of a number that the packet decides, or an element for the rest, without a share', () => {
    const hash = 'jhash ip saddr mod 2 vmap { 0 : goto endpoint-1, 1 : goto endpoint-2 }';
    assert.deepEqual(endpoints([hash], one, two), ['10.0.0.1:80 ?', '10.0.0.2:80 ?']);
    const rest = 'numgen random mod 2 vmap { 0 : goto endpoint-1, * : goto endpoint-2 }';
    assert.deepEqual(endpoints([rest], one, two), ['10.0.0.1:80 0.5', '10.0.0.2:80 ?']);
  });

  test('of a map that asks something else than chance, without a share', () => {
    const rule = 'ip saddr vmap { 10.9.0.1 : goto endpoint-1, 10.9.0.2 : jump endpoint-2 }';
    assert.deepEqual(endpoints([rule], one, two), ['10.0.0.1:80 ?', '10.0.0.2:80 ?']);
  });

  test('verdicts of a map that lead to no chain, or to one that is not there, give none', () => {
    const rule = 'numgen random mod 3 vmap { 0 : drop, 1 : goto endpoint-1, 2 : goto endpoint-9 }';
    assert.deepEqual(endpoints([rule], one), [`10.0.0.1:80 ${1 / 3}`]);
  });

  test('behind a condition without a share, and the rules behind it still count', () => {
    for (const condition of ['ip saddr 10.9.0.1', 'ip saddr != 10.9.0.1', 'ct state new']) {
      assert.deepEqual(endpoints([`${condition} goto endpoint-1`, 'goto endpoint-2'], one, two), [
        '10.0.0.1:80 ?',
        '10.0.0.2:80 1',
      ]);
    }
    // Whoever is in the chain has its protocol; a counter and a comment ask nothing.
    for (const free of [
      'meta l4proto tcp',
      'meta l4proto tcp counter',
      'counter',
      'counter packets 1 bytes 2',
    ]) {
      assert.deepEqual(endpoints([`${free} goto endpoint-1`, 'goto endpoint-2'], one, two), [
        '10.0.0.1:80 1',
      ]);
    }
  });

  test('a comment asks nothing; a rule that could not be read may ask for anything', () => {
    const said = 'goto endpoint-1 comment "all of them"';
    assert.deepEqual(endpoints([said, 'goto endpoint-2'], one, two), ['10.0.0.1:80 1']);
    const odd = 'frobnicate 7 goto endpoint-1';
    assert.deepEqual(endpoints([odd, 'goto endpoint-2'], one, two).at(-1), '10.0.0.2:80 1');
  });

  test('what stands behind a rule that takes every packet is not reached', () => {
    for (const last of ['goto endpoint-1', 'meta l4proto tcp dnat to 10.0.0.1:80']) {
      assert.deepEqual(endpoints([last, 'goto endpoint-2'], one, two), ['10.0.0.1:80 1']);
    }
    for (const last of ['drop', 'accept', 'reject']) {
      assert.deepEqual(endpoints([last, 'goto endpoint-2'], two), []);
    }
    assert.deepEqual(endpoints(['jump marks', 'goto endpoint-2'], two, chain('marks')), [
      '10.0.0.2:80 1',
    ]);
  });

  test('the same endpoint again is one: shares add up, and one without a share adds none', () => {
    const half = (n: number) => `numgen random mod 4 vmap { ${n} : goto endpoint-1 }`;
    assert.deepEqual(endpoints([half(0), half(1)], one), ['10.0.0.1:80 0.5']);
    const known = 'ip saddr 10.9.0.1 goto endpoint-1';
    assert.deepEqual(endpoints([known, half(0)], one), ['10.0.0.1:80 0.25']);
    assert.deepEqual(endpoints([half(0), known], one), ['10.0.0.1:80 0.25']);
  });

  test('another port of the same address is another endpoint', () => {
    const rule =
      'meta l4proto tcp dnat ip to numgen random mod 2 map { 0 : 10.0.0.1 . 80, 1 : 10.0.0.1 . 81 }';
    assert.deepEqual(endpoints([rule]), ['10.0.0.1:80 0.5', '10.0.0.1:81 0.5']);
  });

  test('a translation without a port is no endpoint of a Service', () => {
    assert.deepEqual(endpoints(['dnat to 10.0.0.1']), []);
  });
});

suite('session affinity of a Service port in nftables mode', () => {
  const clients = affinitySet('affinity-1', '\t\ttimeout 3h\n');
  const affinity = (rules: readonly string[], ...sets: readonly string[]) =>
    affinityOf(tableOf(...sets, chain(service, ...rules)), [service]);

  test('is the time-out of the set that a chain asks for known clients', () => {
    assert.equal(affinity(['ip saddr @affinity-1 goto endpoint-1'], clients), 10_800);
    assert.equal(affinity(['counter', 'ip saddr @affinity-1 goto endpoint-1'], clients), 10_800);
  });

  test('is none where the set has no time-out, is asked for who is not in it, or is not there', () => {
    const set = affinitySet('affinity-1');
    assert.equal(affinity(['ip saddr @affinity-1 goto endpoint-1'], set), undefined);
    assert.equal(affinity(['ip saddr != @affinity-1 goto endpoint-1'], clients), undefined);
    assert.equal(affinity(['ip saddr @affinity-1 goto endpoint-1']), undefined);
    assert.equal(affinity(['ip saddr { 10.9.0.1, 10.9.0.2 } goto endpoint-1']), undefined);
    assert.equal(affinityOf(tableOf(), [service]), undefined);
  });

  test('a set without a time-out before it is no answer', () => {
    const first = affinitySet('plain');
    const rules = ['ip saddr @plain drop', 'ip saddr @affinity-1 goto endpoint-1'];
    assert.equal(affinity(rules, first, clients), 10_800);
  });
});

suite('what the maps of nftables mode hold', () => {
  const base = (...rules: readonly string[]) =>
    chain('nat-prerouting', 'type nat hook prerouting priority dstnat; policy accept;', ...rules);
  const portals = (table: ReturnType<typeof tableOf>, type: 'nat' | 'filter' = 'nat') =>
    [...portalsOf(table, type)].map(
      ({ address, protocol, port }) =>
        `${address ? formatAddress(address) : ''}:${port}/${protocol}`,
    );
  const map = (name: string, elements: string, type = 'ipv4_addr . inet_proto . inet_service') =>
    `\tmap ${name} {\n\t\ttype ${type} : verdict\n\t\telements = { ${elements} }\n\t}\n`;
  const lookUp = (name: string) => `ip daddr . meta l4proto . th dport vmap @${name}`;

  test('in the order in which packets meet them, each map once', () => {
    const table = tableOf(
      map('b', '10.96.0.2 . tcp . 80 : goto x'),
      map('a', '10.96.0.1 . udp . 53 : goto x'),
      base('jump services', lookUp('b'), 'goto services'),
      chain('services', lookUp('a'), lookUp('b')),
    );
    assert.deepEqual(portals(table), ['10.96.0.2:80/6', '10.96.0.1:53/17']);
  });

  test('an element that leads to no verdict is no way in', () => {
    const address =
      '\tmap a {\n\t\ttype ipv4_addr . inet_proto . inet_service : ipv4_addr\n\t\telements = { 10.96.0.1 . tcp . 80 : 10.0.0.1 }\n\t}\n';
    assert.deepEqual(portals(tableOf(address, base(lookUp('a')))), []);
    const rest = map('a', '* : drop, 10.96.0.2 . tcp . 80 : goto x');
    assert.deepEqual(portals(tableOf(rest, base(lookUp('a')))), ['10.96.0.2:80/6']);
  });

  test('only those that a base chain of the type leads to', () => {
    const table = tableOf(
      map('a', '10.96.0.1 . udp . 53 : goto x'),
      map('service-ips', '10.96.0.2 . tcp . 80 : goto x'),
      base(lookUp('a')),
      chain('services', lookUp('service-ips')),
      chain(
        'filter-input',
        'type filter hook input priority filter; policy accept;',
        lookUp('service-ips'),
      ),
    );
    assert.deepEqual(portals(table), ['10.96.0.1:53/17']);
    assert.deepEqual(portals(table, 'filter'), ['10.96.0.2:80/6']);
  });

  test('in a text without base chains those of kube-proxy’s names', () => {
    const table = tableOf(
      map('service-nodeports', 'tcp . 30080 : goto x', 'inet_proto . inet_service'),
      map('service-ips', '10.96.0.2 . tcp . 80 : goto x'),
      map('no-endpoint-services', '10.96.0.3 . tcp . 80 : goto x'),
      map('mine', '10.96.0.4 . tcp . 80 : goto x'),
    );
    assert.deepEqual(portals(table), ['10.96.0.2:80/6', ':30080/6']);
    assert.deepEqual(portals(table, 'filter'), ['10.96.0.3:80/6']);
  });

  test('elements of one protocol, port and address each: ranges and networks are no portals', () => {
    const elements =
      '10.96.0.0/24 . tcp . 80 : goto x, 10.96.0.2 . tcp . 80-90 : goto x, 10.96.0.3 . tcp . 80 : goto x';
    assert.deepEqual(portals(tableOf(map('a', elements), base(lookUp('a')))), ['10.96.0.3:80/6']);
  });

  test('by jumps as by gotos', () => {
    for (const verdict of ['jump', 'goto']) {
      const table = tableOf(
        map('a', '10.96.0.1 . udp . 53 : goto x'),
        base(`${verdict} services`),
        chain('services', lookUp('a')),
      );
      assert.deepEqual(portals(table), ['10.96.0.1:53/17'], verdict);
    }
  });

  test('a part of a key that is neither address, protocol nor port is no port', () => {
    const table = tableOf(
      map('a', '10.96.0.1 . tcp . 80 : goto x', 'ipv4_addr . inet_proto . mark'),
      base('ip daddr . meta l4proto . meta mark vmap @a'),
    );
    assert.deepEqual(portals(table), []);
  });

  test('a map without a protocol or without a port has none', () => {
    const table = tableOf(
      map('a', '10.96.0.1 : drop', 'ipv4_addr'),
      map('b', '10.96.0.1 . 80 : drop', 'ipv4_addr . inet_service'),
      base('ip daddr vmap @a', 'ip daddr . th dport vmap @b', 'ip daddr vmap { 10.96.0.9 : drop }'),
    );
    assert.deepEqual(portals(table), []);
  });

  test('a map in the rule, of node ports and of addresses', () => {
    const table = tableOf(
      base(
        'fib daddr type local meta l4proto . th dport vmap { tcp . 30080 : goto x }',
        'ip daddr . meta l4proto . tcp dport vmap { 10.96.0.9 . tcp . 443 : goto x }',
      ),
    );
    assert.deepEqual(portals(table), [':30080/6', '10.96.0.9:443/6']);
  });
});

suite('Services from the maps of nftables mode', () => {
  const kinds = (elements: string, ...more: readonly string[]) => {
    const table = tableOf(
      `\tmap service-ips {\n\t\ttype ipv4_addr . inet_proto . inet_service : verdict\n\t\telements = { ${elements} }\n\t}\n`,
      ...more,
    );
    return finish(searchTable(table)).map(
      ({ title, entries }) => `${title} ${entries.map(({ kind }) => kind).join('+')}`,
    );
  };
  const external = 'external-ULMVA6XW-ns1/svc1/tcp/p80';
  const clusterIps = '\tset cluster-ips {\n\t\ttype ipv4_addr\n\t\telements = { 10.96.0.7 }\n\t}\n';

  test('an address is a ClusterIP by kube-proxy’s set, whatever its chain', () => {
    const elements = `10.96.0.7 . tcp . 80 : goto ${service}, 203.0.113.9 . tcp . 80 : goto ${service}`;
    assert.deepEqual(kinds(elements, clusterIps), ['ns1/svc1:p80 cluster-ip+external']);
  });

  test('without the set, by the chain: only what comes from outside goes over external-', () => {
    const elements = `10.96.0.7 . tcp . 80 : goto ${service}, 203.0.113.9 . tcp . 80 : goto ${external}`;
    assert.deepEqual(kinds(elements), ['ns1/svc1:p80 cluster-ip+external']);
    const local = service.replace('service-', 'local-');
    assert.deepEqual(kinds(`10.96.0.7 . tcp . 80 : goto ${local}`), ['ns1/svc1:p80 cluster-ip']);
  });

  test('one address and port is one entry, another protocol another Service port', () => {
    const elements = `10.96.0.7 . tcp . 80 : goto ${service}, 10.96.0.7 . udp . 80 : goto ${service}`;
    assert.deepEqual(kinds(elements).length, 2);
    assert.deepEqual(kinds(`10.96.0.7 . tcp . 80 : accept`), []);
  });

  test('what is refused for want of endpoints: by drop, and by a chain that refuses all', () => {
    const refused = (verdict: string, ...rules: readonly string[]) =>
      finish(
        searchTable(
          tableOf(
            `\tmap no-endpoint-services {\n\t\ttype ipv4_addr . inet_proto . inet_service : verdict\n\t\telements = { 10.96.0.7 . tcp . 80 comment "ns1/svc1:p80" : ${verdict} }\n\t}\n`,
            ...(rules.length > 0 ? [chain('refuse', ...rules)] : []),
          ),
        ),
      ).map(({ title }) => title);
    assert.deepEqual(refused('drop'), ['ns1/svc1:p80']);
    assert.deepEqual(refused('goto refuse', 'reject'), ['ns1/svc1:p80']);
    assert.deepEqual(refused('jump refuse', 'drop'), ['ns1/svc1:p80']);
    assert.deepEqual(refused('goto refuse', 'ip saddr != 198.51.100.0/24 drop'), []);
    assert.deepEqual(refused('goto refuse', 'accept'), []);
    assert.deepEqual(refused('goto refuse'), []);
    assert.deepEqual(refused('accept'), []);
  });
});
