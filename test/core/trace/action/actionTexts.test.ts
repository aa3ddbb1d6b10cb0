import assert from 'node:assert/strict';
import type { NodeState } from '../../../../src/core/node';
import type { Path } from '../../../../src/core/trace/trace';
import { traceFlow } from '../../../../src/core/trace/tracer';
import { node, oneChain, packet } from '../helper';

const web = { ...packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0'), ttl: 64, tos: 0x1f };
const sets =
  'create s hash:ip family inet hashsize 64 maxelem 10 skbinfo\nadd s 10.244.1.7 skbmark 0x5/0xff\n';

/** What the steps say that the rules did, way by way behind what the way takes: `condition: done; done`. */
function said(state: NodeState): readonly string[] {
  return ways(traceFlow(state, web).path, [], []);
}

function ways(
  { steps, end }: Path,
  conditions: readonly string[],
  before: readonly string[],
): readonly string[] {
  const own = steps.flatMap((step) => (step.kind === 'rule' ? [step.effect] : []));
  const done = [...before, ...own];
  if (!('branches' in end)) return [[...conditions, done.join('; ')].join(': ')];
  return end.branches.flatMap(({ condition, then }) =>
    ways(then, [...conditions, condition], done),
  );
}

function ofIptables(table: string, chain: string, rules: readonly string[]): readonly string[] {
  const lines = rules.map((rule) => `-A ${chain} ${rule}\n`).join('');
  return said(node({ rules: `*${table}\n:${chain} ACCEPT\n:OWN -\n${lines}`, sets }));
}

const declared = `\tset s {
\t\ttype ipv4_addr
\t\tflags dynamic,timeout
\t\telements = { 10.244.1.7 }
\t}
\tchain own {
\t}
`;

function ofNft(rules: string, base: string): readonly string[] {
  return said({ ...node(), nftables: oneChain(rules, { base, declared }) });
}

suite('what a step says that a target did', () => {
  for (const [target, ...wanted] of [
    ['MARK --set-xmark 0x1/0xff', 'MARK 0x0 -> 0x1'],
    ['MARK --set-xmark 0x0/0xff', 'MARK stays 0x0'],
    ['CONNMARK --set-xmark 0x5/0xf', 'CONNMARK 0x0 -> 0x5'],
    ['CONNMARK --save-mark --nfmask 0xff --ctmask 0xff', 'CONNMARK stays 0x0'],
    ['CONNMARK --restore-mark --nfmask 0xff --ctmask 0xff', 'MARK stays 0x0, from connmark'],
    ['NFLOG --nflog-group 1', 'NFLOG --nflog-group 1'],
    ['LOG --log-prefix "x "', 'LOG --log-prefix "x "'],
    ['TRACE', 'TRACE'],
    ['TOS --set-tos 0x10/0xff', 'TOS --set-tos 0x10/0xff'],
    ['TTL --ttl-set 9', 'TTL --ttl-set 9'],
    ['TEE --gateway 192.0.2.1', 'TEE --gateway 192.0.2.1'],
    ['NFQUEUE --queue-num 3', 'NFQUEUE: a program in user space decides'],
    [
      'NFQUEUE --queue-num 3 --queue-bypass',
      'a program listens on the queue: NFQUEUE: a program in user space decides',
      'no program listens on the queue (bypass): NFQUEUE: a program in user space decides',
    ],
    ['QUEUE', 'QUEUE: a program in user space decides'],
    ['SET --add-set s src', 'SET --add-set s src'],
    ['SET --map-set s src --map-mark', 'MARK 0x0 -> 0x5'],
    // Not in the set, and what is mapped is not the mark.
    ['SET --map-set s dst --map-mark', 'SET --map-set s dst --map-mark'],
    ['SET --map-set s src --map-prio', 'SET --map-set s src --map-prio'],
    ['ACCEPT', 'ACCEPT'],
    ['DROP', 'DROP'],
    ['RETURN', 'RETURN'],
    ['OWN', 'jump OWN'],
    ['CT --notrack', 'CT: tracked already'],
    [
      'SYNPROXY --mss 1460',
      'SYNPROXY lets the packet go on: SYNPROXY',
      'SYNPROXY decides over the packet: SYNPROXY',
    ],
  ] as const) {
    test(target, () => {
      assert.deepEqual(ofIptables('mangle', 'PREROUTING', [`-j ${target}`]), wanted);
    });
  }

  test('a jump and a goto by their own names', () => {
    assert.deepEqual(ofIptables('mangle', 'PREROUTING', ['-g OWN']), ['goto OWN']);
  });

  for (const [chain, target, ...wanted] of [
    ['PREROUTING', 'DNAT --to-destination 10.244.2.9', 'DNAT to 10.244.2.9:80'],
    ['PREROUTING', 'DNAT --to-destination 10.244.2.9:8080', 'DNAT to 10.244.2.9:8080'],
    ['PREROUTING', 'DNAT --to-destination :8080', 'DNAT to 8.8.8.8:8080'],
    [
      'PREROUTING',
      'DNAT --to-destination 10.244.2.9:8080-8081 --random',
      'the random port is 8080: DNAT to a random port of 8080-8081',
      'the random port is 8081: DNAT to a random port of 8080-8081',
    ],
    // Of one port nothing is random.
    ['PREROUTING', 'DNAT --to-destination 10.244.2.9:8080 --random', 'DNAT to 10.244.2.9:8080'],
    // The distance from a base is no chance (NF_NAT_RANGE_PROTO_OFFSET).
    [
      'PREROUTING',
      'DNAT --to-destination 10.244.2.9:8080-8081/80 --random',
      'DNAT to 10.244.2.9:8080',
    ],
    [
      'POSTROUTING',
      'SNAT --to-source 192.168.50.99:5000-5001 --random',
      'SNAT to 192.168.50.99, a random port',
    ],
    ['PREROUTING', 'REDIRECT --to-ports 8080', 'REDIRECT to 10.244.1.1:8080'],
    ['PREROUTING', 'NETMAP --to 10.9.0.0/16', 'NETMAP to 10.9.8.8:80'],
    ['POSTROUTING', 'SNAT --to-source 192.168.50.99', 'SNAT to 192.168.50.99:40000'],
    [
      'POSTROUTING',
      'SNAT --to-source 192.168.50.99:5000-5009',
      'SNAT to 192.168.50.99, a random port',
    ],
    ['POSTROUTING', 'MASQUERADE', 'MASQUERADE to 192.168.50.10:40000'],
    ['POSTROUTING', 'MASQUERADE --random-fully', 'MASQUERADE to 192.168.50.10, a random port'],
    ['POSTROUTING', 'NETMAP --to 10.9.0.0/16', 'NETMAP to 10.9.1.7:40000'],
  ] as const) {
    test(target, () => {
      assert.deepEqual(ofIptables('nat', chain, [`-p tcp -j ${target}`]), wanted);
    });
  }

  test('CT before conntrack: the first one counts; no connection has a mark yet', () => {
    const raw = (...rules: readonly string[]) => ofIptables('raw', 'PREROUTING', rules);
    const second = 'CT: another CT target came first';
    assert.deepEqual(raw('-j CT --notrack', '-j CT --zone 5'), [
      `UNTRACKED from here on; ${second}`,
    ]);
    assert.deepEqual(raw('-j CT --zone 5', '-j CT --notrack'), [`CT --zone 5; ${second}`]);
    assert.deepEqual(raw('-j CONNMARK --set-xmark 0x5/0xf'), ['no connection, connmark unchanged']);
  });

  test('a device without an address to take', () => {
    const addresses = '2: eth0: <UP>\n    inet6 fe80::1/64 scope link\n3: cni0: <UP>\n';
    const nat = (chain: string, target: string) =>
      said(node({ rules: `*nat\n:${chain} ACCEPT\n-A ${chain} -j ${target}\n`, addresses }));
    assert.deepEqual(nat('PREROUTING', 'REDIRECT'), ['REDIRECT: no address on cni0']);
    assert.deepEqual(nat('POSTROUTING', 'MASQUERADE'), ['MASQUERADE: no address on eth0']);
  });

  test('REJECT with its answer', () => {
    assert.deepEqual(
      ofIptables('filter', 'FORWARD', ['-j REJECT --reject-with icmp-host-prohibited']),
      ['REJECT with icmp-host-prohibited'],
    );
  });
});

suite('what a step says that a statement of nft did', () => {
  for (const [rules, ...wanted] of [
    ['meta mark set 0x5', 'MARK 0x0 -> 0x5'],
    ['ct mark set 0x9', 'CONNMARK 0x0 -> 0x9'],
    ['ct mark set 0x0', 'CONNMARK stays 0x0'],
    ['ct label set 3', 'ct label 3'],
    ['meta nftrace set 1', 'meta nftrace 1'],
    ['ip saddr set 10.0.0.9', 'ip saddr set 10.0.0.9'],
    ['tcp dport set 8080', 'tcp dport set 8080'],
    ['ip dscp set ef', 'ip dscp set 46'],
    ['tcp option maxseg size set rt mtu', 'tcp option maxseg size set'],
    ['notrack', 'CT: tracked already'],
    ['log prefix "x"', 'LOG prefix "x"'],
    ['counter packets 0 bytes 0', 'no target: counted'],
    ['add @s { ip daddr }', 'add 8.8.8.8 to @s'],
    ['update @s { ip saddr timeout 1m }', 'update 10.244.1.7 to @s'],
    ['delete @s { ip saddr }', 'delete 10.244.1.7 from @s'],
    // Nobody knows which, but that something was put in.
    ['add @s { meta cpu } meta mark set 1', 'add meta cpu to @s, MARK 0x0 -> 0x1'],
    ['delete @s { meta cpu }', 'delete meta cpu from @s'],
    ['meta cpu 3 drop', 'meta cpu == 3: DROP', 'not: meta cpu == 3: '],
    ['meta cpu 3-5 drop', 'meta cpu == 3-5: DROP', 'not: meta cpu == 3-5: '],
    ['meta random frob drop', 'meta random == frob: DROP', 'not: meta random == frob: '],
    ['meta cpu >= 3 drop', 'meta cpu >= 3: DROP', 'not: meta cpu >= 3: '],
    ['tcp dport vmap { 80 : drop }', 'DROP'],
    ['tcp dport vmap { 80 : jump own }', 'jump own'],
    ['tcp dport vmap { 80 : goto own }', 'goto own'],
    // Of one rule what each statement did.
    ['tcp dport vmap { 80 : continue } meta mark set 1', 'continue, MARK 0x0 -> 0x1'],
    ['counter meta mark set 1 ct mark set 2 drop', 'MARK 0x0 -> 0x1, CONNMARK 0x0 -> 0x2, DROP'],
    // What stands before a match that fails has happened.
    ['meta mark set 1 tcp dport 81 drop', 'MARK 0x0 -> 0x1'],
    ['tcp dport 81 meta mark set 1', ''],
    ['queue to 3', 'NFQUEUE: a program in user space decides'],
    ['reset tcp option sack-perm', 'reset tcp option sack-perm'],
    [
      'tproxy to :50080 drop',
      'a transparent socket listens for tproxy to :50080: tproxy to :50080, DROP',
      'no transparent socket listens for tproxy to :50080: ',
    ],
    [
      'meta mark set 1 tproxy to :50080 accept',
      'a transparent socket listens for tproxy to :50080: MARK 0x0 -> 0x1, tproxy to :50080, ACCEPT',
      'no transparent socket listens for tproxy to :50080: MARK 0x0 -> 0x1',
    ],
    [
      'limit rate 1/second meta mark set 1',
      'below the limit 1/second burst 5: MARK 0x0 -> 0x1',
      'above the limit 1/second burst 5: ',
    ],
    [
      'frobnicate 3 accept',
      'frobnicate 3 lets the rule go on: frobnicate 3, ACCEPT',
      'frobnicate 3 does not match: ',
      'frobnicate 3 decides over the packet: frobnicate 3',
    ],
    ['meta mark set meta cpu', 'meta mark is set to something that is not known: meta cpu'],
    ['ct mark set meta cpu', 'ct mark is set to something that is not known: meta cpu'],
    ['ip ttl set meta cpu', 'it is set to something that is not known: meta cpu'],
    ['ct zone set meta cpu', 'ct zone is set to something that is not known: meta cpu'],
    // No rule asks for the priority.
    ['meta priority set meta cpu', 'meta priority set'],
  ] as const) {
    test(rules, () => {
      assert.deepEqual(ofNft(rules, 'filter hook prerouting priority -140'), wanted);
    });
  }

  for (const [rules, ...wanted] of [
    ['dnat to 10.244.2.9', 'DNAT to 10.244.2.9:80'],
    ['dnat to tcp dport map { 80 : 10.244.2.9 . 8080 }', 'DNAT to 10.244.2.9:8080'],
    ['dnat to ip saddr map { 10.244.1.7 : 10.244.2.1-10.244.2.1 }', 'DNAT to 10.244.2.1:80'],
    ['dnat ip prefix to ip saddr map { 10.244.1.0/24 : 10.9.0.0/16 }', 'DNAT to 10.9.8.8:80'],
    [
      'dnat ip addr . port to ip saddr map { 10.244.1.7 : 10.9.0.1 . 8080-8080 }',
      'DNAT to 10.9.0.1:8080',
    ],
    [
      'dnat to numgen random mod 2 map { 0 : 10.1.1.1, 1 : 10.1.1.2 }',
      'numgen random mod 2 is 0: DNAT to 10.1.1.1:80',
      'numgen random mod 2 is 1: DNAT to 10.1.1.2:80',
    ],
    // Of 2^32 values none is tried.
    [
      'meta random { 1 } drop',
      'meta random is in the set: DROP',
      'not: meta random is in the set: ',
    ],
    ['redirect to :8080', 'REDIRECT to 10.244.1.1:8080'],
    ['dnat to 10.244.2.9:tcp dport map { 80 : 8080 }', 'DNAT to 10.244.2.9:8080'],
    ['redirect to :tcp dport map { 80 : 8080 }', 'REDIRECT to 10.244.1.1:8080'],
    [
      'dnat to ip saddr map { 10.244.1.7 : 10.9.0.1 }:tcp dport map { 80 : 8080 }',
      'DNAT to 10.9.0.1:8080',
    ],
    // Without an element the rule fails.
    ['dnat to 10.244.2.9:tcp dport map { 81 : 8080 }', ''],
    ['dnat to tcp dport map { 81 : 10.244.2.9 }', ''],
    [
      'dnat to 10.244.2.9:numgen random mod 2 map { 0 : 8080, 1 : 8081 }',
      'numgen random mod 2 is 0: DNAT to 10.244.2.9:8080',
      'numgen random mod 2 is 1: DNAT to 10.244.2.9:8081',
    ],
    // Of 2^32 values none is tried.
    [
      'dnat to meta random map { 1 : 10.1.1.1 }',
      'it is translated to something that is not known: meta random has too many values to try',
    ],
    ['dnat ip6 to fd00::1', 'DNAT: of the other family, no change'],
    [
      'dnat to meta cpu map { 0 : 10.1.1.1 }',
      'meta cpu is 0: DNAT to 10.1.1.1:80',
      'meta cpu is none of the map: ',
    ],
  ] as const) {
    test(rules, () => {
      assert.deepEqual(ofNft(rules, 'nat hook prerouting priority -100'), wanted);
    });
  }
});
