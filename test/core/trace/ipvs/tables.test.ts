import assert from 'node:assert/strict';
import { formatAddress, parseAddress } from '../../../../src/core/address';
import type { VirtualServer } from '../../../../src/core/ipvs/state';
import { tcpFlagBits, type Packet } from '../../../../src/core/packet';
import { hasServersOf, realServerAt } from '../../../../src/core/trace/ipvs/serverIndex';
import {
  findVirtualServer,
  isFtpData,
  maskedClient,
  opens,
  sameServer,
  templatePort,
} from '../../../../src/core/trace/ipvs/table';
import {
  isActiveState,
  nextTcpState,
  type IpvsDirection,
  type IpvsTcpState,
} from '../../../../src/core/trace/ipvs/tcpState';
import type { State } from '../../../../src/core/trace/state';
import { parseIpvsSave } from '../../../../src/syntax/ipvs/save';
import { node, only, packet, three, ways } from './node';

const { SYN, ACK, FIN, RST } = tcpFlagBits;
const at = (text: string) => parseAddress(text)!;

suite('TCP in IPVS: where each segment leads (ip_vs_proto_tcp.c)', () => {
  const flags = { syn: SYN, fin: FIN | ACK, ack: ACK, rst: RST | ACK } as const;
  const names: readonly IpvsTcpState[] = [
    'NONE',
    'ESTABLISHED',
    'SYN_SENT',
    'SYN_RECV',
    'FIN_WAIT',
    'TIME_WAIT',
    'CLOSE',
    'CLOSE_WAIT',
    'LAST_ACK',
    'LISTEN',
    'SYNACK',
  ];
  const short = Object.fromEntries(
    ['NO', 'ES', 'SS', 'SR', 'FW', 'TW', 'CL', 'CW', 'LA', 'LI', 'SA'].map((one, i) => [
      names[i]!,
      one,
    ]),
  );
  for (const [direction, segment, row] of [
    ['in', 'syn', 'SR ES ES SR SR SR SR SR SR SR SR'],
    ['in', 'fin', 'CL CW SS TW TW TW CL CW LA LI TW'],
    ['in', 'ack', 'ES ES SS ES FW TW CL CW CL LI ES'],
    ['in', 'rst', 'CL CL CL SR CL CL CL CL LA LI SR'],
    ['out', 'syn', 'SS ES SS SR SS SS SS SS SS LI SR'],
    ['out', 'fin', 'TW FW SS TW FW TW CL TW LA LI TW'],
    ['out', 'ack', 'ES ES SS ES FW TW CL CW LA ES ES'],
    ['out', 'rst', 'CL CL SS CL CL TW CL CL CL CL CL'],
    ['in-only', 'fin', 'CL FW SS TW FW TW CL CW LA LI TW'],
    ['in-only', 'rst', 'CL CL CL SR CL CL CL CL LA LI CL'],
    ['in-only', 'ack', 'ES ES SS ES FW TW CL CW CL LI ES'],
  ] as const satisfies readonly (readonly [IpvsDirection, keyof typeof flags, string])[]) {
    test(`${segment}, ${direction}: from ${Object.values(short).join(' ')} to ${row}`, () => {
      const found = names.map((state) => short[nextTcpState(state, direction, flags[segment])]);
      assert.equal(found.join(' '), row);
    });
  }

  test('of several flags RST counts before SYN, SYN before FIN, FIN before ACK; none ends it', () => {
    assert.equal(nextTcpState('ESTABLISHED', 'in', RST | SYN | FIN | ACK), 'CLOSE');
    assert.equal(nextTcpState('SYN_SENT', 'in', SYN | FIN | ACK), 'ESTABLISHED');
    assert.equal(nextTcpState('ESTABLISHED', 'in', FIN | ACK), 'CLOSE_WAIT');
    assert.equal(nextTcpState('ESTABLISHED', 'in', 0), 'CLOSE');
  });

  test('what ActiveConn counts', () => {
    assert.deepEqual(names.filter(isActiveState), [
      'ESTABLISHED',
      'SYN_SENT',
      'SYN_RECV',
      'SYNACK',
    ]);
  });
});

suite('which virtual server takes a packet (ip_vs_service_find)', () => {
  const { value: ipvs } = parseIpvsSave(
    `-A -t 10.96.0.50:80 -s rr
-A -t 10.96.0.50:21 -s rr
-A -t 10.96.0.50:0 -s rr -p 360
-A -u 10.96.0.50:80 -s rr
-A --sctp-service 10.96.0.50:80 -s rr
-A -t 10.96.0.51:21 -s rr
-A -f 7 -s rr
-A -t [fd00::50]:80 -s rr
`,
    'ipvs',
  );
  const line = (protocol: number, to: string, port: number, mark = 0, unprivileged = 1024) => {
    const asked = { protocol, destination: at(to), destinationPort: port };
    return findVirtualServer(ipvs, asked, mark, unprivileged)?.range.line;
  };

  test('by address, port and protocol; then that for all ports', () => {
    assert.equal(line(6, '10.96.0.50', 80), 0);
    assert.equal(line(17, '10.96.0.50', 80), 3);
    assert.equal(line(132, '10.96.0.50', 80), 4);
    assert.equal(line(6, '10.96.0.50', 81), 2);
    assert.equal(line(17, '10.96.0.50', 81), undefined);
    assert.equal(line(6, '10.96.0.52', 80), undefined);
    assert.equal(line(6, 'fd00::50', 80), 7);
  });

  test('by the mark before all; no mark is none', () => {
    assert.equal(line(6, '10.96.0.50', 80, 7), 6);
    assert.equal(line(17, '10.9.9.9', 1, 7), 6);
    assert.equal(line(6, '10.96.0.50', 80, 8), 0);
    assert.equal(line(6, 'fd00::50', 80, 7), 7);
  });

  test('a mark whose family no dump tells (/proc/net/ip_vs) takes packets of either', () => {
    const [first, ...others] = ipvs.virtualServers;
    const { family, ...open } = ipvs.virtualServers[6]!;
    assert.equal(family, 4);
    const virtualServers = [first!, open, ...others];
    const taken = (destination: string, mark: number) => {
      const asked = { protocol: 6, destination: at(destination), destinationPort: 1 };
      return findVirtualServer({ ...ipvs, virtualServers: [open] }, asked, mark, 1024);
    };
    assert.equal(taken('10.9.9.9', 7), open);
    assert.equal(taken('fd00::9', 7), open);
    assert.equal(taken('fd00::9', 8), undefined);
    // One of the packet's own family comes first.
    const asked = { protocol: 6, destination: at('10.9.9.9'), destinationPort: 1 };
    assert.equal(findVirtualServer({ ...ipvs, virtualServers }, asked, 7, 1024)?.family, 4);
  });

  test('FTP’s for its data: of TCP, from port 20 and from the first port without privileges on', () => {
    assert.equal(line(6, '10.96.0.51', 20), 5);
    assert.equal(line(6, '10.96.0.51', 1024), 5);
    assert.equal(line(6, '10.96.0.51', 1023), undefined);
    assert.equal(line(6, '10.96.0.51', 500, 0, 500), 5);
    assert.equal(line(6, '10.96.0.51', 499, 0, 500), undefined);
    assert.equal(line(17, '10.96.0.51', 20), undefined);
    // Before the one for all ports, but not before the port’s own.
    assert.equal(line(6, '10.96.0.50', 5000), 1);
    assert.equal(line(6, '10.96.0.50', 22), 2);
  });

  test('of FTP’s data is every port but its own', () => {
    const [web, ftp] = ipvs.virtualServers;
    assert.ok(isFtpData(ftp!, 20) && isFtpData(ftp!, 5000));
    assert.ok(!isFtpData(ftp!, 21) && !isFtpData(web!, 5000));
  });

  test('servers of a family: a mark may be of either where nothing tells', () => {
    const [four] = ipvs.virtualServers;
    const { family, ...open } = ipvs.virtualServers[6]!;
    assert.equal(family, 4);
    assert.ok(hasServersOf([four!], 4) && !hasServersOf([four!], 6));
    assert.ok(hasServersOf([ipvs.virtualServers[7]!], 6));
    assert.ok(hasServersOf([open], 4) && hasServersOf([open], 6));
    assert.ok(!hasServersOf([], 4));
  });

  test('two are the same by protocol, address and port, marks by number and family', () => {
    const [tcp, ftp, , udp, , , mark, six] = ipvs.virtualServers;
    assert.ok(sameServer(tcp!, { ...tcp!, realServers: [] }));
    for (const other of [ftp, udp, mark, six]) assert.ok(!sameServer(tcp!, other!));
    assert.ok(sameServer(mark!, { ...mark! }));
    assert.ok(!sameServer(mark!, { ...mark!, firewallMark: 8 }));
    assert.ok(!sameServer(mark!, { ...mark!, family: 6 }));
  });

  test('of real servers with one address and port the first', () => {
    const text = `${three('rr')}-a -t 10.96.0.50:80 -r 10.244.0.3:8080 -m -w 9\n`;
    const [virtual] = parseIpvsSave(text, 'ipvs').value.virtualServers;
    const find = (address: string, port: number) =>
      realServerAt(virtual!, { address: at(address), port })?.weight;
    assert.equal(find('10.244.0.3', 8080), 3);
    assert.equal(find('10.244.0.3', 8081), undefined);
    assert.equal(find('10.244.0.9', 8080), undefined);
  });
});

suite('what opens a connection in IPVS', () => {
  const does = (protocol: number, flags: number | undefined, sloppy = false) =>
    opens(
      { packet: { ...packet(), protocol, flags } satisfies Packet } as unknown as State,
      sloppy,
    );

  test('of TCP a SYN, and where it is sloppy all but a RST; all of other protocols', () => {
    assert.ok(does(6, undefined) && does(6, SYN) && does(6, SYN | ACK));
    assert.ok(!does(6, ACK) && !does(6, SYN | RST));
    assert.ok(does(6, ACK, true) && !does(6, RST, true));
    assert.ok(does(17, undefined) && does(17, RST) && does(132, 0));
  });

  test('a client’s template: its address under the mask, its port where that is the server’s own', () => {
    const web = { port: 80, flags: [], realServers: [] } as unknown as VirtualServer;
    const mask = { ...web, persistentMask: [0xffffff00] };
    assert.equal(formatAddress(maskedClient(web, at('10.1.2.3'))), '10.1.2.3');
    assert.equal(formatAddress(maskedClient(mask, at('10.1.2.3'))), '10.1.2.0');
    assert.equal(formatAddress(maskedClient(mask, at('200.1.2.3'))), '200.1.2.0');
    assert.equal(templatePort(web, 80), 80);
    assert.equal(templatePort(web, 81), 0);
    assert.equal(templatePort({ ...web, port: 21 }, 21), 0);
    assert.equal(templatePort({ ...web, port: 0 }, 80), 0);
    assert.equal(templatePort({ ...web, port: undefined }, 80), 0);
  });
});

suite('a dump of IPVS that is not whole', () => {
  const given = async (text: string, incomplete?: string, to = 80) => {
    const state = await node(text);
    const ipvs = { ...state.ipvs!, ...(incomplete && { incomplete }) };
    const sent = packet({ destinationPort: to });
    const { verdict } = only({ ...state, ipvs }, sent);
    return (verdict.given ?? []).flatMap((one) => (one.kind === 'gap' ? [one.gap.text] : []));
  };
  const one = '-A -t 10.96.0.50:80 -s rr\n-a -t 10.96.0.50:80 -r 10.244.0.2:8080 -m -w 1\n';

  test('another virtual server may take what none of it takes', async () => {
    assert.deepEqual(await given(one, undefined, 81), []);
    assert.match(
      (await given(one, 'cut.', 81)).join(),
      /no virtual server that the dump of IPVS lacks/,
    );
  });

  test('a virtual server may have more real servers', async () => {
    assert.deepEqual(await given(one), []);
    assert.match((await given(one, 'cut.')).join(), /shows all real servers of its virtual server/);
  });
});

suite('a packet that IPVS gives to none', () => {
  test('an engine tells clients apart by what is in the packet, of persistence alone', async () => {
    const engine = three('rr').replace('-s rr', '-s rr -p 360 --pe sip');
    const [way, ...others] = await ways(engine);
    assert.equal(others.length, 0);
    assert.equal(way?.verdict.kind, 'UNKNOWN');
    assert.match(way.verdict.reason, /the engine sip/);
  });

  test('a TTL that ends at the virtual server is refused where the real server is another node’s', async () => {
    const far = '-A -t 10.96.0.50:80 -s rr\n-a -t 10.96.0.50:80 -r 10.244.1.2:8080 -m -w 1\n';
    const kinds = async (ttl: number) => only(await node(far), packet({ ttl })).verdict.kind;
    assert.equal(await kinds(2), 'ACCEPT');
    assert.equal(await kinds(1), 'REJECT');
  });
});
