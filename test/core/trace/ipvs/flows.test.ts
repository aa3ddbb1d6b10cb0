import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import type { IpvsState } from '../../../../src/core/ipvs/state';
import type { IpvsFlow, IpvsTemplate } from '../../../../src/core/trace/conntrack/flowState';
import { knownMemory } from '../../../../src/core/trace/conntrack/known';
import {
  isSameReal,
  masqueradedServer,
  replyOf,
  requestOf,
  templateOf,
} from '../../../../src/core/trace/ipvs/table';
import { untrackOrAlter } from '../../../../src/core/trace/ipvs/transmit';
import { startState } from '../../../../src/core/trace/startState';
import type { State } from '../../../../src/core/trace/state';
import type { Header } from '../../../../src/core/trace/trace';
import { finish } from '../../../../src/core/work';
import { parseIpvsConnections } from '../../../../src/syntax/ipvs/connections';
import { parseIpvsSave } from '../../../../src/syntax/ipvs/save';
import { parseIpvsTable } from '../../../../src/syntax/ipvs/table';
import { node, only, packet, three, ways } from './node';

const [tcp, udp] = [6, 17];
const at = (text: string) => parseAddress(text)!;

/** `10.0.0.1:1 > 10.0.0.2:80` */
function header(text: string, protocol = tcp): Header {
  const [source = '', destination = ''] = text.split(' > ');
  const [from = '', sourcePort] = source.split(':');
  const [to = '', port] = destination.split(':');
  return {
    protocol,
    source: at(from),
    destination: at(to),
    sourcePort: Number(sourcePort),
    destinationPort: Number(port),
  };
}

const stateOf = (text: string): IpvsState => parseIpvsSave(text, 'ipvs').value;

function flowBy(method: string, more: Partial<IpvsFlow> = {}): IpvsFlow {
  const text = three('rr').replaceAll(' -m ', ` ${method} `);
  const [virtual] = stateOf(text).virtualServers;
  return {
    ...{ protocol: tcp, client: at('10.244.0.5'), clientPort: 40000 },
    ...{ address: at('10.96.0.50'), port: 80, virtual: virtual! },
    ...{ real: virtual!.realServers[0]!, realPort: 8080, tracked: true, tcpState: 'NONE' as const },
    ...{ controlled: false, onePacket: false, answered: false, counted: true },
    ...more,
  };
}

suite('the connection of a request (ip_vs_conn_in_get)', () => {
  const sent = '10.244.0.5:40000 > 10.96.0.50:80';
  for (const [text, protocol, found] of [
    [sent, tcp, true],
    [sent, udp, false],
    ['10.244.0.6:40000 > 10.96.0.50:80', tcp, false],
    ['10.244.0.5:40001 > 10.96.0.50:80', tcp, false],
    ['10.244.0.5:40000 > 10.96.0.51:80', tcp, false],
    ['10.244.0.5:40000 > 10.96.0.50:81', tcp, false],
  ] as const) {
    test(`${text}, protocol ${protocol}: ${found ? 'it' : 'none'}`, () => {
      const flow = flowBy('-m');
      const asked = requestOf({ ipvs: [flow], header: header(text, protocol) });
      assert.equal(asked, found ? flow : undefined);
    });
  }
});

suite('the connection of a reply (ip_vs_conn_out_get)', () => {
  for (const [method, text, protocol, found] of [
    ['-m', '10.244.0.2:8080 > 10.244.0.5:40000', tcp, true],
    ['-m', '10.244.0.2:8080 > 10.244.0.5:40000', udp, false],
    ['-m', '10.244.0.2:8081 > 10.244.0.5:40000', tcp, false],
    ['-m', '10.244.0.3:8080 > 10.244.0.5:40000', tcp, false],
    ['-m', '10.244.0.2:8080 > 10.244.0.6:40000', tcp, false],
    ['-m', '10.244.0.2:8080 > 10.244.0.5:40001', tcp, false],
    ['-m', '10.96.0.50:80 > 10.244.0.5:40000', tcp, false],
    // What is not masqueraded answers with the virtual address.
    ['-g', '10.96.0.50:80 > 10.244.0.5:40000', tcp, true],
    ['-g', '10.244.0.2:8080 > 10.244.0.5:40000', tcp, false],
    ['-i', '10.96.0.50:80 > 10.244.0.5:40000', tcp, true],
  ] as const) {
    test(`${method}: ${text}, protocol ${protocol}: ${found ? 'it' : 'none'}`, () => {
      const flow = flowBy(method);
      const asked = replyOf({ ipvs: [flow], header: header(text, protocol) });
      assert.equal(asked, found ? flow : undefined);
    });
  }
});

suite('the template of a client (ip_vs_ct_in_get)', () => {
  const text =
    '-A -t 10.96.0.50:80 -s rr -p 600\n-A -t 10.96.0.50:0 -s rr -p 600\n-A -f 7 -s rr -p 600\n';
  const [web, all, mark] = stateOf(text).virtualServers;
  const real = flowBy('-m').real;
  const template: IpvsTemplate = {
    protocol: tcp,
    client: at('10.244.0.5'),
    virtual: web!,
    port: 80,
    real,
  };
  const find = (own: IpvsTemplate, virtual = own.virtual, of = '10.244.0.5:1 > 10.96.0.50:80') =>
    templateOf({ ipvsTemplates: [own], header: header(of) }, virtual) === own;

  test('by the client’s address, whatever its port', () => {
    assert.ok(find(template));
    assert.ok(!find(template, web, '10.244.0.6:1 > 10.96.0.50:80'));
  });

  test('of the same virtual server, protocol and port', () => {
    assert.ok(!find(template, all));
    assert.ok(!find({ ...template, protocol: udp }));
    assert.ok(!find({ ...template, port: 0 }));
    assert.ok(find({ ...template, virtual: all!, port: 0 }));
    assert.ok(!find({ ...template, virtual: all!, port: 80 }));
  });

  test('of a firewall mark the protocol is none', () => {
    assert.ok(find({ ...template, virtual: mark!, protocol: 0, port: 0 }));
  });
});

suite('real servers', () => {
  const [virtual] = stateOf(three('rr')).virtualServers;
  const [one, other] = virtual!.realServers;

  test('are the same by address and port', () => {
    assert.ok(isSameReal(one!, { ...one!, weight: 7 }));
    assert.ok(!isSameReal(one!, other!));
    assert.ok(!isSameReal(one!, { ...one!, port: 8081 }));
  });

  test('that a packet comes from: masqueraded, of the protocol, at its port', () => {
    const from = (ipvs: IpvsState, text: string, protocol = tcp) =>
      masqueradedServer(ipvs, header(text, protocol))?.range.line;
    const masked = stateOf(three('rr'));
    assert.equal(from(masked, '10.244.0.3:8080 > 10.9.9.9:1'), 2);
    assert.equal(from(masked, '10.244.0.3:8081 > 10.9.9.9:1'), undefined);
    assert.equal(from(masked, '10.244.0.3:8080 > 10.9.9.9:1', udp), undefined);
    const routed = stateOf(three('rr').replaceAll(' -m ', ' -g '));
    assert.equal(from(routed, '10.244.0.3:8080 > 10.9.9.9:1'), undefined);
    const marked = stateOf('-A -f 7 -s rr\n-a -f 7 -r 10.244.0.3:8080 -m -w 1\n');
    assert.equal(from(marked, '10.244.0.3:8080 > 10.9.9.9:1', udp), 1);
  });
});

suite('what IPVS makes of conntrack’s entry (ip_vs_update_conntrack)', () => {
  /** Where answers come from and go to afterwards; `as it was` where nothing is changed. */
  const altered = (
    flow: IpvsFlow,
    direction: 'in' | 'out',
    more: Partial<State['connection']> = {},
    reply = false,
  ) => {
    const state = startState(packet(), {});
    const original = header('10.244.0.5:40000 > 10.96.0.50:80');
    const back = header('10.96.0.50:80 > 10.244.0.5:40000');
    const connection = { ...state.connection!, original, reply: back, confirmed: false, ...more };
    Object.assign(state, { tracking: 'tracked', connection, reply });
    untrackOrAlter(state, flow, direction);
    if (state.tracking !== 'tracked') return state.tracking;
    const after = state.connection!.reply;
    if (after === back) return 'as it was';
    const end = (address: typeof after.source, port?: number) =>
      `${address.words[0]! & 0xff}:${port}`;
    return `${end(after.source, after.sourcePort)} > ${end(after.destination, after.destinationPort)}`;
  };

  test('a new connection’s answers come from the real server', () => {
    assert.equal(altered(flowBy('-m'), 'in'), '2:8080 > 5:40000');
  });

  test('what a real server opens is answered to the virtual address', () => {
    assert.equal(altered(flowBy('-m'), 'out'), '50:80 > 50:80');
  });

  test('but not of one that is confirmed, an answer, one packet alone, or not masqueraded', () => {
    assert.equal(altered(flowBy('-m'), 'in', { confirmed: true }), 'as it was');
    assert.equal(altered(flowBy('-m'), 'in', {}, true), 'as it was');
    assert.equal(altered(flowBy('-m', { onePacket: true }), 'in'), 'as it was');
    assert.equal(altered(flowBy('-g'), 'in'), 'as it was');
  });

  test('with vs.conntrack=0 it is tracked no more', () => {
    assert.equal(altered(flowBy('-m', { tracked: false }), 'in'), 'untracked');
  });
});

suite('a virtual server whose real servers could not all be read', () => {
  const cut = three('rr').replace('10.244.0.3:8080', '10.244.0.x');

  test('gives a packet to one that is not known', async () => {
    const [way, ...others] = await ways(cut);
    assert.equal(others.length, 0);
    assert.equal(way?.verdict.kind, 'UNKNOWN');
    assert.match(way.verdict.reason, /lacks real servers of this virtual server/);
    assert.equal(way.verdict.range?.line, 0);
  });

  test('but a client that is bound to one', async () => {
    const bound = cut.replace('-s rr', '-s rr -p 600');
    const rows = 'TCP 09:00 NONE 10.244.0.5:0 10.96.0.50:80 10.244.0.2:8080\n';
    const state = await node(bound, { ipvsConnections: parseIpvsConnections(rows, 'Lnc').value });
    const { ipvsTemplates } = finish(knownMemory(state, packet()));
    assert.equal(ipvsTemplates?.length, 1);
    const [way] = await ways(bound, packet(), { memory: { ipvsTemplates } });
    assert.equal(way?.verdict.final?.destinationPort, 8080);
  });
});

suite('a row of ipvsadm -Lnc', () => {
  const flowsOf = async (row: string, protocol: number) => {
    const state = await node(three('rr'), {
      ipvsConnections: parseIpvsConnections(row, 'Lnc').value,
      ipvs: parseIpvsTable('', 'none').value,
    });
    return finish(knownMemory(state, packet({ protocol }))).ipvs!;
  };

  test('has a state of TCP where it is one of TCP', async () => {
    const ends = '10.244.0.5:40000 10.96.0.50:80 10.244.0.2:8080\n';
    const [one] = await flowsOf(`TCP 14:59 ESTABLISHED ${ends}`, tcp);
    assert.equal(one?.tcpState, 'ESTABLISHED');
    const [other] = await flowsOf(`UDP 04:59 UDP ${ends}`, udp);
    assert.equal(other?.tcpState, 'NONE');
  });

  for (const [row, virtual, real] of [
    // Its own port before all ports, whatever stands first.
    ['TCP 14:59 ESTABLISHED 10.244.0.5:4 10.96.0.50:80 10.244.0.2:8080', 2, 3],
    ['TCP 14:59 ESTABLISHED 10.244.0.5:4 10.96.0.50:81 10.244.0.2:81', 0, 1],
    ['UDP 04:59 UDP 10.244.0.5:4 10.96.0.50:80 10.244.0.2:8080', undefined, undefined],
    ['TCP 14:59 ESTABLISHED 10.244.0.5:4 10.96.0.50:80 10.244.0.2:9090', 2, undefined],
    // Templates: for all ports, and for a mark in place of the address.
    ['TCP 09:00 NONE 10.244.0.5:0 10.96.0.50:0 10.244.0.2:0', 0, 1],
    ['TCP 09:00 NONE 10.244.0.5:0 10.96.0.50:80 10.244.0.2:0', 2, 3],
    ['IP 09:00 NONE 10.244.0.5:0 0.0.0.7:0 10.244.0.2:8080', 4, 5],
    ['IP 09:00 NONE 10.244.0.5:0 0.0.0.8:0 10.244.0.2:8080', undefined, undefined],
  ] as const) {
    test(`${row}: rows ${virtual} and ${real} of the table`, async () => {
      const table = `-A -t 10.96.0.50:0 -s rr -p 600
-a -t 10.96.0.50:0 -r 10.244.0.2:0 -g -w 1
-A -t 10.96.0.50:80 -s rr
-a -t 10.96.0.50:80 -r 10.244.0.2:8080 -m -w 1
-A -f 7 -s rr -p 600
-a -f 7 -r 10.244.0.2:8080 -m -w 1
`;
      const ipvsConnections = parseIpvsConnections(`${row}\n`, 'Lnc').value;
      const state = await node(table, { ipvsConnections });
      const known = finish(knownMemory(state, packet()));
      const [found] = [...known.ipvs!, ...known.ipvsTemplates!];
      const line = (at: { source: string; line: number }) =>
        at.source === 'ipvs' ? at.line : undefined;
      assert.deepEqual([line(found!.virtual.range), line(found!.real.range)], [virtual, real]);
    });
  }

  test('whose servers are gone from the table is kept with what it says of them', async () => {
    const [flow] = await flowsOf(
      'TCP 14:59 ESTABLISHED 10.244.0.5:40000 10.96.0.50:80 10.244.0.2:8080\n',
      tcp,
    );
    const { virtual, real } = flow!;
    assert.deepEqual(
      [virtual.address, virtual.port, virtual.protocol, real.address, real.port],
      [at('10.96.0.50'), 80, tcp, at('10.244.0.2'), 8080],
    );
  });
});

suite('a real server that ipvsadm calls Local (ip_vs_null_xmit)', () => {
  const listed = (address: string, method: string) => `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.96.0.50:80 rr
  -> ${address}:80               ${method}   1      0          0
`;
  const end = async (address: string, method: string) => {
    const state = await node(undefined, {
      ipvs: parseIpvsTable(listed(address, method), 'ln').value,
    });
    const { verdict, steps } = only(state, packet());
    const said = steps.flatMap((step) => (step.kind === 'ipvs' ? [step.effect] : [])).at(-1);
    return [verdict.kind, verdict.delivered, verdict.final!.destination.words[0]! & 0xff, said];
  };

  test('keeps the packet on this node, with its address, whatever its own is', async () => {
    for (const address of ['192.168.77.10', '10.244.0.2']) {
      assert.deepEqual(await end(address, 'Local'), [
        ...['ACCEPT', 'local', 50],
        '10.244.0.5:40000 > 10.96.0.50:80 unchanged: Local keeps it on this node',
      ]);
    }
    const [, delivered] = await end('10.244.0.2', 'Route');
    assert.equal(delivered, 'cni0');
  });
});

suite('a scheduler that goes by connections', () => {
  test('counts those since the capture only where the capture has counts', async () => {
    const conditions = (found: Awaited<ReturnType<typeof ways>>) =>
      found.map(({ branches }) => branches[0]?.condition);
    const first = await ways(three('lc'));
    const memory = first[0]!.verdict.after;
    const other = packet({ source: at('10.244.0.6') });
    assert.deepEqual(conditions(await ways(three('lc'), other, { memory })), conditions(first));
    assert.match(conditions(first)[0] ?? '', /^lc goes by connections: /);
  });
});

suite('an ICMP error of the client about what it got (ip_vs_in_icmp)', () => {
  /** Where it is delivered; what it quotes had come from the virtual server. */
  const end = async (icmpType: number, protocol = tcp, ipvs: string | undefined = three('rr')) => {
    const { destination, destinationPort, source, sourcePort } = packet();
    const inner = {
      ...{ protocol, source: destination, sourcePort: destinationPort },
      ...{ destination: source, destinationPort: sourcePort },
    };
    const known = parseIpvsConnections(
      'TCP 14:59 ESTABLISHED 10.244.0.5:40000 10.96.0.50:80 10.244.0.2:8080\n',
      'Lnc',
    ).value;
    const error = {
      protocol: 1,
      icmpType,
      sourcePort: undefined,
      destinationPort: undefined,
      inner,
    };
    const state = await node(ipvs, { ipvsConnections: known });
    const { verdict } = only(state, packet(error));
    return verdict.kind === 'ACCEPT' ? verdict.delivered : verdict.kind;
  };

  test('unreachable, quench and time exceeded go to the real server', async () => {
    for (const type of [3, 4, 11]) assert.equal(await end(type), 'cni0');
  });

  test('others, and what quotes a protocol that IPVS does not schedule, stay', async () => {
    for (const type of [5, 12]) assert.equal(await end(type), 'local');
    assert.equal(await end(3, 1), 'local');
  });
});
