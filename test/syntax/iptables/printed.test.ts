import assert from 'node:assert/strict';
import { addressKey, parseAddress } from '../../../src/core/address';
import { finish } from '../../../src/core/work';
import { exactDestination } from '../../../src/syntax/iptables/ruleset/exactDestination';
import { readRuleCounters, ruleText } from '../../../src/syntax/iptables/ruleset/ruleCounters';
import { rulesetsOfText } from '../../../src/syntax/iptables/ruleset/ruleset';
import { textLines } from '../../../src/syntax/textLines';
import type { LineParser } from '../../../src/syntax/treeSitter';
import { testParser } from '../parser';
import { plain } from '../plain';
import { lowered, oneMatch, oneTarget } from './lowered';

suite('what iptables -L prints means what iptables-save does', () => {
  let parser: LineParser;
  suiteSetup(async () => (parser = await testParser()));

  /** A row of a chain with a target, behind whose columns these words stand. */
  function row(words: string, target = 'ACCEPT') {
    const columns = `    0     0 ${target}     0    --  *      *       0.0.0.0/0            0.0.0.0/0            `;
    const [ruleset] = rulesetsOfText(
      'dump',
      `Chain X (0 references)\n${columns}${words}\n`,
      parser,
    );
    const [table] = ruleset!.tables.values();
    const rule = table!.chains.get('X')!.rule(0);
    return {
      matches: plain(rule.matches) as readonly { kind: string }[],
      target: plain(rule.target) as { kind: string },
    };
  }

  test('matches', () => {
    for (const [printed, saved] of [
      ['tcp spt:80', '-m tcp --sport 80'],
      ['tcp spts:!1:5 dpt:!80', '-m tcp ! --sport 1:5 ! --dport 80'],
      ['tcp dpt:22 flags:0x17/0x02', '-m tcp --dport 22 --tcp-flags FIN,SYN,RST,ACK SYN'],
      ['tcp flags:!0x17/0x02', '-m tcp ! --syn'],
      ['tcp flags: 0x3f/0x00', '-m tcp --tcp-flags ALL NONE'],
      ['tcp dpt:22flags: 0x17/0x02', '-m tcp --dport 22 --syn'],
      ['udp dpts:1:5', '-m udp --dport 1:5'],
      ['icmptype 3 code 4', '-m icmp --icmp-type 3/4'],
      ['icmptype 8', '-m icmp --icmp-type 8'],
      ['icmp !type 8', '-m icmp ! --icmp-type 8'],
      ['icmp echo-request', '-m icmp --icmp-type echo-request'],
      ['icmp !echo-request', '-m icmp ! --icmp-type echo-request'],
      ['ipv6-icmptype 128', '-m icmp6 --icmpv6-type 128'],
      ['multiport dports 80,443', '-m multiport --dports 80,443'],
      ['multiport sports  !80:90', '-m multiport ! --sports 80:90'],
      ['multiport ports 80', '-m multiport --ports 80'],
      ['mark match 0x1', '-m mark --mark 0x1'],
      ['mark match ! 0x1/0x3', '-m mark ! --mark 0x1/0x3'],
      ['mark match !0x1', '-m mark ! --mark 0x1'],
      ['connmark match  0x2', '-m connmark --mark 0x2'],
      ['state NEW', '-m state --state NEW'],
      ['! ctstate RELATED,ESTABLISHED', '-m conntrack ! --ctstate RELATED,ESTABLISHED'],
      [
        'ctstate NEW ! ctproto 6 ctdir REPLY',
        '-m conntrack --ctstate NEW ! --ctproto 6 --ctdir REPLY',
      ],
      [
        'ctorigdst 10.0.0.1 ctorigdstport 80',
        '-m conntrack --ctorigdst 10.0.0.1 --ctorigdstport 80',
      ],
      ['ADDRTYPE match dst-type LOCAL', '-m addrtype --dst-type LOCAL'],
      [
        'ADDRTYPE match src-type !LOCAL limit-in',
        '-m addrtype ! --src-type LOCAL --limit-iface-in',
      ],
      ['ADDRTYPE match limit-out', '-m addrtype --limit-iface-out'],
      ['match-set S dst,src', '-m set --match-set S dst,src'],
      ['! match-set S dst return-nomatch', '-m set ! --match-set S dst --return-nomatch'],
      ['statistic mode random probability 0.5', '-m statistic --mode random --probability 0.5'],
      ['statistic mode random ! probability 0.5', '-m statistic --mode random ! --probability 0.5'],
      ['statistic mode nth every 3 packet 1', '-m statistic --mode nth --every 3 --packet 1'],
      ['statistic mode nth every 3', '-m statistic --mode nth --every 3'],
      [
        'recent: SET name: A side: source mask: 255.255.255.255',
        '-m recent --set --name A --mask 255.255.255.255',
      ],
      [
        '! recent: CHECK seconds: 9 reap hit_count: 4 TTL-Match name: A side: dest',
        '-m recent ! --rcheck --seconds 9 --reap --hitcount 4 --rttl --name A --rdest',
      ],
      ['recent: UPDATE name: A side: source', '-m recent --update --name A'],
      ['recent: REMOVE name: A side: source', '-m recent --remove --name A'],
      ['limit: avg 10/min burst 7', '-m limit --limit 10/min --limit-burst 7'],
      [
        'PHYSDEV match --physdev-in veth+ ! --physdev-is-bridged',
        '-m physdev --physdev-in veth+ ! --physdev-is-bridged',
      ],
      [
        'PHYSDEV match ! --physdev-is-in ! --physdev-out eth0',
        '-m physdev ! --physdev-is-in ! --physdev-out eth0',
      ],
      ['TTL match TTL == 64', '-m ttl --ttl-eq 64'],
      ['TTL match TTL != 64', '-m ttl ! --ttl-eq 64'],
      ['TTL match TTL < 64', '-m ttl --ttl-lt 64'],
      ['HL match HL > 64', '-m hl --hl-gt 64'],
      ['PKTTYPE = unicast', '-m pkttype --pkt-type unicast'],
      ['PKTTYPE != multicast', '-m pkttype ! --pkt-type multicast'],
      ['length 1:5', '-m length --length 1:5'],
      ['length !5', '-m length ! --length 5'],
      ['MAC 00:11:22:AA:BB:CC', '-m mac --mac-source 00:11:22:AA:BB:CC'],
      ['MAC !00:11:22:AA:BB:CC', '-m mac ! --mac-source 00:11:22:AA:BB:CC'],
      ['nfacct-name  web', '-m nfacct --nfacct-name web'],
      ['rpfilter loose invert', '-m rpfilter --loose --invert'],
      ['rpfilter validmark accept-local', '-m rpfilter --validmark --accept-local'],
      ['socket --transparent', '-m socket --transparent'],
      ['socket --nowildcard --restore-skmark', '-m socket --nowildcard --restore-skmark'],
      ['source IP range 10.0.0.1-10.0.0.9', '-m iprange --src-range 10.0.0.1-10.0.0.9'],
      ['destination IP range ! 10.0.0.1-10.0.0.9', '-m iprange ! --dst-range 10.0.0.1-10.0.0.9'],
      ['owner UID match 0', '-m owner --uid-owner 0'],
      ['! owner GID match 5', '-m owner ! --gid-owner 5'],
      ['! owner socket exists', '-m owner ! --socket-exists'],
      [
        'ipvs vproto 6 vaddr 10.96.0.1 vport 80 vdir ORIGINAL',
        '-m ipvs --ipvs --vproto 6 --vaddr 10.96.0.1 --vport 80 --vdir ORIGINAL',
      ],
      ['/* a b */', '-m comment --comment "a b"'],
      ['/* a */b */', '-m comment --comment "a */b"'],
    ] as const) {
      const { matches, target } = row(printed);
      assert.deepEqual(matches, [oneMatch(parser, saved)], printed);
      assert.equal(target.kind, 'ACCEPT', printed);
    }
  });

  test('several matches, one behind the other', () => {
    const { matches } = row(
      '/* web */ tcp dpt:80 ctstate NEW mark match 0x1 statistic mode random probability 0.5',
    );
    const saved =
      '-m comment --comment web -m tcp --dport 80 -m conntrack --ctstate NEW -m mark --mark 1 -m statistic --mode random --probability 0.5';
    assert.deepEqual(matches, lowered(parser, saved).matches);
    assert.deepEqual(
      row('ctstate NEW ctstate DNAT').matches.map(({ kind }) => kind),
      ['conntrack', 'conntrack'],
    );
  });

  test('hashlimit as it is printed, with its options in their order', () => {
    for (const [printed, expected] of [
      ['limit: up to 10/sec burst 5', { text: 'up to 10/sec burst 5', burst: 5, above: false }],
      [
        'limit: above 10/min burst 7 mode srcip-dstport srcmask 24 dstmask 16 htable-size 9 htable-max 5',
        {
          text: 'above 10/min burst 7 mode srcip-dstport srcmask 24 dstmask 16 htable-size 9 htable-max 5',
          ...{ burst: 7, above: true },
        },
      ],
      ['limit: above 10/min', { text: 'above 10/min', above: true }],
    ] as const) {
      assert.deepEqual(row(printed).matches, [{ kind: 'hashlimit', ...expected }], printed);
    }
  });

  test('comments: any of them, at the columns’ end or behind other matches', () => {
    const texts = (printed: string) =>
      row(printed).matches.map((match) =>
        'text' in match ? `${match.kind} ${String(match.text)}` : match.kind,
      );
    for (const [printed, ...expected] of [
      ['/* a */ /* b */', 'comment a', 'comment b'],
      ['/**/', 'comment '],
      ['/*/*/', 'comment /'],
      ['/*a*/ tcp dpt:80', 'comment a', 'tcp'],
      ['tcp dpt:80 /* a  b */', 'tcp', 'comment a  b'],
      ['/* a */b */ ctstate NEW', 'comment a */b', 'conntrack'],
      // Without an end it is no comment, and nothing behind it is sure.
      ['/* a b', 'unmodelled /* a b'],
      ['/* a*/b', 'unmodelled /* a*/b'],
      ['/* a /* b */', 'comment a /* b'],
      ['x/* a */', 'unmodelled x/* a */'],
    ] as const) {
      assert.deepEqual(texts(printed), expected, printed);
    }
  });

  test('ports and flags of each protocol', () => {
    const matches = (printed: string) => row(printed).matches;
    const ports = (from: number, to = from, negated = false) => ({ value: { from, to }, negated });
    for (const [printed, expected] of [
      ['tcp', { kind: 'tcp' }],
      ['udp flags:0x17/0x02', { kind: 'udp' }],
      ['tcp option=5', { kind: 'tcp', unmodelled: 'option=5' }],
      ['tcp option=!5 spt:1', { kind: 'tcp', sport: ports(1), unmodelled: 'option=!5' }],
      ['dccp spts:1:5 dpt:!9', { kind: 'dccp', sport: ports(1, 5), dport: ports(9, 9, true) }],
      ['sctp all DATA,INIT', { kind: 'sctp', unmodelled: 'all DATA,INIT' }],
      ['sctp dpt:80 only DATA', { kind: 'sctp', dport: ports(80), unmodelled: 'only DATA' }],
      [
        'tcp dpt:22flags: FIN,SYN/SYN',
        { kind: 'tcp', dport: ports(22), flags: { value: { mask: 3, set: 2 }, negated: false } },
      ],
    ] as const) {
      assert.deepEqual(matches(printed), [expected], printed);
    }
    for (const [printed, ...kinds] of [
      ['tcp any DATA', 'tcp', 'unmodelled'],
      ['sctp many DATA', 'sctp', 'unmodelled'],
      ['sctp anyone DATA', 'sctp', 'unmodelled'],
      ['tcp xdpt:80', 'tcp', 'unmodelled'],
      ['tcp dpt:22flags: 0x17', 'unmodelled'],
      ['tcp dpt:22flags: x/0x17', 'unmodelled'],
      ['tcp flags: x/0x17', 'unmodelled'],
      ['multiport dports 80,x', 'unmodelled'],
      ['statistic mode other every 3', 'unmodelled'],
      ['recent: SET side: source', 'unmodelled'],
      ['recent: WHAT name: A side: source', 'unmodelled'],
      ['limit: down to 5/min', 'unmodelled'],
      ['limit: up 5/min', 'unmodelled'],
      ['tos xmatch0x10', 'unmodelled'],
      ['tos match', 'unmodelled'],
    ] as const) {
      assert.deepEqual(
        matches(printed).map(({ kind }) => kind),
        kinds,
        printed,
      );
    }
  });

  test('targets', () => {
    for (const [name, printed, saved] of [
      ['DNAT', 'to:10.0.0.1:80', '--to-destination 10.0.0.1:80'],
      [
        'DNAT',
        'to:10.0.0.1-10.0.0.9 random persistent',
        '--to-destination 10.0.0.1-10.0.0.9 --random --persistent',
      ],
      ['SNAT', 'to:10.0.0.1 random-fully', '--to-source 10.0.0.1 --random-fully'],
      ['MASQUERADE', '', ''],
      ['MASQUERADE', 'random-fully', '--random-fully'],
      ['MASQUERADE', 'masq ports: 1024-2000', '--to-ports 1024-2000'],
      ['REDIRECT', 'redir ports 80', '--to-ports 80'],
      ['NETMAP', 'to:10.1.0.0/16', '--to 10.1.0.0/16'],
      ['REJECT', 'reject-with icmp-port-unreachable', '--reject-with icmp-port-unreachable'],
      ['MARK', 'MARK set 0x1', '--set-mark 0x1'],
      ['MARK', 'MARK xset 0x1/0x3', '--set-xmark 0x1/0x3'],
      ['MARK', 'MARK or 0x4000', '--or-mark 0x4000'],
      ['MARK', 'MARK and 0xff', '--and-mark 0xff'],
      ['MARK', 'MARK xor 0x4', '--xor-mark 0x4'],
      ['CONNMARK', 'CONNMARK save', '--save-mark'],
      ['CONNMARK', 'CONNMARK restore mask 0xff', '--restore-mark --mask 0xff'],
      ['CONNMARK', 'CONNMARK save nfmask 0x1 ctmask ~0x2', '--save-mark --nfmask 0x1 --ctmask 0x2'],
      ['CONNMARK', 'CONNMARK save ctmask 0x2 nfmask 0x1', '--save-mark --nfmask 0x1 --ctmask 0x2'],
      ['CONNMARK', 'CONNMARK xset 0x1/0x3', '--set-xmark 0x1/0x3'],
      [
        'TPROXY',
        'TPROXY redirect 127.0.0.1:15001 mark 0x1/0x3',
        '--on-ip 127.0.0.1 --on-port 15001 --tproxy-mark 0x1/0x3',
      ],
      ['TPROXY', 'TPROXY redirect 0.0.0.0:80', '--on-port 80'],
      // As ip6tables 1.8.9 prints them, without brackets.
      [
        'TPROXY',
        'TPROXY redirect ::1:80 mark 0x1/0x1',
        '--on-port 80 --on-ip ::1 --tproxy-mark 0x1/0x1',
      ],
      ['TPROXY', 'TPROXY redirect :::80 mark 0x0/0x0', '--on-port 80 --on-ip ::'],
      ['TPROXY', 'TPROXY redirect 0.0.0.1:80', '--on-port 80 --on-ip 0.0.0.1'],
      ['CT', 'NOTRACK', '--notrack'],
      ['NOTRACK', '', ''],
      ['TRACE', '', ''],
    ] as const) {
      const meant = (target: unknown) => ({ ...(target as object), text: undefined });
      const { matches, target } = row(printed, name);
      assert.deepEqual(
        meant(target),
        meant(oneTarget(parser, `-j ${name} ${saved}`)),
        `${name} ${printed}`,
      );
      assert.deepEqual(matches, [], `${name} ${printed}`);
    }
    for (const [name, printed, expected] of [
      ['LOG', 'LOG flags 0 level 4', { kind: 'LOG', text: 'LOG flags 0 level 4' }],
      ['NFLOG', 'nflog-group 1', { kind: 'NFLOG', text: 'nflog-group 1' }],
      ['TCPMSS', 'TCPMSS clamp to PMTU', { kind: 'TCPMSS', text: 'TCPMSS clamp to PMTU' }],
      ['CT', 'CT zone 5', { kind: 'CT', notrack: false, zone: { id: 5 }, text: 'zone 5' }],
      ['CT', 'CT notrack', { kind: 'CT', notrack: true, text: '' }],
      ['NFQUEUE', 'NFQUEUE num 3 bypass', { kind: 'NFQUEUE', bypass: true, text: 'num 3 bypass' }],
      ['NFQUEUE', 'NFQUEUE num 3', { kind: 'NFQUEUE', bypass: false, text: 'num 3' }],
      [
        'SET',
        'add-set S src exist',
        { kind: 'SET', operation: 'add', set: 'S', directions: ['src'], text: 'exist' },
      ],
      ['NOTRACK', 'NOTRACK', { kind: 'CT', notrack: true, text: '' }],
      ['TTL', 'TTL set to 64', { kind: 'TTL', text: 'TTL set to 64' }],
      ['HL', 'HL decrement by 1', { kind: 'HL', text: 'HL decrement by 1' }],
      ['TOS', 'TOS set 0x10/0x3f', { kind: 'TOS', text: 'TOS set 0x10/0x3f' }],
      ...(
        [
          ['IDLETIMER', 'timeout:60 label:x'],
          ['LED', 'led-trigger-id:"x"'],
          ['RATEEST', 'name x interval 1'],
          ['CLASSIFY', 'CLASSIFY set 1:10'],
        ] as const
      ).map(([name, text]) => [name, text, { kind: 'unmodelled-target', name, text }] as const),
      ['HMARK', 'HMARK mod 5', { kind: 'unmodelled-target', name: 'HMARK', text: 'HMARK mod 5' }],
    ] as const) {
      assert.deepEqual(row(printed, name), { matches: [], target: expected }, printed);
    }
  });

  test('what cannot be read is one unknown match, or leaves the target unknown', () => {
    for (const printed of [
      ...['tcp spt:x', 'tcp flags:0x17', 'icmptype x', 'icmptype 3 code 300', 'icmp what'],
      ...['multiport what 80', 'multiport dports x', 'mark 0x1', 'mark match x', 'state WHAT'],
      ...['ADDRTYPE dst-type LOCAL', 'match-set S up', 'statistic random', 'statistic mode random'],
      ...[
        'statistic mode nth',
        'statistic mode nth every 0',
        'statistic mode nth every 3 packet x',
      ],
      ...[
        'recent: WHAT',
        'recent: SET name: A',
        'recent: SET name: A side: up',
        'limit: what 5/min',
      ],
      ...['limit: up 5/min', 'PHYSDEV --physdev-in x', 'TTL match HL == 5', 'TTL match TTL == x'],
      ...['PKTTYPE unicast', 'PKTTYPE = what', 'PKTTYPE ? unicast', 'length x', 'tos 0x10'],
      ...[
        'DSCP 0x10',
        'DSCP match x',
        'ctstate WHAT',
        'source IP 10.0.0.1',
        'owner UID match root',
      ],
    ]) {
      assert.deepEqual(
        row(printed).matches.map(({ kind }) => kind),
        ['unmodelled'],
        printed,
      );
    }
    for (const [name, printed] of [
      ['DNAT', 'to:x'],
      ['DNAT', ''],
      ['MARK', 'MARK what 0x1'],
      ['MARK', 'MARK set x'],
      ['CONNMARK', 'CONNMARK what'],
      ['NETMAP', 'to:x'],
      ['TPROXY', 'TPROXY redirect 127.0.0.1'],
      ['TPROXY', 'TPROXY redirect x mark y'],
      ['SET', 'what-set S src'],
      ['SET', 'add-set S up'],
      ['SET', 'xadd-set S src'],
      ['SET', 'add-setx S src'],
      ['NETMAP', 'xto:10.0.0.0/8'],
      ['NETMAP', 'to:'],
      ['DNAT', 'random'],
      ['DNAT', 'to:10.0.0.1 xrandom'],
      ['DNAT', 'to:10.0.0.1 randomx'],
      ['MASQUERADE', 'what'],
      ['MASQUERADE', 'randomly'],
      ['NOTRACK', 'what'],
      ['TPROXY', 'TPROXY redirect :x'],
      ['TPROXY', 'TPROXY redirect :80'],
      ['TPROXY', 'TPROXY redirect ::1'],
      ['TPROXY', 'TPROXY redirect x:80'],
      ['TPROXY', 'TPROXY redirect 127.0.0.1:80 mark 0x1/0x3 more'],
      ['LOG', 'LOG what 4'],
      ['LOG', 'what flags 4'],
      ['TTL', 'TTL put 64'],
      ['REJECT', ''],
      ['LOG', ''],
    ] as const) {
      assert.equal(row(printed, name).target.kind, 'unmodelled-target', `${name} ${printed}`);
    }
  });
});

suite('single lines of iptables-save, without a parser', () => {
  test('the one address that a rule asks for', () => {
    const key = (address: string) => addressKey(parseAddress(address)!);
    for (const [rule, address] of [
      ['-A X -d 10.96.0.1/32 -j ACCEPT', '10.96.0.1'],
      ['-A X -d 10.96.0.1', '10.96.0.1'],
      ['[5:300] -A X -d 10.96.0.1/32 -j ACCEPT', '10.96.0.1'],
      ['-A X -s 10.0.0.0/8 -d 10.96.0.1/32 -j ACCEPT', '10.96.0.1'],
      ['-A X ! -s 10.0.0.0/8 -d 10.96.0.1/32 -j ACCEPT', '10.96.0.1'],
      ['-A X -d fd00::1/128 -j ACCEPT', 'fd00::1'],
      ['-A X -d 255.255.255.255/32 -j ACCEPT', '255.255.255.255'],
      ['-A X ! -d 10.96.0.1/32 -j ACCEPT', undefined],
      ['-A X -d 10.96.0.0/16 -j ACCEPT', undefined],
      ['-A X -d 10.96.0.256 -j ACCEPT', undefined],
      ['-A X -d fd00::/64 -j ACCEPT', undefined],
      ['-A X -d host -j ACCEPT', undefined],
      ['-A X -p tcp -d 10.96.0.1/32 -j ACCEPT', undefined],
      ['-A X -j ACCEPT', undefined],
    ] as const) {
      assert.equal(exactDestination(rule), address && key(address), rule);
    }
  });

  test('what rules counted, of the chains that are asked for', () => {
    const text = [
      '# Generated by iptables-save v1.8.9 on Sat Nov 21 13:42:24 2026',
      '*nat',
      '[1:60] -A X -j ACCEPT',
      '[2:120] -A X -j DROP ',
      '[3:180] -A X -j DROP',
      '[4:240] -A Y -j DROP',
      '*filter',
      '[5:300] -A X -j ACCEPT',
      '-A X -j RETURN',
      '# Generated by iptables-save v1.8.9 on Sat Nov 21 14:42:24 2026',
    ].join('\n');
    const { captured, chains } = finish(readRuleCounters(textLines(text), new Set(['nat X'])));
    assert.equal(captured, '2026-11-21T13:42:24');
    assert.deepEqual(
      [...chains].map(([name, rules]) => [name, ...rules]),
      [['nat X', ['-A X -j ACCEPT', { packets: 1, bytes: 60 }], ['-A X -j DROP', 'several']]],
    );
    assert.equal(ruleText('[1:60] -A X -j ACCEPT \r'), '-A X -j ACCEPT');
    assert.equal(ruleText('-A X'), '-A X');
    assert.equal(ruleText('[12:345] -A X'), '-A X');
    assert.equal(ruleText(':X - [0:0]'), undefined);
    assert.equal(ruleText('x -A X'), undefined);
  });
});
