import assert from 'node:assert/strict';
import { tcpFlagBits, type Packet } from '../../../../src/core/packet';
import { leaves } from '../../../../src/core/trace/leaves';
import { traceFlow } from '../../../../src/core/trace/tracer';
import { node, packet } from '../helper';
import type { Dumps } from '../helper';

type Answer = 'yes' | 'no' | 'open';

/** What a match says of a packet, in the chain of mangle that a rule with it stands in. */
function answer(match: string, of: Packet, chain = 'PREROUTING', table = 'mangle'): Answer {
  const rules = `*${table}\n:${chain} ACCEPT\n-A ${chain} ${match} -j MARK --set-xmark 0x1/0x1\n`;
  const marks = leaves(traceFlow(node({ rules }), of).path).map(({ verdict }) => verdict.finalMark);
  if (new Set(marks).size > 1) return 'open';
  return marks[0] === 1 ? 'yes' : 'no';
}

/** A test of each match with its answer. */
function table(
  title: string,
  of: Packet,
  rows: Readonly<Record<string, Answer>>,
  chain?: string,
): void {
  test(title, () => {
    const found = Object.keys(rows).map((match) => [match, answer(match, of, chain)]);
    assert.deepEqual(Object.fromEntries(found), rows);
  });
}

const { SYN, ACK } = tcpFlagBits;
const web = packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0');
const own = packet('tcp 192.168.50.10:40000 > 8.8.8.8:80');

suite('matches of the head', () => {
  table('protocol, addresses, devices', web, {
    '-p tcp': 'yes',
    '! -p tcp': 'no',
    '-p udp': 'no',
    '! -p udp': 'yes',
    '-s 10.244.1.0/24': 'yes',
    '! -s 10.244.1.0/24': 'no',
    '-d 10.244.1.0/24': 'no',
    '-d 8.8.8.8/32': 'yes',
    '-i cni0': 'yes',
    '-i cni+': 'yes',
    '-i cni': 'no',
    '-i eth+': 'no',
    '! -i cni0': 'no',
    '! -i eth0': 'yes',
    '-m comment --comment "any"': 'yes',
  });

  table(
    'devices after the route',
    web,
    { '-o eth0': 'yes', '-o eth+': 'yes', '-o cni0': 'no' },
    'POSTROUTING',
  );

  table('ports of tcp, both ends of a range among them', web, {
    '-p tcp -m tcp --sport 40000': 'yes',
    '-p tcp -m tcp --sport 39999:40000': 'yes',
    '-p tcp -m tcp --sport 40000:40001': 'yes',
    '-p tcp -m tcp --sport 40001:40002': 'no',
    '-p tcp -m tcp --sport 1:39999': 'no',
    '-p tcp -m tcp ! --sport 40000': 'no',
    '-p tcp -m tcp --dport 79:80': 'yes',
    '-p tcp -m tcp --dport 80:81': 'yes',
    '-p tcp -m tcp --dport 81:90': 'no',
    '-p tcp -m tcp --dport 1:79': 'no',
    '-p tcp -m tcp ! --dport 80': 'no',
    '-p tcp -m tcp ! --dport 81': 'yes',
    '-p tcp -m tcp --sport 40000 --dport 81': 'no',
    '-p tcp -m tcp --sport 1 --dport 80': 'no',
    // What is not modelled is open, but for what is surely not.
    '-p tcp -m tcp --tcp-option 8': 'open',
    '-p tcp -m tcp --dport 81 --tcp-option 8': 'no',
  });

  table(
    'flags',
    { ...web, flags: SYN | ACK },
    {
      '-p tcp -m tcp --tcp-flags SYN,ACK SYN,ACK': 'yes',
      '-p tcp -m tcp --tcp-flags SYN,ACK SYN': 'no',
      '-p tcp -m tcp --tcp-flags SYN SYN': 'yes',
      '-p tcp -m tcp ! --tcp-flags SYN SYN': 'no',
      '-p tcp -m tcp ! --tcp-flags FIN FIN': 'yes',
      '-p tcp -m tcp --dport 81 --tcp-flags SYN SYN': 'no',
    },
  );

  table('a first packet of tcp is a SYN where none are told', web, {
    '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN': 'yes',
    '-p tcp -m tcp --tcp-flags ACK ACK': 'no',
  });

  table('a whole packet is none', web, { '-f': 'no', '! -f': 'yes' });

  table('multiport: any of the ports, of the side that it names', web, {
    '-p tcp -m multiport --dports 22,80': 'yes',
    '-p tcp -m multiport --dports 22,81': 'no',
    '-p tcp -m multiport --dports 22,79:80': 'yes',
    '-p tcp -m multiport --dports 80:81': 'yes',
    '-p tcp -m multiport --dports 40000': 'no',
    '-p tcp -m multiport --sports 40000': 'yes',
    '-p tcp -m multiport --sports 80': 'no',
    '-p tcp -m multiport --ports 22,80': 'yes',
    '-p tcp -m multiport --ports 40000': 'yes',
    '-p tcp -m multiport --ports 22': 'no',
    '-p tcp -m multiport ! --dports 80': 'no',
    '-p tcp -m multiport ! --dports 22': 'yes',
  });

  const echo = { ...packet('icmp 10.244.1.7 > 8.8.8.8 cni0'), icmpType: 8 };
  table('icmp: a type with any code or one', echo, {
    '-p icmp -m icmp --icmp-type 8': 'yes',
    '-p icmp -m icmp --icmp-type 8/0': 'yes',
    '-p icmp -m icmp --icmp-type 8/1': 'no',
    '-p icmp -m icmp --icmp-type 0': 'no',
    '-p icmp -m icmp ! --icmp-type 8': 'no',
    '-p icmp -m icmp ! --icmp-type 0': 'yes',
    '-p icmp -m icmp --icmp-type any': 'yes',
  });
  table(
    'multiport of a later fragment',
    { ...web, fragment: true },
    {
      '-p tcp -m multiport --dports 80': 'no',
      '-p tcp -m multiport ! --dports 22': 'no',
    },
  );

  // icmp_match: neither of another protocol, nor of a fragment, which has no type; `!` or not.
  const untyped = { '-m icmp --icmp-type 8': 'no', '-m icmp ! --icmp-type 0': 'no' } as const;
  table('icmp of another protocol', web, untyped);
  table('icmp of a later fragment', { ...echo, fragment: true }, untyped);
  table('iprange: both ends belong to it', web, {
    '-m iprange --src-range 10.244.1.7-10.244.1.9': 'yes',
    '-m iprange --src-range 10.244.1.5-10.244.1.7': 'yes',
    '-m iprange --src-range 10.244.1.8-10.244.1.9': 'no',
    '-m iprange --src-range 10.244.1.5-10.244.1.6': 'no',
    '-m iprange ! --src-range 10.244.1.7-10.244.1.9': 'no',
    '-m iprange --dst-range 8.8.8.8-8.8.8.8': 'yes',
    '-m iprange --dst-range 10.244.1.7-10.244.1.9': 'no',
    '-m iprange ! --dst-range 8.8.8.8-8.8.8.8': 'no',
    '-m iprange --src-range 10.244.1.7-10.244.1.9 --dst-range 8.8.8.9-8.8.8.10': 'no',
    '-m iprange --src-range 10.0.0.1-10.0.0.2 --dst-range 8.8.8.8-8.8.8.8': 'no',
  });
});

suite('matches of the packet', () => {
  const told = { ...web, length: 60, ttl: 64, tos: 0xb8, sourceMac: '02:00:00:00:00:01' };
  table('length, ttl, tos, dscp, mac', told, {
    '-m length --length 60': 'yes',
    '-m length --length 60:100': 'yes',
    '-m length --length 40:60': 'yes',
    '-m length --length 61:100': 'no',
    '-m length --length 0:59': 'no',
    '-m length ! --length 60': 'no',
    '-m ttl --ttl-eq 64': 'yes',
    '-m ttl ! --ttl-eq 64': 'no',
    '-m ttl --ttl-eq 63': 'no',
    '-m ttl --ttl-lt 64': 'no',
    '-m ttl --ttl-lt 65': 'yes',
    '-m ttl --ttl-gt 64': 'no',
    '-m ttl --ttl-gt 63': 'yes',
    '-m tos --tos 0xb8/0xff': 'yes',
    '-m tos --tos 0x38/0x3f': 'yes',
    '-m tos --tos 0xb8/0x3f': 'no',
    '-m tos ! --tos 0xb8/0xff': 'no',
    '-m dscp --dscp 0x2e': 'yes',
    '-m dscp --dscp 0x2f': 'no',
    '-m dscp ! --dscp 0x2e': 'no',
    '-m mac --mac-source 02:00:00:00:00:01': 'yes',
    '-m mac --mac-source 02:00:00:00:00:02': 'no',
    '-m mac ! --mac-source 02:00:00:00:00:01': 'no',
    '-m mac ! --mac-source 02:00:00:00:00:02': 'yes',
  });

  table('what the packet does not tell is open, negated or not', web, {
    '-m length --length 60': 'open',
    '-m length ! --length 60': 'open',
    '-m ttl --ttl-eq 64': 'open',
    '-m mac --mac-source 02:00:00:00:00:01': 'open',
    '-m mac ! --mac-source 02:00:00:00:00:01': 'open',
    '-m socket --transparent': 'open',
    '-m u32 --u32 "0x0=0x0"': 'open',
  });

  table('pkttype: as the frame was addressed', web, {
    '-m pkttype --pkt-type unicast': 'yes',
    '-m pkttype ! --pkt-type unicast': 'no',
    '-m pkttype --pkt-type broadcast': 'no',
    '-m pkttype --pkt-type multicast': 'no',
  });
  table('pkttype of a broadcast', packet('udp 192.168.50.11:1 > 192.168.50.255:2 eth0'), {
    '-m pkttype --pkt-type broadcast': 'yes',
    '-m pkttype --pkt-type unicast': 'no',
  });
  table('pkttype to all', packet('udp 192.168.50.11:1 > 255.255.255.255:2 eth0'), {
    '-m pkttype --pkt-type broadcast': 'yes',
  });
  table('pkttype of a multicast', packet('udp 192.168.50.11:1 > 224.0.0.1:2 eth0'), {
    '-m pkttype --pkt-type multicast': 'yes',
    '-m pkttype --pkt-type broadcast': 'no',
  });

  table('addrtype', web, {
    '-m addrtype --dst-type UNICAST': 'yes',
    '-m addrtype --dst-type LOCAL': 'no',
    '-m addrtype ! --dst-type LOCAL': 'yes',
    '-m addrtype --dst-type LOCAL,UNICAST': 'yes',
    '-m addrtype --src-type UNICAST': 'yes',
    '-m addrtype --src-type LOCAL': 'no',
    '-m addrtype --src-type UNICAST --dst-type LOCAL': 'no',
    '-m addrtype --src-type LOCAL --dst-type UNICAST': 'no',
  });
  table(
    'addrtype of an address of this node, on another device',
    packet('tcp 10.244.1.7:1 > 192.168.50.10:2 cni0'),
    {
      '-m addrtype --dst-type LOCAL': 'yes',
      '-m addrtype ! --dst-type LOCAL': 'no',
      '-m addrtype --dst-type LOCAL --limit-iface-in': 'no',
      '-m addrtype --dst-type UNICAST --limit-iface-in': 'yes',
    },
  );
  table(
    'addrtype of one on the device itself',
    packet('tcp 192.168.50.11:1 > 192.168.50.10:2 eth0'),
    {
      '-m addrtype --dst-type LOCAL --limit-iface-in': 'yes',
    },
  );
});

suite('matches of the sender', () => {
  const rows = {
    '-m owner --uid-owner 1000': 'yes',
    '-m owner --uid-owner 1000-1001': 'yes',
    '-m owner --uid-owner 999-1000': 'yes',
    '-m owner --uid-owner 1001-1002': 'no',
    '-m owner --uid-owner 0-999': 'no',
    '-m owner ! --uid-owner 1000': 'no',
    '-m owner --gid-owner 100': 'yes',
    '-m owner --gid-owner 1000': 'no',
    '-m owner --uid-owner 1000 --gid-owner 101': 'no',
    '-m owner --socket-exists': 'yes',
    '-m owner ! --socket-exists': 'no',
  } as const;
  table(
    'owner of what this node sends',
    { ...own, owner: { uid: 1000, gid: 100 } },
    rows,
    'OUTPUT',
  );

  table(
    'owner that is not told',
    own,
    {
      '-m owner --uid-owner 1000': 'open',
      '-m owner ! --uid-owner 1000': 'open',
      '-m owner --socket-exists': 'yes',
    },
    'OUTPUT',
  );

  table(
    'owner of what is forwarded: without a socket only what is negated holds',
    web,
    {
      '-m owner --uid-owner 1000': 'no',
      '-m owner ! --uid-owner 1000': 'yes',
      '-m owner ! --uid-owner 1000 --gid-owner 1': 'no',
      '-m owner --socket-exists': 'no',
      '-m owner ! --socket-exists': 'yes',
    },
    'POSTROUTING',
  );

  table(
    'mac of what this node sends: none',
    { ...own, sourceMac: '02:00:00:00:00:01' },
    {
      '-m mac --mac-source 02:00:00:00:00:01': 'no',
      '-m mac ! --mac-source 02:00:00:00:00:02': 'no',
    },
    'OUTPUT',
  );
});

suite('sets of MAC addresses', () => {
  test('have nothing of what this node sends, and are open for a frame that is not told', () => {
    const sets =
      'create S hash:ip,mac family inet hashsize 1024 maxelem 65536\nadd S 192.168.50.10,02:00:00:00:00:01\n';
    const ways = (chain: string, of: Packet) => {
      const rules = `*mangle\n:${chain} ACCEPT\n-A ${chain} -m set --match-set S src,src -j DROP\n`;
      return leaves(traceFlow(node({ rules, sets }), of).path).map(({ verdict }) => verdict.kind);
    };
    assert.deepEqual(ways('OUTPUT', own), ['ACCEPT']);
    const forged = packet('tcp 192.168.50.10:1 > 10.244.1.7:80 eth0');
    assert.equal(ways('PREROUTING', forged).length, 2);
  });
});

suite('matches of the connection', () => {
  table('of a first packet', web, {
    '-m conntrack --ctstate NEW': 'yes',
    '-m conntrack --ctstate ESTABLISHED,RELATED': 'no',
    '-m conntrack ! --ctstate NEW': 'no',
    '-m conntrack ! --ctstate INVALID': 'yes',
    '-m conntrack --ctstate DNAT': 'no',
    '-m conntrack --ctproto 6': 'yes',
    '-m conntrack ! --ctproto 6': 'no',
    '-m conntrack --ctproto 17': 'no',
    '-m conntrack --ctorigsrc 10.244.1.0/24': 'yes',
    '-m conntrack ! --ctorigsrc 10.244.1.0/24': 'no',
    '-m conntrack --ctorigdst 8.8.8.8': 'yes',
    '-m conntrack --ctorigdst 10.244.1.7': 'no',
    '-m conntrack --ctreplsrc 8.8.8.8': 'yes',
    '-m conntrack --ctreplsrc 10.244.1.7': 'no',
    '-m conntrack --ctrepldst 10.244.1.7': 'yes',
    '-m conntrack --ctrepldst 8.8.8.8': 'no',
    '-m conntrack --ctorigsrcport 40000': 'yes',
    '-m conntrack --ctorigsrcport 80': 'no',
    '-m conntrack --ctorigdstport 80': 'yes',
    '-m conntrack ! --ctorigdstport 80': 'no',
    '-m conntrack --ctorigdstport 81:90': 'no',
    '-m conntrack --ctreplsrcport 80': 'yes',
    '-m conntrack --ctreplsrcport 40000': 'no',
    '-m conntrack --ctrepldstport 40000': 'yes',
    '-m conntrack --ctrepldstport 80': 'no',
    '-m conntrack --ctdir ORIGINAL': 'yes',
    '-m conntrack --ctdir REPLY': 'no',
    '-m conntrack --ctstatus NONE': 'no',
    '-m conntrack ! --ctstatus NONE': 'yes',
    '-m conntrack --ctstatus SEEN_REPLY': 'no',
    '-m conntrack ! --ctstatus SEEN_REPLY': 'yes',
    '-m conntrack --ctstatus CONFIRMED': 'no',
    '-m conntrack --ctexpire 1:10': 'open',
    '-m conntrack --ctstate NEW --ctproto 17': 'no',
    '-m connmark --mark 0x0': 'yes',
    '-m connmark --mark 0x1': 'no',
  });

  test('before conntrack the state is INVALID, and nothing else is looked at', () => {
    const rows = {
      '-m conntrack --ctstate INVALID': 'yes',
      '-m conntrack --ctstate NEW': 'no',
      '-m conntrack --ctstate INVALID --ctproto 17': 'yes',
      '-m conntrack --ctproto 6': 'no',
    };
    const found = Object.keys(rows).map((match) => [
      match,
      answer(`${match} -j ACCEPT\n-A PREROUTING`, web, 'PREROUTING', 'raw') === 'no' ? 'yes' : 'no',
    ]);
    assert.deepEqual(Object.fromEntries(found), rows);
  });
});

suite('matches of the way', () => {
  table('rpfilter of a source that lies behind the device', web, {
    '-m rpfilter': 'yes',
    '-m rpfilter --invert': 'no',
  });
  table('of one that lies behind another', packet('tcp 10.244.1.7:1 > 8.8.8.8:80 eth0'), {
    '-m rpfilter': 'no',
    '-m rpfilter --invert': 'yes',
    '-m rpfilter --loose': 'yes',
  });
  test('of a source behind lo: a way back, which only IPv6 takes for a refusal', () => {
    const rules =
      '*mangle\n:PREROUTING ACCEPT\n-A PREROUTING -m rpfilter --loose -j MARK --set-xmark 0x1/0x1\n';
    const routes = '9.9.9.9 dev lo\ndefault via 192.168.50.1 dev eth0\n';
    const { path } = traceFlow(node({ rules, routes }), packet('tcp 9.9.9.9:1 > 8.8.8.8:80 eth0'));
    assert.deepEqual(
      leaves(path).map(({ verdict }) => verdict.finalMark),
      [1],
    );
  });
  table('of an address of this node', packet('tcp 192.168.50.10:1 > 10.244.1.7:80 cni0'), {
    '-m rpfilter': 'no',
    '-m rpfilter --accept-local': 'no',
    '-m rpfilter --loose --accept-local': 'yes',
  });
  table('of a source that is not said yet', packet('udp 0.0.0.0:68 > 255.255.255.255:67 eth0'), {
    '-m rpfilter': 'yes',
    '-m rpfilter --invert': 'no',
  });
  const unaddressed = (to: string) => packet(`udp 0.0.0.0:68 > ${to}:67 cni0`);
  for (const to of ['255.255.255.255', '224.0.0.5']) {
    table(`rpfilter of who has no address yet, to ${to}`, unaddressed(to), {
      '-m rpfilter': 'yes',
      '-m rpfilter --invert': 'no',
    });
  }
  table(
    'rpfilter of no address to a group beyond the link: by the way back',
    unaddressed('239.1.2.3'),
    {
      '-m rpfilter': 'no',
      '-m rpfilter --invert': 'yes',
      '-m rpfilter --loose': 'yes',
    },
  );
  test('rpfilter without routes is open', () => {
    const rules =
      '*mangle\n:PREROUTING ACCEPT\n-A PREROUTING -m rpfilter -j MARK --set-xmark 0x1/0x1\n';
    const { path } = traceFlow(node({ rules, routes: null }), web);
    assert.deepEqual(new Set(leaves(path).map(({ verdict }) => verdict.finalMark)).size, 2);
  });

  table(
    'physdev of a device that is no bridge: only what is negated',
    { ...web, inInterface: 'eth0' },
    {
      '-m physdev --physdev-is-bridged': 'no',
      '-m physdev ! --physdev-is-bridged': 'yes',
      '-m physdev --physdev-in veth0': 'no',
      '-m physdev ! --physdev-in veth0': 'yes',
      '-m physdev ! --physdev-in veth0 --physdev-is-in': 'no',
    },
  );
});

suite('matches of device groups, realms and helpers', () => {
  const groups = `2: eth0: <UP> mtu 1500 qdisc mq state UP group uplinks qlen 1000
    inet 192.168.50.10/24 scope global eth0
3: cni0: <UP> mtu 1500 qdisc noqueue state UP group 5 qlen 1000
    inet 10.244.1.1/24 scope global cni0
`;
  const realmless = 'default via 192.168.50.1 dev eth0\n';
  const withRealm = 'default via 192.168.50.1 dev eth0 realms 3/5\n';

  function asked(match: string, chain: string, dumps: Dumps): Answer {
    const rules = `*mangle\n:${chain} ACCEPT\n-A ${chain} ${match} -j MARK --set-xmark 0x1/0x1\n`;
    const found = leaves(traceFlow(node({ ...dumps, rules }), web).path);
    const marks = new Set(found.map(({ verdict }) => verdict.finalMark));
    return marks.size > 1 ? 'open' : marks.has(1) ? 'yes' : 'no';
  }

  test('a group is a number; the number of a name is not known', () => {
    const dumps = { addresses: groups };
    assert.equal(asked('-m devgroup --src-group 0x5', 'PREROUTING', dumps), 'yes');
    assert.equal(asked('-m devgroup ! --src-group 0x5', 'PREROUTING', dumps), 'no');
    assert.equal(asked('-m devgroup --src-group 0x4/0x6', 'PREROUTING', dumps), 'yes');
    assert.equal(asked('-m devgroup --src-group default', 'PREROUTING', dumps), 'no');
    assert.equal(asked('-m devgroup --dst-group 0x5', 'POSTROUTING', dumps), 'open');
    assert.equal(asked('-m devgroup --src-group 0x5', 'PREROUTING', {}), 'open');
    const both = '-m devgroup --src-group 0x1 --dst-group 0x1';
    assert.equal(asked(both, 'FORWARD', dumps), 'no');
  });

  test('the realm is 0 where no route has one', () => {
    assert.equal(asked('-m realm --realm 0x0', 'FORWARD', { routes: realmless }), 'yes');
    assert.equal(asked('-m realm ! --realm 0x5', 'FORWARD', { routes: realmless }), 'yes');
    assert.equal(asked('-m realm --realm 0x5', 'FORWARD', { routes: realmless }), 'no');
    assert.equal(asked('-m realm --realm 0x5', 'FORWARD', { routes: withRealm }), 'open');
    assert.equal(asked('-m realm --realm 0x5', 'FORWARD', { routes: null }), 'open');
    const routingRules = '0:\tfrom all lookup local\n9:\tfrom all lookup main realms 5\n';
    const dumps = { routes: realmless, routingRules };
    assert.equal(asked('-m realm --realm 0x5', 'FORWARD', dumps), 'open');
    // Of two rules, of which one asks the other way round, one matches.
    const other =
      '-m realm --realm 0x5 -j MARK --set-xmark 0x1/0x1\n-A FORWARD -m realm ! --realm 0x5';
    assert.equal(asked(other, 'FORWARD', dumps), 'yes');
  });

  test('what no dump tells stays open, with its reason', () => {
    const reason = (match: string) => {
      const rules = `*mangle\n:FORWARD ACCEPT\n-A FORWARD ${match} -j MARK --set-xmark 0x1/0x1\n`;
      const [leaf] = leaves(traceFlow(node({ rules }), web).path);
      return leaf!.branches.map(({ unknown }) => unknown).join();
    };
    assert.match(reason('-m policy --dir in --pol none'), /ip xfrm policy/);
    assert.match(reason('-p tcp -m tcp --tcp-option 2'), /no TCP options given/);
  });

  test('no connection is expected but a RELATED one', () => {
    assert.equal(asked('-m helper --helper ftp', 'PREROUTING', {}), 'no');
    assert.equal(asked('-m helper ! --helper ftp', 'PREROUTING', {}), 'yes');
  });
});

suite('matches of chance', () => {
  table('statistic: never, always, and between', web, {
    '-m statistic --mode random --probability 0.0': 'no',
    '-m statistic --mode random --probability 1.0': 'yes',
    '-m statistic --mode random ! --probability 1.0': 'no',
    '-m statistic --mode random ! --probability 0.0': 'yes',
    '-m statistic --mode random --probability 0.5': 'open',
    '-m statistic --mode nth --every 2 --packet 0': 'open',
    '-m limit --limit 1/sec': 'open',
  });
});
