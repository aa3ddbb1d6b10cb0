import assert from 'node:assert/strict';
import { formatAddress, parseAddress } from '../../src/core/address';
import type { Connection } from '../../src/core/trace/conntrack/flowState';
import type { Header } from '../../src/core/trace/trace';
import { addressText, deviceNames, portName } from '../../src/inspect/oracle/addressText';
import { conntrackDifference, headerDifference } from '../../src/inspect/oracle/compareHeader';
import type { OracleCase, OraclePacket } from '../../src/inspect/oracle/format';
import { freshMemory, packetOf } from '../../src/inspect/oracle/packet';
import { afterRun, loaded } from '../../src/inspect/oracle/run';
import { withBeside } from '../../src/inspect/migration/beside';
import { parseIpvsSave } from '../../src/syntax/ipvs/save';

const at = (text: string) => parseAddress(text)!;

suite('a recorded head beside the trace’s', () => {
  const ours: Header = {
    protocol: 6,
    source: at('10.0.0.1'),
    destination: at('10.0.0.2'),
    sourcePort: 1000,
    destinationPort: 80,
  };
  const theirs = { proto: 'tcp', src: '10.0.0.1', dst: '10.0.0.2', sport: 1000, dport: 80 };
  const random: Header = {
    ...ours,
    sourcePort: undefined,
    sourcePorts: [
      { from: 1024, to: 2000 },
      { from: 3000, to: 3000 },
    ],
  } as Header;
  const inner = {
    protocol: 6,
    source: at('10.0.0.9'),
    sourcePort: 5,
    destination: at('10.0.0.8'),
    destinationPort: 6,
  };

  const cases: [string, Header | undefined, object | undefined, boolean][] = [
    ['the same', ours, theirs, true],
    ['nothing recorded', undefined, undefined, true],
    ['none of ours', undefined, theirs, false],
    ['another protocol', ours, { ...theirs, proto: 'udp' }, false],
    ['a protocol by its number', ours, { ...theirs, proto: '6' }, true],
    ['another source', ours, { ...theirs, src: '10.0.0.3' }, false],
    ['another destination', ours, { ...theirs, dst: '10.0.0.3' }, false],
    ['another source port', ours, { ...theirs, sport: 1001 }, false],
    ['another destination port', ours, { ...theirs, dport: 81 }, false],
    ['a random port’s first', random, { ...theirs, sport: 1024 }, true],
    ['its last', random, { ...theirs, sport: 2000 }, true],
    ['of its second interval', random, { ...theirs, sport: 3000 }, true],
    ['one below', random, { ...theirs, sport: 1023 }, false],
    ['one between', random, { ...theirs, sport: 2001 }, false],
    ['none, where there is one', random, { ...theirs, sport: undefined }, false],
    ['the quoted packet', { ...ours, inner }, { ...theirs, inner: '10.0.0.9:5->10.0.0.8:6' }, true],
    [
      'another quoted packet',
      { ...ours, inner },
      { ...theirs, inner: '10.0.0.9:5->10.0.0.8:7' },
      false,
    ],
    ['no quoted packet', ours, { ...theirs, inner: '10.0.0.9:5->10.0.0.8:6' }, false],
  ];
  for (const [name, header, recorded, same] of cases) {
    test(name, () => {
      const said = headerDifference(header, recorded as never);
      assert.equal(said === undefined, same, said);
    });
  }

  test('both are told', () => {
    assert.equal(
      headerDifference(ours, { ...theirs, dport: 81 } as never),
      'final 10.0.0.1:1000 > 10.0.0.2:80, not 10.0.0.1:1000 > 10.0.0.2:81',
    );
  });
});

suite('a recorded entry of the connection table', () => {
  const tuple = (protocol: number, source: string, destination: string, ports: object) => ({
    protocol,
    source: at(source),
    destination: at(destination),
    ...ports,
  });
  const connection = (protocol: number, own: object, back: object) =>
    ({
      original: tuple(protocol, '10.0.0.1', '10.0.0.2', own),
      reply: tuple(protocol, '10.0.0.2', '10.0.0.1', back),
    }) as unknown as Connection;
  const side = (src: string, dst: string, more: object) => ({ src, dst, proto: 'tcp', ...more });
  const tcp = connection(
    6,
    { sourcePort: 1, destinationPort: 2 },
    { sourcePort: 2, destinationPorts: [{ from: 1024, to: 1100 }] },
  );
  const orig = side('10.0.0.1', '10.0.0.2', { sport: 1, dport: 2 });
  const reply = (dport: number) => side('10.0.0.2', '10.0.0.1', { sport: 2, dport });
  const icmp = connection(
    1,
    { sourcePort: 7, destinationPort: 7 },
    { sourcePort: 7, destinationPort: 9 },
  );
  const ping = (id?: number) => ({
    orig: { ...side('10.0.0.1', '10.0.0.2', {}), proto: 'icmp', id },
    reply: { ...side('10.0.0.2', '10.0.0.1', {}), proto: 'icmp', id },
  });

  const cases: [string, Connection | undefined, object | undefined, RegExp | undefined][] = [
    ['nothing recorded', undefined, undefined, undefined],
    [
      'none of ours',
      undefined,
      { orig, reply: reply(1024) },
      /^no connection, where the kernel made one$/,
    ],
    [
      'the same, a random port among those that are open',
      tcp,
      { orig, reply: reply(1100) },
      undefined,
    ],
    ['a port outside of them', tcp, { orig, reply: reply(1101) }, /^conntrack reply /],
    [
      'another port of the original',
      tcp,
      { orig: { ...orig, sport: 3 }, reply: reply(1024) },
      /^conntrack original .* not 10\.0\.0\.1:3 > 10\.0\.0\.2:2$/,
    ],
    [
      'another address',
      tcp,
      { orig: { ...orig, dst: '10.0.0.3' }, reply: reply(1024) },
      /^conntrack original/,
    ],
    ['an echo by its id', icmp, ping(7), undefined],
    ['of another id', icmp, ping(8), /^conntrack original/],
    ['of an id that was not recorded', icmp, ping(), undefined],
  ];
  for (const [name, ours, recorded, expected] of cases) {
    test(name, () => {
      const said = conntrackDifference(ours, recorded as never);
      if (expected) assert.match(said ?? '', expected);
      else assert.equal(said, undefined);
    });
  }
});

suite('commands of ipvsadm between two packets', () => {
  const state = parseIpvsSave(
    '-A -t 10.96.0.1:80 -s rr\n-a -t 10.96.0.1:80 -r 10.0.0.1:8080 -m -w 1\n-a -t 10.96.0.1:80 -r 10.0.0.2:8080 -m -w 2\n-A -u 10.96.0.1:53 -s rr\n',
    'x',
  ).value;
  /** `10.96.0.1:80/6 rr: 10.0.0.1:8080 w1 (before 1), ...` of each virtual server. */
  const words = (ipvs: typeof state | undefined) =>
    ipvs?.virtualServers.map(({ address, port, protocol, scheduler, realServers }) => {
      const servers = realServers.map(
        (real) =>
          `${formatAddress(real.address)} w${real.weight}${real.formerWeight === undefined ? '' : ` (before ${real.formerWeight})`}`,
      );
      return `${formatAddress(address!)}:${port}/${protocol} ${scheduler}: ${servers.join(', ')}`;
    });
  const [web, dns] = ['10.96.0.1:80/6 rr: 10.0.0.1 w1, 10.0.0.2 w2', '10.96.0.1:53/17 rr: '];

  const cases: [string, string[] | undefined][] = [
    ['', [web, dns]],
    ['ipvsadm -Ln; ipvsadm -Sn', [web, dns]],
    ['ipvsadm -D -t 10.96.0.1:80', [dns]],
    ['ipvsadm -D -u 10.96.0.1:80', [web, dns]],
    ['ipvsadm -A -t 10.96.0.2:80 -s sh', [web, dns, '10.96.0.2:80/6 sh: ']],
    ['ipvsadm -E -t 10.96.0.1:80 -s wrr', [web.replace('rr', 'wrr'), dns]],
    ['ipvsadm -d -t 10.96.0.1:80 -r 10.0.0.1:8080', ['10.96.0.1:80/6 rr: 10.0.0.2 w2', dns]],
    // A server that is added stands in front (list_add, ip_vs_ctl.c).
    [
      'ipvsadm -a -t 10.96.0.1:80 -r 10.0.0.3:8080 -m -w 4',
      ['10.96.0.1:80/6 rr: 10.0.0.3 w4 (before 4), 10.0.0.1 w1, 10.0.0.2 w2', dns],
    ],
    [
      'ipvsadm -e -t 10.96.0.1:80 -r 10.0.0.2:8080 -m -w 5',
      ['10.96.0.1:80/6 rr: 10.0.0.1 w1, 10.0.0.2 w5 (before 5)', dns],
    ],
    [
      'ipvsadm -d -t 10.96.0.1:80 -r 10.0.0.1:8080; ipvsadm -d -t 10.96.0.1:80 -r 10.0.0.2:8080;',
      ['10.96.0.1:80/6 rr: ', dns],
    ],
    ['ip link set eth0 down', undefined],
    ['ipvsadm -C', undefined],
    ['ipvsadm -A 10.96.0.2:80', undefined],
    ['ipvsadm -Z -t 10.96.0.1:80', undefined],
    ['ip -A -t 10.96.0.2:80', undefined],
    ['ipvsadm -d -t 10.96.0.1:80 -r 10.0.0.1:8080; reboot', undefined],
    ['echo; sudo ipvsadm -Ln', undefined],
  ];
  for (const [command, expected] of cases) {
    test(command || 'none', () => assert.deepEqual(words(afterRun(state, command)), expected));
  }

  test('a weight of 0 keeps the one before, which mh goes by; as loaded the last stands first', () => {
    const drained = afterRun(loaded(state), 'ipvsadm -e -t 10.96.0.1:80 -r 10.0.0.2:8080 -m -w 0');
    assert.deepEqual(
      words(drained)?.[0],
      '10.96.0.1:80/6 rr: 10.0.0.2 w0 (before 2), 10.0.0.1 w1 (before 1)',
    );
  });
});

suite('the node and the packets of a recording', () => {
  const oracle = (topology: object, addrs: object[]) =>
    ({ topology: { interfaces: [], sysctl: {}, ...topology }, addrs }) as unknown as OracleCase;

  test('addresses as ip addr prints them: scopes, secondary within one subnet', () => {
    const text = addressText(
      oracle({ interfaces: [{ name: 'eth0' }] }, [
        {
          ifname: 'eth0',
          addrs: [
            '10.0.0.1/24',
            '10.0.0.2/24',
            '10.1.0.1/24',
            'fd00::1/64',
            'fe80::1/64',
            'fec0::1/64',
            '192.0.2.1',
          ],
        },
        {
          ifname: 'lo',
          addr_info: [
            { local: '127.0.0.1', prefixlen: 8 },
            { local: '::1', prefixlen: 128 },
          ],
        },
        { ifname: 'eth1', addrs: [{ local: '10.2.0.1', prefixlen: 24, scope: 'link' }] },
      ]),
    );
    assert.deepEqual(
      text
        .split('\n')
        .filter((line) => /^\d|inet/.test(line))
        .map((line) => line.trim()),
      [
        '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 1500 state UP group default',
        'inet 127.0.0.1/8 scope host lo',
        'inet6 ::1/128 scope host',
        '2: eth0: <POINTOPOINT,MULTICAST,NOARP,UP,LOWER_UP> mtu 1500 state UP group default',
        'inet 10.0.0.1/24 scope global eth0',
        'inet 10.0.0.2/24 scope global secondary eth0',
        'inet 10.1.0.1/24 scope global eth0',
        'inet6 fd00::1/64 scope global',
        'inet6 fe80::1/64 scope link',
        'inet6 fec0::1/64 scope site',
        'inet 192.0.2.1/32 scope global eth0',
        '3: eth1: <POINTOPOINT,MULTICAST,NOARP,UP,LOWER_UP> mtu 1500 state UP group default',
        'inet 10.2.0.1/24 scope link eth1',
      ],
    );
  });

  test('bridges and their ports are Ethernet, tunnels are not', () => {
    const bridged = oracle(
      { interfaces: [{ name: 'tun0' }], bridge: { cni0: ['10.244.1.5', 'fd00::7'] } },
      [{ ifname: 'cni0', addrs: [] }],
    );
    assert.deepEqual(deviceNames(bridged), ['lo', 'tun0', 'cni0']);
    const text = addressText(bridged);
    assert.match(text, /^2: tun0: <POINTOPOINT.*\n {4}link\/none/m);
    assert.match(text, /^3: cni0: <BROADCAST,MULTICAST,UP,LOWER_UP>/m);
    assert.match(text, /^100: veth5@if2: <BROADCAST,UP> mtu 1500 master cni0 state UP$/m);
    assert.match(text, /^101: veth7@if2:/m);
    assert.equal(portName('10.244.1.5'), 'veth5');
    assert.match(
      addressText(oracle({ interfaces: [{ name: 'eth0' }], hairpin: false }, [])),
      /eth0: <BROADCAST/,
    );
  });

  const packet = (more: object) =>
    packetOf({
      proto: 'tcp',
      src: '10.0.0.1',
      dst: '10.0.0.2',
      sport: 1,
      dport: 80,
      ...more,
    } as OraclePacket);
  const six = (more: object) => packet({ src: 'fd00::1', dst: 'fd00::2', ...more });
  const fields: [string, unknown, unknown][] = [
    ['a SYN without flags', packet({}).flags, 0x02],
    ['FIN and ACK', packet({ flags: 'FA' }).flags, 0x11],
    ['no flags but of TCP', packet({ proto: 'udp', flags: 'S' }).flags, undefined],
    ['root’s raw socket', packet({}).owner, { uid: 0, gid: 0, rawSocket: true }],
    [
      'a user’s ordinary socket',
      packet({ uid: 5, socket: {} }).owner,
      { uid: 5, gid: 0, rawSocket: false },
    ],
    [
      'the source that the kernel chose',
      packetOf({ proto: 'udp', dst: '10.0.0.2', dport: 1 }, {
        socket_tuple: { src: '10.0.0.7', sport: 9 },
      } as never).sourcePort,
      9,
    ],
    ['TTL 200', packet({}).ttl, 200],
    ['its own TTL', packet({ ttl: 3 }).ttl, 3],
    ['DSCP is the upper six bits of TOS', packet({ dscp: 46 }).tos, 0xb8],
    ['TOS as it is', packet({ tos: 4, dscp: 46 }).tos, 4],
    ['none', packet({}).tos, undefined],
    [
      'an echo has no ports',
      packet({ proto: 'icmp', type: 8, code: 0 }).destinationPort,
      undefined,
    ],
    ['its type', packet({ proto: 'icmp', type: 8, code: 0 }).icmpType, 8],
    ['no type but of ICMP', packet({ type: 8 }).icmpType, undefined],
    [
      'the quoted packet',
      packet({
        proto: 'icmp',
        inner: { proto: 'tcp', src: '10.0.0.9', dst: '10.0.0.8', sport: 1, dport: 2 },
      }).inner?.destinationPort,
      2,
    ],
    ['none quoted', packet({}).inner, undefined],
    ['a bridge’s port by its device', packet({ port: 'p5' }).bridgePort, 'veth5'],
    [
      'a scope with a link-local address binds',
      six({ dst: 'fe80::2', scope: 'eth0' }).boundDevice,
      'eth0',
    ],
    [
      'nor with one that has such a part',
      six({ dst: '2001:db8:fe80::2', scope: 'eth0' }).boundDevice,
      undefined,
    ],
    ['a scope with another address does not', six({ scope: 'eth0' }).boundDevice, undefined],
    ['a socket bound to a device', packet({ oif: 'eth1' }).boundDevice, 'eth1'],
    ['a first fragment is none', six({ ext: [{ type: 'frag', off: 0, more: 1 }] }).fragment, false],
    ['a later one is', six({ ext: [{ type: 'frag', off: 3 }] }).fragment, true],
    ['the length of TCP in IPv4', packet({}).length, 40],
    ['of an INIT of SCTP', packet({ proto: 'sctp' }).length, 52],
    ['of UDP', packet({ proto: 'udp' }).length, 34],
    [
      'of an ICMP error',
      packet({ proto: 'icmp', inner: { proto: 'udp', src: '10.0.0.9', dst: '10.0.0.8' } }).length,
      56,
    ],
    ['of TCP in IPv6', six({}).length, 60],
    [
      'of an ICMPv6 error',
      six({ proto: 'icmpv6', inner: { proto: 'udp', src: 'fd00::9', dst: 'fd00::8' } }).length,
      96,
    ],
    ['of a neighbour solicitation', six({ proto: 'icmpv6', type: 135 }).length, 64],
    [
      'of UDP behind a fragment header of 8 bytes',
      six({ proto: 'udp', ext: [{ type: 'frag' }] }).length,
      62,
    ],
    // Two bytes of head and three of option: PadN fills up to 8.
    [
      'of options that are filled up to 8 bytes',
      six({ proto: 'udp', ext: [{ type: 'dst', opts: [[5, '00']] }] }).length,
      62,
    ],
    [
      'of an option that fills 8 bytes itself',
      six({ proto: 'udp', ext: [{ type: 'hbh', opts: [[5, '00000000']] }] }).length,
      62,
    ],
  ];
  for (const [name, found, expected] of fields) test(name, () => assert.deepEqual(found, expected));

  test('lists as the recording sets them, keys without what stands behind', () => {
    const { lists } = freshMemory({
      state: {
        recent: { A: ['10.0.0.1'] },
        sets: [
          { family: 'ip', table: 't', name: 's', elements: ['10.0.0.2 timeout 10m', '10.0.0.3'] },
        ],
      },
    });
    assert.deepEqual(
      [...lists!].map(([name, elements]) => [name, ...elements.keys()]),
      [
        ['recent A', '10.0.0.1'],
        ['set ip t s', '10.0.0.2', '10.0.0.3'],
      ],
    );
    assert.equal(freshMemory({}).lists!.size, 0);
  });
});

suite('kube-proxy’s rules beside those of the host', () => {
  const own =
    '*nat\n:X - [0:0]\nCOMMIT\n*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:KUBE-FORWARD - [0:0]\n-A FORWARD -j KUBE-FORWARD\nCOMMIT\n';
  const host =
    '*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n-A INPUT -i lo -j ACCEPT\n-A FORWARD -m comment --comment ":OUTPUT DROP [0:0]" -j ACCEPT\nCOMMIT\n';

  test('its jumps stand first, the host’s policies stay', () => {
    assert.deepEqual(withBeside(own, host).split('\n').slice(3), [
      '*filter',
      ':INPUT DROP [0:0]',
      ':FORWARD ACCEPT [0:0]',
      ':OUTPUT ACCEPT [0:0]',
      ':KUBE-FORWARD - [0:0]',
      '-A FORWARD -j KUBE-FORWARD',
      '-A INPUT -i lo -j ACCEPT',
      '-A FORWARD -m comment --comment ":OUTPUT DROP [0:0]" -j ACCEPT',
      'COMMIT',
      '',
    ]);
  });

  test('without one of the two the other', () => {
    assert.equal(withBeside(own, ''), own);
    assert.match(
      withBeside('', host),
      /^\*filter\n:INPUT DROP .*\n:FORWARD ACCEPT .*\n:OUTPUT ACCEPT .*\n-A INPUT -i lo -j ACCEPT\n/,
    );
  });
});
