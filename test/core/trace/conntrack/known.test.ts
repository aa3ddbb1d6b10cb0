import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import { askersOf } from '../../../../src/core/flow/packets';
import type { NodeState } from '../../../../src/core/node';
import type { Packet } from '../../../../src/core/packet';
import type { Connection } from '../../../../src/core/trace/conntrack/flowState';
import { knownMemory } from '../../../../src/core/trace/conntrack/known';
import { leaves } from '../../../../src/core/trace/leaves';
import type { Leaf } from '../../../../src/core/trace/leaves';
import { traceFlow } from '../../../../src/core/trace/tracer';
import { parseConntrack } from '../../../../src/syntax/conntrack/entries';
import { parseIpAddress } from '../../../../src/syntax/ip/address';
import { parseIpRoute } from '../../../../src/syntax/ip/route';
import { rulesetsOfText } from '../../../../src/syntax/iptables/ruleset/ruleset';
import { parseIpvsConnections } from '../../../../src/syntax/ipvs/connections';
import { parseIpvsSave } from '../../../../src/syntax/ipvs/save';
import { testParser } from '../../../syntax/parser';
import { finish } from '../../../../src/core/work';

const addresses = `2: eth0: <UP,LOWER_UP> mtu 1500 state UP
    inet 192.168.77.10/24 scope global eth0
3: cni0: <UP,LOWER_UP> mtu 1500 state UP
    inet 10.244.0.1/24 scope global cni0
4: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 state DOWN
    inet 10.99.205.136/32 scope global kube-ipvs0
`;
const routes = `default via 192.168.77.1 dev eth0
10.244.0.0/24 dev cni0 src 10.244.0.1
10.244.1.0/24 via 192.168.77.11 dev eth0
local 10.99.205.136 dev kube-ipvs0 table local src 10.99.205.136
local 192.168.77.10 dev eth0 table local src 192.168.77.10
`;
const rules = `*nat
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -d 10.96.0.7/32 -p tcp -j DNAT --to-destination 10.244.1.9:80
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
COMMIT
`;
const one = '-A -t 10.99.205.136:3000 -s rr\n-a -t 10.99.205.136:3000 -r 10.244.1.3:3000 -m -w 1\n';

interface Tables {
  readonly connections?: string;
  readonly ipvsConnections?: string;
  readonly ipvs?: string;
  readonly sysctls?: Readonly<Record<string, string>>;
}

async function node({ connections, ipvsConnections, ipvs, sysctls }: Tables): Promise<NodeState> {
  return {
    name: 'a',
    rulesets: rulesetsOfText('rules', rules, await testParser()),
    interfaces: parseIpAddress(addresses, 'addresses').value,
    routes: parseIpRoute(routes, 'routes').value,
    ipvs: ipvs === undefined ? undefined : parseIpvsSave(ipvs, 'ipvs').value,
    connections: connections === undefined ? undefined : parseConntrack(connections, 'ct').value,
    ipvsConnections:
      ipvsConnections === undefined
        ? undefined
        : parseIpvsConnections(ipvsConnections, 'Lnc').value,
    sysctls: sysctls && new Map(Object.entries(sysctls)),
    findings: [],
  };
}

function packetOf(more: Partial<Packet> = {}): Packet {
  return {
    protocol: 6,
    source: parseAddress('10.244.0.5')!,
    sourcePort: 40000,
    destination: parseAddress('10.99.205.136')!,
    destinationPort: 3000,
    inInterface: 'cni0',
    flags: 16,
    ...more,
  };
}

async function trace(tables: Tables, more: Partial<Packet> = {}): Promise<Leaf> {
  return leaves(traceFlow(await node(tables), packetOf(more)).path)[0]!;
}

const row = 'TCP 14:59 ESTABLISHED 10.244.0.5:40000 10.99.205.136:3000 10.244.1.4:3000\n';

suite('connections that the dumps know', () => {
  test("a packet of IPVS's connection goes to its server, whatever the scheduler would choose", async () => {
    const ipvs = `${one}-a -t 10.99.205.136:3000 -r 10.244.1.4:3000 -m -w 1\n`;
    const { verdict, steps } = await trace({ ipvs, ipvsConnections: row });
    assert.equal(verdict.final!.destination.words[0]! & 0xff, 4);
    const known = steps.find(({ range }) => range?.source === 'Lnc');
    const effect = 'a known connection of this client, ESTABLISHED: pinned to 10.244.1.4:3000';
    assert.equal(known?.effect, effect);
  });

  test('whether conntrack follows it is assumed as kube-proxy sets it, and said', async () => {
    const said = async (sysctls?: Tables['sysctls']) => {
      const state = await node({ ipvs: one, ipvsConnections: row.replace('1.4', '1.3'), sysctls });
      const { assumptions } = traceFlow(state, packetOf());
      return assumptions.some(({ text }) => text.includes('net.ipv4.vs.conntrack is 1'));
    };
    assert.equal(await said(), true);
    assert.equal(await said({ 'net.ipv4.vs.conntrack': '0' }), false);
  });

  test('pinned to a server that is gone: dropped, and said so', async () => {
    const sysctls = { 'net.ipv4.vs.expire_nodest_conn': '0' };
    const { verdict } = await trace({ ipvs: one, ipvsConnections: row, sysctls });
    const why = "IPVS: this client's connection is pinned to 10.244.1.4:3000, which is gone";
    assert.deepEqual([verdict.kind, verdict.reason], ['DROP', why]);
    assert.equal(verdict.client?.sees, 'silence');
  });

  test('without such a row the same packet opens no connection', async () => {
    const { verdict } = await trace({ ipvs: one, ipvsConnections: '' });
    assert.deepEqual([verdict.kind, verdict.delivered], ['ACCEPT', 'local']);
  });

  test("a persistent client's template decides for its next connection", async () => {
    const ipvs = `-A -t 10.99.205.136:3000 -s rr -p 600
-a -t 10.99.205.136:3000 -r 10.244.1.3:3000 -m -w 1
-a -t 10.99.205.136:3000 -r 10.244.1.4:3000 -m -w 1\n`;
    const template = 'TCP 09:00 NONE 10.244.0.5:0 10.99.205.136:3000 10.244.1.4:3000\n';
    const first = { flags: 2, sourcePort: 41000 };
    const { verdict, probability } = await trace({ ipvs, ipvsConnections: template }, first);
    assert.equal(verdict.final!.destination.words[0]! & 0xff, 4);
    assert.equal(probability, 1);
  });

  test('a template is no connection, and a connection none of the templates', async () => {
    const rows = `${row}TCP 09:00 NONE 10.244.0.5:0 10.99.205.136:3000 10.244.1.4:3000\n`;
    const state = await node({ ipvs: one, ipvsConnections: rows });
    const { ipvs, ipvsTemplates } = finish(knownMemory(state, packetOf()));
    assert.deepEqual(
      ipvs!.map(({ clientPort }) => clientPort),
      [40000],
    );
    assert.equal(ipvsTemplates!.length, 1);
  });

  test("conntrack's entry translates as the first packet was, not as the rules of now", async () => {
    const connections =
      'tcp      6 431999 ESTABLISHED src=10.244.0.5 dst=10.96.0.7 sport=40000 dport=80 src=10.244.1.8 dst=192.168.77.10 sport=8080 dport=51000 [ASSURED] mark=0 use=1\n';
    const destination = parseAddress('10.96.0.7')!;
    const { verdict, steps } = await trace({ connections }, { destination, destinationPort: 80 });
    const { source, sourcePort, destination: to, destinationPort } = verdict.final!;
    assert.deepEqual(
      [source.words[0]! & 0xff, sourcePort, to.words[0]! & 0xff, destinationPort],
      [10, 51000, 8, 8080],
    );
    assert.equal(steps.find(({ kind }) => kind === 'conntrack')?.range?.source, 'ct');
  });

  test('one way or both: a packet of the opener is NEW until an answer was seen', async () => {
    const entry = (unreplied: string) =>
      `udp 17 29 src=10.244.0.5 dst=10.244.1.3 sport=40000 dport=53 ${unreplied}src=10.244.1.3 dst=10.244.0.5 sport=53 dport=40000 mark=0 use=1\n`;
    const state = async (unreplied: string) => {
      const more = { protocol: 17, destination: parseAddress('10.244.1.3')!, destinationPort: 53 };
      const { steps } = await trace({ connections: entry(unreplied) }, more);
      return steps.find(({ kind }) => kind === 'conntrack')?.effect;
    };
    assert.match((await state('[UNREPLIED] ')) ?? '', /NEW/);
    assert.match((await state('')) ?? '', /ESTABLISHED/);
  });

  test('only those between the packet’s own ends are its own', async () => {
    const row = (from: string, to: string, more = '') =>
      `tcp 6 9 ESTABLISHED src=${from} dst=${to} sport=1 dport=80 src=${to} dst=${from} sport=80 dport=1 ${more}mark=0 use=1\n`;
    const count = async (...rows: readonly string[]) => {
      const state = await node({ connections: rows.join('') });
      return finish(knownMemory(state, packetOf())).connections!.length;
    };
    const own = row('10.244.0.5', '10.99.205.136');
    assert.equal(await count(own), 1);
    assert.equal(await count(row('10.99.205.136', '10.244.0.5')), 1);
    assert.equal(await count(row('10.244.0.5', '10.244.1.3')), 0);
    assert.equal(await count(row('10.244.1.3', '10.99.205.136')), 0);
    assert.equal(await count(own.replace('tcp 6', 'udp 17').replace('ESTABLISHED ', '')), 0);
    assert.equal(await count(own, row('10.244.0.5', '10.244.1.3'), own), 2);
  });

  test('a ping by its id', async () => {
    const connections =
      'icmp 1 29 src=10.244.0.5 dst=10.244.1.3 type=8 code=0 id=77 src=10.244.1.3 dst=10.244.0.5 type=0 code=0 id=77 mark=0 use=1\n';
    const state = async (sourcePort: number) => {
      const destination = parseAddress('10.244.1.3')!;
      const ping = { protocol: 1, destination, destinationPort: undefined, icmpType: 8 };
      const { steps } = await trace({ connections }, { ...ping, sourcePort });
      return steps.find(({ kind }) => kind === 'conntrack')?.effect;
    };
    assert.match((await state(77)) ?? '', /ESTABLISHED/);
    assert.match((await state(78)) ?? '', /NEW/);
    const { original, reply } = finish(
      knownMemory(await node({ connections }), {
        ...packetOf(),
        protocol: 1,
        destination: parseAddress('10.244.1.3')!,
      }),
    ).connections![0]!;
    // Whoever asked has the id for a port, in both directions.
    assert.deepEqual([original.sourcePort, original.destinationPort], [77, undefined]);
    assert.deepEqual([reply.sourcePort, reply.destinationPort], [undefined, 77]);
  });

  test('of this node itself the answer of a known connection opens none (ip_vs_schedule)', async () => {
    const ipvs = `${one}-A -t 10.99.205.136:4000 -s rr\n-a -t 10.99.205.136:4000 -r 10.244.1.4:4000 -m -w 1\n`;
    // The client has an address and port that is a virtual server, too.
    const ipvsConnections =
      'TCP 14:59 ESTABLISHED 10.99.205.136:4000 10.99.205.136:3000 10.244.1.3:3000\n';
    const clusterIp = parseAddress('10.99.205.136')!;
    const answer = { source: clusterIp, sourcePort: 3000, destinationPort: 4000, flags: 2 };
    const said = async (more: Partial<Packet>) => {
      const { steps } = await trace({ ipvs, ipvsConnections }, { ...answer, ...more });
      return steps.filter(({ kind }) => kind === 'ipvs').map(({ effect }) => effect)[0];
    };
    const passed =
      'virtual server tcp 10.99.205.136:4000 rr: a reply of a real server on this node: IPVS lets it pass';
    assert.equal(await said({ inInterface: undefined }), passed);
    assert.equal(
      await said({ inInterface: undefined, sourcePort: 3001 }),
      'virtual server tcp 10.99.205.136:4000 rr',
    );
  });

  test('an entry of another packet decides nothing', async () => {
    const connections =
      'tcp      6 431999 ESTABLISHED src=10.244.0.5 dst=10.96.0.7 sport=40001 dport=80 src=10.244.1.8 dst=192.168.77.10 sport=8080 dport=51000 [ASSURED] mark=0 use=1\n';
    const more = { destination: parseAddress('10.96.0.7')!, destinationPort: 80, flags: 2 };
    const { verdict } = await trace({ connections }, more);
    assert.equal(verdict.final!.destination.words[0]! & 0xff, 9);
  });
});

suite('what an entry of conntrack tells', () => {
  const ends = (reply = 'src=10.244.1.8 dst=192.168.77.10 sport=8080 dport=51000') =>
    `src=10.244.0.5 dst=10.96.0.7 sport=40000 dport=80 ${reply}`;
  const straight = ends('src=10.96.0.7 dst=10.244.0.5 sport=80 dport=40000');

  async function told(line: string, more: Partial<Packet> = {}, tables: Tables = {}) {
    const state = await node({ ...tables, connections: `${line}\n` });
    const of = packetOf({ destination: parseAddress('10.96.0.7')!, destinationPort: 80, ...more });
    return finish(knownMemory(state, of)).connections ?? [];
  }
  const tcp = (state: string, rest = ends()) => `tcp 6 100 ${state} ${rest} mark=0 use=1`;

  test('whether an answer was seen and the connection is assured, its mark and zones', async () => {
    const fields = async (line: string) => {
      const [{ seenReply, assured, confirmed, mark, zone }] = (await told(line)) as [Connection];
      return [seenReply, assured, confirmed, mark, zone?.original, zone?.reply];
    };
    const rest = (flags: string, more: string) => `tcp 6 100 SYN_SENT ${flags} ${more} use=1`;
    assert.deepEqual(
      await fields(rest(straight.replace(' src=10.96', ' [UNREPLIED] src=10.96'), 'mark=0')),
      [false, false, true, 0, undefined, undefined],
    );
    assert.deepEqual(await fields(rest(`${straight} [ASSURED]`, 'mark=16384 zone=4')), [
      ...[true, true, true, 16384, 4, 4],
    ]);
    assert.deepEqual(await fields(rest(straight, 'mark=1 zone-orig=4')), [
      ...[true, false, true, 1, 4, 0],
    ]);
  });

  test('what was translated: the end that answers come from, or go to', async () => {
    const nat = async (reply?: string, tables?: Tables) => {
      const [{ sourceNat, destinationNat, sourceDone, destinationDone }] = (await told(
        tcp('ESTABLISHED', reply),
        {},
        tables,
      )) as [Connection];
      assert.ok(sourceDone && destinationDone);
      return [sourceNat, destinationNat];
    };
    assert.deepEqual(await nat(straight), [false, false]);
    assert.deepEqual(await nat(ends()), [true, true]);
    assert.deepEqual(await nat(ends('src=10.96.0.7 dst=10.244.0.5 sport=80 dport=40001')), [
      true,
      false,
    ]);
    assert.deepEqual(await nat(ends('src=10.96.0.7 dst=10.244.0.6 sport=80 dport=40000')), [
      true,
      false,
    ]);
    const mapped = ends('src=10.244.1.8 dst=10.244.0.5 sport=80 dport=40000');
    assert.deepEqual(await nat(mapped), [false, true]);
    assert.deepEqual(await nat(ends('src=10.96.0.7 dst=10.244.0.5 sport=8080 dport=40000')), [
      false,
      true,
    ]);
    // IPVS writes its server there, too, without a translation of conntrack's.
    const ipvs = one.replaceAll('10.99.205.136:3000', '10.96.0.7:80');
    assert.deepEqual(await nat(mapped, { ipvs }), [false, false]);
    assert.deepEqual(await nat(mapped, { ipvs: one }), [false, true]);
  });

  test('the state of TCP, and whether somebody has closed', async () => {
    const state = async (name: string) => {
      const [{ tcp: tracking }] = (await told(tcp(name))) as [Connection];
      return [tracking?.state, tracking?.closing];
    };
    for (const name of ['SYN_SENT', 'SYN_RECV', 'ESTABLISHED', 'CLOSE']) {
      assert.deepEqual(await state(name), [name, false]);
    }
    for (const name of ['FIN_WAIT', 'CLOSE_WAIT', 'LAST_ACK', 'TIME_WAIT']) {
      assert.deepEqual(await state(name), [name, true]);
    }
    const [udp] = await told(`udp 17 29 ${straight} mark=0`, { protocol: 17 });
    assert.equal(udp!.tcp, undefined);
  });

  test('of the packet’s protocol and ends alone, in either direction', async () => {
    const count = async (more: Partial<Packet>, line = tcp('ESTABLISHED')) =>
      (await told(line, more)).length;
    assert.equal(await count({}), 1);
    assert.equal(await count({ protocol: 17 }), 0);
    assert.equal(await count({ source: parseAddress('10.244.0.6')! }), 0);
    const answer = {
      source: parseAddress('10.244.1.8')!,
      destination: parseAddress('192.168.77.10')!,
    };
    assert.equal(await count(answer), 1);
    assert.equal(await count({ ...answer, source: parseAddress('10.244.1.9')! }), 0);
    // An event is no entry of a table; an ICMP error is of what it quotes.
    assert.equal(await count({}, `[NEW] ${tcp('SYN_SENT')}`), 0);
    const inner = packetOf({ destination: parseAddress('10.96.0.7')!, destinationPort: 80 });
    const error = { protocol: 1, icmpType: 3, source: parseAddress('9.9.9.9')!, inner };
    assert.equal(await count(error), 1);
    assert.equal(await count({ ...error, inner: { ...inner, protocol: 17 } }), 0);
  });
});

suite('who asks from this node', () => {
  // Recorded on Kubernetes 1.36 in ipvs mode without clusterCIDR: the source is the ClusterIP itself.
  const recorded =
    'tcp      6 65 TIME_WAIT src=10.99.205.136 dst=10.99.205.136 sport=42610 dport=3000 src=10.244.0.4 dst=10.244.0.1 sport=3000 dport=58257 [ASSURED] mark=0 use=1\n';

  test('in ipvs mode with the source that the route gives, as conntrack recorded it', async () => {
    const own = await node({ ipvs: one });
    const clusterIp = parseAddress('10.99.205.136')!;
    const service = {
      name: 's',
      protocol: 6,
      *readEndpoints() {
        return [];
      },
      chains: [],
      entries: [{ kind: 'cluster-ip', address: clusterIp, port: 3000 }],
    } as unknown as Parameters<typeof askersOf>[1]['service'];
    const askers = finish(askersOf(own, { service, family: 4, ruleset: own.rulesets[0]! }));
    const asker = askers.find(({ label }) => label.startsWith('This node'));
    const [entry] = parseConntrack(recorded, 'ct').value;
    assert.deepEqual(asker?.packet.source, entry!.original.source);
    assert.deepEqual(asker?.packet.destination, entry!.original.destination);
  });
});

suite('conntrack -L', () => {
  test('/proc/net/nf_conntrack, icmp, events and what is none', () => {
    const text = `ipv4     2 udp      17 29 src=10.0.0.1 dst=10.0.0.2 sport=5 dport=53 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=53 dport=5 mark=16384 zone=3 use=2
icmp     1 29 src=10.0.0.1 dst=10.0.0.2 type=8 code=0 id=77 src=10.0.0.2 dst=10.0.0.1 type=0 code=0 id=77 mark=0 use=1
    [NEW] tcp      6 120 SYN_SENT src=10.0.0.1 dst=10.0.0.2 sport=5 dport=80 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=80 dport=5
[DESTROY] tcp      6 src=10.0.0.1 dst=10.0.0.2 sport=5 dport=80 src=10.0.0.2 dst=10.0.0.1 sport=80 dport=5
conntrack v1.4.7 (conntrack-tools): 4 flow entries have been shown.
tcp 6 nonsense
`;
    const { value, findings } = parseConntrack(text, 'ct');
    assert.deepEqual(
      value.map(({ protocol, state, event, unreplied, mark, zone, icmp }) => [
        protocol,
        state,
        event,
        unreplied,
        mark,
        zone,
        icmp?.id,
      ]),
      [
        [17, undefined, undefined, true, 16384, 3, undefined],
        [1, undefined, undefined, false, 0, undefined, 77],
        [6, 'SYN_SENT', 'NEW', true, 0, undefined, undefined],
        [6, undefined, 'DESTROY', false, 0, undefined, undefined],
      ],
    );
    assert.deepEqual(
      findings.map(({ range }) => range.line),
      [5],
    );
  });

  test('the zone of both directions or of one', () => {
    const entry = (zone: string) =>
      `udp 17 29 src=10.0.0.1 dst=10.0.0.2 sport=5 dport=53 src=10.0.0.2 dst=10.0.0.1 sport=53 dport=5 ${zone} use=1\n`;
    const { value } = parseConntrack(
      entry('zone-orig=4') + entry('zone-reply=5') + entry(''),
      'ct',
    );
    assert.deepEqual(
      value.map(({ zone, zoneDirection }) => [zone, zoneDirection]),
      [
        [4, 'original'],
        [5, 'reply'],
        [undefined, undefined],
      ],
    );
  });
});
