import assert from 'node:assert/strict';
import type { LineParser } from '../../../src/syntax/treeSitter';
import { testParser } from '../parser';
import { lowered, oneMatch } from './lowered';

const is = (value: unknown) => ({ value, negated: false });
const not = (value: unknown) => ({ value, negated: true });
const span = (from: number, to = from) => ({ from, to });

suite('matches of iptables, every option', () => {
  let parser: LineParser;
  suiteSetup(async () => (parser = await testParser()));

  const cases: Readonly<Record<string, readonly (readonly [string, object])[]>> = {
    'extension headers of IPv6': [
      [
        '-m ipv6header --header hop-by-hop,ipv6-opts,route,frag,auth,esp,none,proto --soft',
        {
          ...{ kind: 'ipv6header', soft: true, negated: false },
          headers: ['hop', 'dst', 'route', 'frag', 'auth', 'esp', 'none', 'proto'],
          text: '--header hop-by-hop,ipv6-opts,route,frag,auth,esp,none,proto --soft',
        },
      ],
      [
        '-m ipv6header ! --header AH',
        {
          kind: 'ipv6header',
          headers: ['auth'],
          soft: false,
          negated: true,
          text: '! --header AH',
        },
      ],
      [
        '-m frag --fragid 1:4 --fraglen 8 --fragfirst --fragres',
        {
          ...{ kind: 'frag', id: is(span(1, 4)), first: true, more: false, last: false },
          ...{ reserved: true, text: '--fragid 1:4 --fraglen 8 --fragfirst --fragres' },
        },
      ],
      [
        '-m frag --fragmore --fraglast',
        {
          ...{ kind: 'frag', first: false, more: true, last: true, reserved: false },
          text: '--fragmore --fraglast',
        },
      ],
      [
        '-m rt --rt-type 0 ! --rt-segsleft :3 --rt-len 8 --rt-0-res --rt-0-addrs fd00::1 --rt-0-not-strict',
        {
          ...{ kind: 'rt', type: is(0), segmentsLeft: not(span(0, 3)), length: is(8) },
          addresses: true,
          text: '--rt-type 0 ! --rt-segsleft :3 --rt-len 8 --rt-0-res --rt-0-addrs fd00::1 --rt-0-not-strict',
        },
      ],
      ['-m rt --rt-type 2', { kind: 'rt', type: is(2), addresses: false, text: '--rt-type 2' }],
      [
        '-m hbh --hbh-len 8 --hbh-opts 5,1:4',
        {
          ...{ kind: 'hbh', length: is(8), options: [{ type: 5 }, { type: 1, length: 4 }] },
          text: '--hbh-len 8 --hbh-opts 5,1:4',
        },
      ],
      ['-m dst ! --dst-len 8', { kind: 'dst', length: not(8), options: [], text: '! --dst-len 8' }],
      [
        '-m ah --ahspi 7 ! --ahlen 12 --ahres',
        { kind: 'ah', spi: is(span(7)), length: not(12), text: '--ahspi 7 ! --ahlen 12 --ahres' },
      ],
      [
        '-m esp ! --espspi 1:4294967295',
        { kind: 'esp', spi: not(span(1, 0xffffffff)), text: '! --espspi 1:4294967295' },
      ],
      ['-m mh --mh-type BRR', { kind: 'mh', type: is(span(0)), text: '--mh-type BRR' }],
      ['-m mh --mh-type be', { kind: 'mh', type: is(span(7)), text: '--mh-type be' }],
      ['-m mh --mh-type 3:255', { kind: 'mh', type: is(span(3, 255)), text: '--mh-type 3:255' }],
      ['-m eui64', { kind: 'eui64', text: '' }],
    ],
    'fields of the header': [
      ['-m tos --tos Minimize-Delay', { kind: 'tos', value: 0x10, mask: 0x3f, negated: false }],
      ['-m tos --tos normal-service', { kind: 'tos', value: 0, mask: 0x3f, negated: false }],
      ['-m tos ! --tos 0x08/0x3f', { kind: 'tos', value: 8, mask: 0x3f, negated: true }],
      ['-m tos --tos 0x08', { kind: 'tos', value: 8, mask: 0xff, negated: false }],
      ['-m ecn --ecn-ip-ect 2', { kind: 'tos', value: 2, mask: 3, negated: false }],
      ['-m ecn ! --ecn-tcp-cwr', { kind: 'unmodelled', name: 'ecn', text: '! --ecn-tcp-cwr' }],
      ['-m ecn ! --ecn-ip-ect 0', { kind: 'tos', value: 0, mask: 3, negated: true }],
      ['-m dscp --dscp 0x0a', { kind: 'dscp', value: 0x28, mask: 0xfc, negated: false }],
      ['-m dscp ! --dscp-class ef', { kind: 'dscp', value: 0xb8, mask: 0xfc, negated: true }],
      ['-m dscp --dscp-class BE', { kind: 'dscp', value: 0, mask: 0xfc, negated: false }],
      ['-m dscp --dscp-class CS7', { kind: 'dscp', value: 0xe0, mask: 0xfc, negated: false }],
      ['-m dscp --dscp-class AF43', { kind: 'dscp', value: 0x98, mask: 0xfc, negated: false }],
      ['-m ttl --ttl-eq 64', { kind: 'ttl', comparison: 'equal', value: 64, negated: false }],
      ['-m ttl ! --ttl-eq 64', { kind: 'ttl', comparison: 'equal', value: 64, negated: true }],
      ['-m ttl --ttl-lt 5', { kind: 'ttl', comparison: 'less', value: 5, negated: false }],
      ['-m hl --hl-gt 5', { kind: 'hl', comparison: 'greater', value: 5, negated: false }],
      ['-m length --length 100:', { kind: 'length', bytes: span(100, 0xffff), negated: false }],
      ['-m length ! --length 65535', { kind: 'length', bytes: span(0xffff), negated: true }],
      ['-m pkttype --pkt-type BROADCAST', { kind: 'pkttype', type: 'broadcast', negated: false }],
      ['-m helper --helper ftp', { kind: 'helper', name: 'ftp', negated: false }],
      ['-m helper ! --helper ftp-2121', { kind: 'helper', name: 'ftp-2121', negated: true }],
      [
        '-m devgroup --src-group 0x1/0xf ! --dst-group default',
        {
          kind: 'devgroup',
          source: is({ value: 1, mask: 0xf }),
          destination: not({ value: 0, mask: 0xffffffff }),
        },
      ],
      ['-m realm ! --realm 5/0xff', { kind: 'realm', value: 5, mask: 0xff, negated: true }],
      [
        '-m mac ! --mac-source 00:11:22:AA:BB:CC',
        { kind: 'mac', address: '00:11:22:aa:bb:cc', negated: true },
      ],
      [
        '-m physdev ! --physdev-in veth+ --physdev-out eth0 ! --physdev-is-in --physdev-is-out --physdev-is-bridged',
        {
          ...{ kind: 'physdev', in: not({ name: 'veth', wildcard: true }) },
          ...{ out: is({ name: 'eth0', wildcard: false }), isIn: not(true), isOut: is(true) },
          isBridged: is(true),
        },
      ],
      [
        '-m rpfilter --loose --accept-local',
        { kind: 'rpfilter', loose: true, validmark: false, acceptLocal: true, invert: false },
      ],
      [
        '-m rpfilter --validmark --invert',
        { kind: 'rpfilter', loose: false, validmark: true, acceptLocal: false, invert: true },
      ],
      ['-m comment', { kind: 'comment', text: '' }],
    ],
    ports: [
      [
        '-m tcp --source-port 1 --destination-port 2:3 --tcp-option 5',
        { kind: 'tcp', sport: is(span(1)), dport: is(span(2, 3)), unmodelled: '--tcp-option 5' },
      ],
      ['-m tcp ! --syn', { kind: 'tcp', flags: not({ mask: 0x17, set: 2 }) }],
      ['-m tcp --tcp-flags ALL URG,PSH', { kind: 'tcp', flags: is({ mask: 0x3f, set: 0x28 }) }],
      ['-m udp --sport 53', { kind: 'udp', sport: is(span(53)) }],
      [
        '-m sctp --dport 9 ! --chunk-types any INIT',
        { kind: 'sctp', dport: is(span(9)), unmodelled: '! --chunk-types any INIT' },
      ],
      [
        '-m dccp --dccp-types REQUEST --dccp-option 5',
        { kind: 'dccp', unmodelled: '--dccp-types REQUEST --dccp-option 5' },
      ],
      [
        '-m multiport --source-ports 1',
        { kind: 'multiport', side: 'source', ports: [span(1)], negated: false },
      ],
      [
        '-m multiport ! --ports 1,2:3',
        { kind: 'multiport', side: 'either', ports: [span(1), span(2, 3)], negated: true },
      ],
    ],
    'the state of a connection, and types of addresses': [
      ['-m state ! --state NEW', { kind: 'conntrack', states: not(['NEW']) }],
      [
        '-m conntrack --ctstatus NONE,ASSURED ! --ctproto 17 --ctexpire 5:10 --ctdir ORIGINAL',
        {
          ...{ kind: 'conntrack', statuses: is(['NONE', 'ASSURED']), protocol: not(17) },
          ...{ expire: is(span(5, 10)), direction: 'ORIGINAL' },
        },
      ],
      ['-m conntrack --ctexpire 4294967295', { kind: 'conntrack', expire: is(span(0xffffffff)) }],
      [
        '-m conntrack --ctorigsrc 10.0.0.1 ! --ctorigdst 10.0.0.0/8 --ctreplsrc 10.0.0.2 --ctrepldst 10.0.0.3',
        {
          ...{ kind: 'conntrack', originalSource: is('10.0.0.1/32') },
          ...{ originalDestination: not('10.0.0.0/8'), replySource: is('10.0.0.2/32') },
          replyDestination: is('10.0.0.3/32'),
        },
      ],
      [
        '-m conntrack --ctorigsrcport 1 --ctorigdstport 2 --ctreplsrcport 3 --ctrepldstport 4',
        {
          ...{ kind: 'conntrack', originalSourcePort: is(span(1)) },
          ...{ originalDestinationPort: is(span(2)), replySourcePort: is(span(3)) },
          replyDestinationPort: is(span(4)),
        },
      ],
      [
        '-m addrtype --dst-type UNICAST,MULTICAST --limit-iface-out',
        {
          ...{ kind: 'addrtype', destination: is(['UNICAST', 'MULTICAST']) },
          ...{ limitIn: false, limitOut: true },
        },
      ],
    ],
    'lists of addresses, owners, sockets': [
      [
        '-m set --match-set S src --return-nomatch --packets-gt 5 ! --bytes-eq 7 ! --update-counters',
        {
          ...{ kind: 'set', name: 'S', directions: ['src'], negated: false },
          ...{ returnNomatch: true, counterTests: '! --bytes-eq 7 --packets-gt 5' },
        },
      ],
      [
        '-m set ! --set S src,dst',
        { kind: 'set', name: 'S', directions: ['src', 'dst'], negated: true, returnNomatch: false },
      ],
      [
        '-m iprange --src-range 10.0.0.1-10.0.0.9 ! --dst-range 10.1.0.1',
        {
          ...{ kind: 'iprange', source: is({ from: '10.0.0.1', to: '10.0.0.9' }) },
          destination: not({ from: '10.1.0.1', to: '10.1.0.1' }),
        },
      ],
      [
        '-m ipvs ! --ipvs --vproto 6 --vaddr 10.96.0.1 --vport 80 --vdir REPLY ! --vmethod MASQ --vportctl 21',
        {
          ...{ kind: 'ipvs', ipvs: not(true), protocol: is(6), address: is('10.96.0.1/32') },
          ...{ port: is(80), direction: is('REPLY'), method: not('MASQ'), controlPort: is(21) },
        },
      ],
      ['-m nfacct --nfacct-name web', { kind: 'nfacct', name: 'web' }],
      [
        '-m owner ! --uid-owner 0-99 --gid-owner 5 ! --socket-exists --suppl-groups',
        {
          ...{ kind: 'owner', uid: not(span(0, 99)), gid: is(span(5)), socketExists: not(true) },
          supplementaryGroups: true,
        },
      ],
      [
        '-m socket --nowildcard --restore-skmark',
        { kind: 'socket', transparent: false, nowildcard: true, restoreMark: true },
      ],
    ],
    'what counts, remembers or throws dice': [
      ['-m limit', { kind: 'limit', text: '3/hour burst 5', burst: 5, above: false }],
      [
        '-m limit --limit 5/min --limit-burst 9',
        { kind: 'limit', text: '5/min burst 9', burst: 9, above: false },
      ],
      [
        '-m hashlimit --hashlimit-above 5/sec --hashlimit-name x',
        {
          kind: 'hashlimit',
          text: '--hashlimit-above 5/sec --hashlimit-name x',
          burst: 5,
          above: true,
        },
      ],
      ...(
        [
          ['--hashlimit 5/sec --hashlimit-burst 7 --hashlimit-name x', 7],
          ['--hashlimit-upto 512kb/s --hashlimit-burst 1mb --hashlimit-name x', undefined],
          ['--hashlimit-name x', 5],
        ] as const
      ).map(
        ([text, burst]) =>
          [
            `-m hashlimit ${text}`,
            { kind: 'hashlimit', text, above: false, ...(burst !== undefined && { burst }) },
          ] as const,
      ),
      [
        '-m hashlimit --hashlimit-upto 5/sec --hashlimit-name x',
        {
          kind: 'hashlimit',
          text: '--hashlimit-upto 5/sec --hashlimit-name x',
          burst: 5,
          above: false,
        },
      ],
      [
        '-m statistic --mode nth ! --every 2',
        { kind: 'statistic', mode: { every: 2, packet: 0 }, negated: true },
      ],
      [
        '-m statistic --mode random --probability 1',
        { kind: 'statistic', mode: { random: 1 }, negated: false },
      ],
      [
        '-m recent --set',
        {
          ...{ kind: 'recent', action: 'set', name: 'DEFAULT', side: 'source', reap: false },
          ...{ ttl: false, negated: false },
        },
      ],
      [
        '-m recent --update --hitcount 3 --rttl --rdest',
        {
          ...{ kind: 'recent', action: 'update', name: 'DEFAULT', side: 'destination' },
          ...{ hitcount: 3, reap: false, ttl: true, negated: false },
        },
      ],
    ],
    'types of ICMP': [
      ['-m icmp --icmp-type 3/13', { kind: 'icmp', type: 3, codes: span(13), negated: false }],
      ['-m icmp --icmp-type any', { kind: 'icmp', type: 255, codes: span(0, 255), negated: false }],
      ['-m icmp --icmp-type 255', { kind: 'icmp', type: 255, codes: span(0, 255), negated: false }],
      ['-m icmp --icmp-type Ping', { kind: 'icmp', type: 8, codes: span(0, 255), negated: false }],
      [
        '-m icmp6 --icmpv6-type packet-too-big',
        { kind: 'icmp6', type: 2, codes: span(0, 255), negated: false },
      ],
      [
        '-m icmp6 ! --icmpv6-type 1/255',
        { kind: 'icmp6', type: 1, codes: span(255), negated: true },
      ],
    ],
  };
  for (const [name, list] of Object.entries(cases)) {
    test(name, () => {
      for (const [rule, match] of list) assert.deepEqual(oneMatch(parser, rule, 4), match, rule);
    });
  }

  test('what cannot be read of a match is said, and what is missing', () => {
    for (const [rule, code] of [
      ['-m ipv6header --header what', 'unreadable-value'],
      ['-m ipv6header --soft', 'incomplete-match'],
      ['-m frag --fragid x', 'unreadable-value'],
      ['-m hbh --hbh-opts 1:2:3', 'unreadable-value'],
      ['-m hbh --hbh-opts 1:', 'unreadable-value'],
      ['-m hbh --hbh-opts x', 'unreadable-value'],
      ['-m mh --mh-type 256', 'unreadable-value'],
      ['-m dscp', 'incomplete-match'],
      ['-m dscp --dscp-class AF44', 'unreadable-value'],
      ['-m dscp --dscp-class CS8', 'unreadable-value'],
      ['-m ttl', 'incomplete-match'],
      ['-m length', 'incomplete-match'],
      ['-m length --length 65536', 'unreadable-value'],
      ['-m pkttype --pkt-type other', 'unreadable-value'],
      ['-m mac --mac-source 00:11:22', 'unreadable-value'],
      ['-m mac --mac-source 00:11:22:33:44:55:66', 'unreadable-value'],
      ['-m mac --mac-source xx00:11:22:33:44:55', 'unreadable-value'],
      ['-m dscp --dscp-class XCS1', 'unreadable-value'],
      ['-m dscp --dscp-class CS10', 'unreadable-value'],
      ['-m dscp --dscp-class AF111', 'unreadable-value'],
      ['-m dscp --dscp-class XAF11', 'unreadable-value'],
      ['-m devgroup --src-group what', 'unreadable-value'],
      ['-m realm', 'incomplete-match'],
      ['-m realm --realm what', 'unreadable-value'],
      ['-m helper', 'incomplete-match'],
      ['-m conntrack --ctdir UP', 'unreadable-value'],
      ['-m tcp --tcp-flags SYN', 'unreadable-value'],
      ['-m tcp --tcp-flags SYN WHAT', 'unreadable-value'],
      ['-m tcp --tcp-flags WHAT SYN', 'unreadable-value'],
      ['-m multiport', 'incomplete-match'],
      ['-m multiport --dports 1,x', 'unreadable-value'],
      ['-m state', 'incomplete-match'],
      ['-m addrtype --dst-type WHAT', 'unreadable-value'],
      ['-m set --match-set S', 'unreadable-value'],
      ['-m set --match-set S up', 'unreadable-value'],
      ['-m set', 'incomplete-match'],
      ['-m iprange --src-range 10.0.0.1-fd00::1', 'unreadable-value'],
      ['-m owner --uid-owner root', 'unreadable-value'],
      ['-m nfacct', 'incomplete-match'],
      ['-m statistic --mode random --probability 1.5', 'unreadable-value'],
      ['-m statistic --mode nth', 'incomplete-match'],
      ['-m statistic --mode nth --every 0', 'incomplete-match'],
      ['-m statistic --mode other --every 2', 'incomplete-match'],
      ['-m recent --name x', 'incomplete-match'],
      ['-m icmp --icmp-type 256', 'unreadable-value'],
      ['-m icmp --icmp-type 3/256', 'unreadable-value'],
      ['-m icmp --icmp-type 3/1/1', 'unreadable-value'],
      ['-m mark', 'incomplete-match'],
      ['-m socket ! --transparent', 'unreadable-value'],
      ['-m rpfilter --loose 3', 'unreadable-value'],
    ] as const) {
      const { matches, findings } = lowered(parser, rule);
      assert.deepEqual([...new Set(findings)], [code], rule);
      assert.deepEqual(
        matches.map((match) => (match as { kind: string }).kind),
        ['unmodelled'],
        rule,
      );
    }
  });

  test('of an option that is written twice the last one counts, and none is left over', () => {
    assert.deepEqual(oneMatch(parser, '-m mark --mark 1 ! --mark 2'), {
      ...{ kind: 'mark', value: 2, mask: 0xffffffff, negated: true },
    });
  });
});
