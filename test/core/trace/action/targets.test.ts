import assert from 'node:assert/strict';
import { formatAddress, parseAddress } from '../../../../src/core/address';
import type { Packet } from '../../../../src/core/packet';
import { prefixTarget } from '../../../../src/core/trace/action/prefix';
import type { StatementContext } from '../../../../src/core/trace/match/context';
import { leaves } from '../../../../src/core/trace/leaves';
import { traceFlow, type TraceOptions } from '../../../../src/core/trace/tracer';
import { node, oneChain, packet } from '../helper';

const web: Packet = { ...packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0'), ttl: 64, tos: 0x1f };

/** What becomes of the packet by rules of mangle PREROUTING, one by one; `kind mark reply`. */
function ends(
  rules: readonly string[],
  of: Packet = web,
  options: TraceOptions = {},
  table = 'mangle',
): readonly string[] {
  const lines = rules.map((rule) => `-A PREROUTING ${rule}\n`).join('');
  const state = node({ rules: `*${table}\n:PREROUTING ACCEPT\n${lines}` });
  return leaves(traceFlow(state, of, options).path).map(({ verdict, branches }) =>
    [
      verdict.kind,
      verdict.finalMark?.toString(16),
      ...(verdict.reply ? [verdict.reply] : []),
      ...branches.map(({ condition }) => `(${condition})`),
    ].join(' '),
  );
}

suite('targets of iptables', () => {
  for (const [rules, wanted] of [
    [['-j MARK --set-xmark 0xf0/0xff'], ['ACCEPT 3f0']],
    // Bits that the mask does not clear are turned over.
    [['-j MARK --set-xmark 0x1ff/0x0'], ['ACCEPT 2ff']],
    [['-j MARK --set-xmark 0x0/0x200'], ['ACCEPT 100']],
    [['-j MARK --set-xmark 0x1/0xffffffff'], ['ACCEPT 1']],
    [['-j MARK --and-mark 0x100'], ['ACCEPT 100']],
    [['-j MARK --or-mark 0x80000000'], ['ACCEPT 80000300']],
    [['-j MARK --xor-mark 0x300'], ['ACCEPT 0']],
    [['-j NFLOG --nflog-group 1', '-j MARK --set-xmark 0x1/0x1'], ['ACCEPT 301']],
    [['-j DROP', '-j MARK --set-xmark 0x1/0x1'], ['DROP 300']],
    [['-j RETURN', '-j MARK --set-xmark 0x1/0x1'], ['ACCEPT 300']],
    [['-j NFQUEUE --queue-num 0', '-j DROP'], ['STOLEN 300']],
    [
      ['-j NFQUEUE --queue-num 0 --queue-bypass', '-j DROP'],
      ['STOLEN 300', 'ACCEPT 300'],
    ],
    [
      ['-p tcp -j TPROXY --on-port 1 --on-ip 0.0.0.0 --tproxy-mark 0x1/0x1', '-j DROP'],
      ['ACCEPT 301', 'LOST 300'],
    ],
    [['-j HMARK --hmark-tuple src --hmark-mod 2 --hmark-rnd 0x1'], ['UNKNOWN 300']],
  ] as const) {
    test(`${rules.join('; ')}: ${wanted.join(' or ')}`, () => {
      const found = ends(rules, web, { mark: 0x300 }).map((end) => end.replace(/ \(.*/, ''));
      assert.deepEqual(found, wanted);
    });
  }

  test('REJECT by its name, of each kind; a RST answers TCP alone', () => {
    const filter = (target: string, of = web) => {
      const state = node({ rules: `*filter\n:FORWARD ACCEPT\n-A FORWARD ${target}\n` });
      return leaves(traceFlow(state, of).path)
        .map(({ verdict }) => verdict.reply ?? verdict.kind)
        .join();
    };
    assert.equal(filter('-j REJECT --reject-with icmp-port-unreachable'), 'icmp-port-unreachable');
    assert.equal(
      filter('-j REJECT --reject-with icmp-proto-unreachable'),
      'icmp-proto-unreachable',
    );
    assert.equal(filter('-p tcp -j REJECT --reject-with tcp-reset'), 'tcp-reset');
  });

  const reject = (statement: string, of: Packet = web) => {
    const state = { ...node(), nftables: oneChain(statement, { family: 'inet' }) };
    return leaves(traceFlow(state, of).path)
      .map(({ verdict }) => verdict.reply ?? verdict.kind)
      .join();
  };
  for (const [statement, reply] of [
    ['reject', 'icmp-port-unreachable'],
    ['reject with icmpx type no-route', 'icmp-net-unreachable'],
    ['reject with icmpx type host-unreachable', 'icmp-host-unreachable'],
    ['reject with icmpx type admin-prohibited', 'icmp-admin-prohibited'],
    ['reject with icmpx type port-unreachable', 'icmp-port-unreachable'],
    ['reject with icmp type prot-unreachable', 'icmp-proto-unreachable'],
    ['reject with tcp reset', 'tcp-reset'],
    ['reject with icmpv6 type no-route', 'ACCEPT'],
  ] as const) {
    test(`${statement}: ${reply}`, () => assert.equal(reject(statement), reply));
  }

  test('a RST of nft fails the rule for what is no TCP', () => {
    assert.equal(
      reject('reject with tcp reset', packet('udp 10.244.1.7:1 > 8.8.8.8:53 cni0')),
      'ACCEPT',
    );
  });

  test('a target that is not modelled may go on, or decide', () => {
    const found = ends(['-j SYNPROXY --mss 1460', '-j MARK --set-xmark 0x1/0x1']);
    assert.deepEqual(
      found.map((end) => end.replace(/ \(.*/, '')),
      ['ACCEPT 1', 'UNKNOWN 0'],
    );
  });

  test('CT: what another CT target or conntrack has seen is left alone', () => {
    const zone = (...rules: readonly string[]) => {
      const lines = rules.map((rule) => `-A PREROUTING ${rule}\n`).join('');
      const state = node({ rules: `*raw\n:PREROUTING ACCEPT\n${lines}` });
      const [way] = leaves(traceFlow(state, web).path);
      return way?.verdict.after.connections?.map((each) => each.zone?.original);
    };
    assert.deepEqual(zone('-j CT --zone 5'), [5]);
    assert.deepEqual(zone('-j CT --zone 5', '-j CT --zone 6'), [5]);
    assert.deepEqual(zone('-j CT --notrack'), []);
    assert.deepEqual(zone('-j CT --notrack', '-j CT --zone 6'), []);
    assert.deepEqual(zone('-j CT --zone 5', '-j CT --notrack'), [5]);
  });

  test('SET: what it puts in or takes out is not known any more, what it maps still is', () => {
    const kinds = (target: string) => {
      const rules = `*mangle\n:PREROUTING ACCEPT\n-A PREROUTING -j SET ${target}\n-A PREROUTING -m set --match-set s src -j DROP\n`;
      const sets = 'create s hash:ip family inet hashsize 64 maxelem 10\n';
      const found = leaves(traceFlow(node({ rules, sets }), web).path);
      return found
        .map(({ verdict }) => verdict.kind)
        .sort()
        .join();
    };
    assert.equal(kinds('--add-set s dst'), 'ACCEPT,DROP');
    assert.equal(kinds('--del-set s dst'), 'ACCEPT,DROP');
    assert.equal(kinds('--map-set s src --map-mark'), 'ACCEPT');
    assert.equal(kinds('--add-set other dst'), 'ACCEPT');
  });

  test('SET --map-mark without the set, and with what an earlier rule has changed', () => {
    const reasons = (...rules: readonly string[]) => {
      const lines = rules.map((rule) => `-A PREROUTING -j SET ${rule}\n`).join('');
      const state = node({
        rules: `*mangle\n:PREROUTING ACCEPT\n${lines}`,
        sets: 'create s hash:ip family inet\n',
      });
      return leaves(traceFlow(state, web).path).map(({ verdict }) => verdict.reason);
    };
    assert.deepEqual(reasons('--map-set gone src --map-mark'), [
      'the set gone is not in the ipset dump',
    ]);
    assert.deepEqual(reasons('--add-set s src', '--map-set s src --map-mark'), [
      "a SET rule has changed s on this packet's way",
    ]);
  });

  for (const [target, tos] of [
    ['TOS --set-tos 0x10/0xff', 0x10],
    ['TOS --set-tos 0x10/0x3f', 0x10],
    ['TOS --and-tos 0x0f', 0x0f],
    ['TOS --or-tos 0xe0', 0xff],
    ['TOS --xor-tos 0x03', 0x1c],
    ['DSCP --set-dscp 0x2e', (0x2e << 2) | 3],
  ] as const) {
    test(`${target} of 0x1f: 0x${tos.toString(16)}`, () => {
      const has = `-m tos --tos 0x${tos.toString(16)}/0xff -j MARK --set-xmark 0x1/0x1`;
      assert.deepEqual(ends([`-j ${target}`, has]), ['ACCEPT 1']);
    });
  }

  test('TOS that is set to what cannot be read is not known any more', () => {
    const has = '-m tos --tos 0x10/0xff -j MARK --set-xmark 0x1/0x1';
    const marks = (target: string) => ends([`-j ${target}`, has]).map((end) => end.slice(0, 8));
    assert.deepEqual(marks('TOS --set-tos 0x10'), ['ACCEPT 1']);
    assert.deepEqual(marks('TOS --set-tos lowest'), ['ACCEPT 1', 'ACCEPT 0']);
    assert.deepEqual(marks('DSCP --set-dscp-class'), ['ACCEPT 1', 'ACCEPT 0']);
  });

  test('TTL: set, raised, lowered, within its bounds', () => {
    const ttl = (target: string, of = web) => {
      const state = node({
        rules: `*mangle\n:POSTROUTING ACCEPT\n-A POSTROUTING -j TTL ${target}\n`,
      });
      const [way] = leaves(traceFlow(state, of).path);
      return way?.verdict.finalTtl;
    };
    // 64 came in, of which forwarding has taken one.
    assert.equal(ttl('--ttl-set 9'), 9);
    assert.equal(ttl('--ttl-inc 5'), 68);
    assert.equal(ttl('--ttl-dec 5'), 58);
    assert.equal(ttl('--ttl-inc 250'), 255);
    assert.equal(ttl('--ttl-dec 250'), 0);
    // Of one that is not told only what is set is known.
    const untold = { ...web, ttl: undefined };
    assert.equal(ttl('--ttl-set 9', untold), 9);
    assert.equal(ttl('--ttl-inc 5', untold), undefined);
    assert.equal(ttl('--ttl-dec 5', untold), undefined);
  });

  test('CONNMARK: set, saved and restored by its masks', () => {
    const save = '-j CONNMARK --save-mark --nfmask 0xff --ctmask 0xf0';
    const restore = '-j CONNMARK --restore-mark --nfmask 0xf00 --ctmask 0xff';
    const set = '-j CONNMARK --set-xmark 0x5/0xf';
    assert.deepEqual(
      ends([save, '-m connmark --mark 0x12', '-j MARK --set-xmark 0x0/0xffffffff', restore], web, {
        mark: 0x312,
      }),
      ['ACCEPT 12'],
    );
    assert.deepEqual(ends([set, restore], web, { mark: 0xf00 }), ['ACCEPT 5']);
    assert.deepEqual(ends([set, restore], web, { mark: 0x1f00 }), ['ACCEPT 1005']);
    assert.deepEqual(ends([set, set.replace('0x5/0xf', '0x30/0xf0'), restore]), ['ACCEPT 35']);
  });
});

suite('prefixes of IPv6 (RFC 6296)', () => {
  const mapped = (address: string, from: string, to: string, kind: 'SNPT' | 'DNPT' = 'SNPT') => {
    const network = (text: string) => {
      const [head = '', length] = text.split('/');
      return { address: parseAddress(head)!, length: Number(length) };
    };
    const state = {
      header: { source: parseAddress(address)!, destination: parseAddress(address)! },
    };
    const target = { kind, from: network(from), to: network(to) } as Parameters<
      typeof prefixTarget
    >[0];
    const effect = prefixTarget(target, { state } as unknown as StatementContext);
    if (effect.kind === 'end') return 'dropped';
    const { source, destination } = state.header;
    return [source, destination].map(formatAddress).join(' > ');
  };

  test('of 48 bits and fewer the fourth word is adjusted: the example of the RFC', () => {
    const own = 'fd01:203:405:1::1234';
    assert.equal(
      mapped(own, 'fd01:203:405::/48', '2001:db8:1::/48'),
      `2001:db8:1:d550::1234 > ${own}`,
    );
    const back = '2001:db8:1:d550::1234';
    assert.equal(mapped(back, '2001:db8:1::/48', 'fd01:203:405::/48', 'DNPT'), `${back} > ${own}`);
  });

  test('of longer ones the first word behind them that is not all ones', () => {
    const own = 'fd00:0:0:1::5';
    assert.equal(mapped(own, 'fd00:0:0:1::/64', 'fd00:0:0:2::/64'), `fd00::2:fffe:0:0:5 > ${own}`);
    const ones = 'fd00:0:0:1:ffff:ffff:0:5';
    assert.equal(
      mapped(ones, 'fd00:0:0:1::/64', 'fd00:0:0:2::/64').split(' ')[0],
      'fd00::2:ffff:ffff:fffe:5',
    );
    const full = 'fd00:0:0:1:ffff:ffff:ffff:ffff';
    assert.equal(mapped(full, 'fd00:0:0:1::/64', 'fd00:0:0:2::/64'), 'dropped');
  });
});
