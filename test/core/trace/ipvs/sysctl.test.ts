import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import type { NodeState } from '../../../../src/core/node';
import { tcpFlagBits, type InnerPacket } from '../../../../src/core/packet';
import { traceFlow } from '../../../../src/core/trace/tracer';
import { node, only, packet } from './node';

const { SYN, RST, ACK } = tcpFlagBits;
const address = (text: string) => parseAddress(text)!;
const server = `-A -t 10.96.0.50:80 -s rr
-a -t 10.96.0.50:80 -r 10.244.0.2:8080 -m -w 1
`;

async function withSysctl(name: string, value: string, ipvs = server): Promise<NodeState> {
  return node(ipvs, { sysctls: new Map([[`net.ipv4.vs.${name}`, value]]) });
}

suite('net.ipv4.vs', () => {
  test('nat_icmp_send refuses what a real server sends of no connection, but for a RST', async () => {
    const from = packet({
      source: address('10.244.0.2'),
      sourcePort: 8080,
      destination: address('192.0.2.1'),
      destinationPort: 40000,
      flags: SYN | ACK,
    });
    const on = await withSysctl('nat_icmp_send', '1');
    const { kind, by, reply } = only(on, from).verdict;
    assert.deepEqual([kind, by, reply], ['REJECT', 'ipvs', 'icmp-port-unreachable']);
    assert.equal(only(on, { ...from, flags: RST }).verdict.kind, 'ACCEPT');
    assert.equal(only(on, { ...from, sourcePort: 8081 }).verdict.kind, 'ACCEPT');
    assert.equal(only(on, { ...from, protocol: 17 }).verdict.kind, 'ACCEPT');
    assert.equal(only(await withSysctl('nat_icmp_send', '0'), from).verdict.kind, 'ACCEPT');
    const routed = await withSysctl('nat_icmp_send', '1', server.replace(' -m ', ' -g '));
    assert.equal(only(routed, from).verdict.kind, 'ACCEPT');
  });

  test('cache_bypass sends what no server of a mark takes to where the client sent it', async () => {
    const mark = { mark: 7 };
    const ipvs = '-A -f 7 -s rr\n';
    const own = packet({
      source: address('192.168.77.10'),
      destination: address('192.0.2.1'),
      inInterface: undefined,
    });
    const on = await withSysctl('cache_bypass', '1', ipvs);
    const past = only(on, own, mark);
    assert.deepEqual([past.verdict.kind, past.verdict.delivered], ['ACCEPT', 'eth0']);
    assert.deepEqual(past.verdict.final!.destination, own.destination);
    const memory = past.verdict.after;
    const later = only(on, { ...own, flags: ACK }, { memory, ...mark });
    assert.equal(later.verdict.delivered, 'eth0');
    const local = { ...own, destination: address('10.96.0.50') };
    assert.equal(only(on, local, mark).verdict.kind, 'REJECT');
    const off = await withSysctl('cache_bypass', '0', ipvs);
    assert.equal(only(off, own, mark).verdict.kind, 'REJECT');
    const named = await withSysctl('cache_bypass', '1', '-A -t 10.96.0.50:80 -s rr\n');
    assert.equal(only(named, packet()).verdict.kind, 'REJECT');
  });

  test('schedule_icmp gives an ICMP error a connection: that of the answer that it quotes', async () => {
    const inner: InnerPacket = {
      protocol: 6,
      source: address('10.96.0.50'),
      sourcePort: 80,
      destination: address('10.244.0.5'),
      destinationPort: 40000,
    };
    const error = packet({ protocol: 1, icmpType: 3, icmpCode: 4, inner });
    const on = await withSysctl('schedule_icmp', '1');
    const { final, after } = only(on, error).verdict;
    assert.deepEqual(final!.destination, address('10.244.0.2'));
    assert.deepEqual(
      [final!.inner?.source, final!.inner?.sourcePort],
      [address('10.244.0.2'), 8080],
    );
    assert.deepEqual([after.ipvs![0]!.client, after.ipvs![0]!.port], [address('10.244.0.5'), 80]);
    const off = await withSysctl('schedule_icmp', '0');
    assert.equal(only(off, error).verdict.delivered, 'local');
    // No error is sent about an error.
    const none = await withSysctl('schedule_icmp', '1', '-A -t 10.96.0.50:80 -s rr\n');
    assert.equal(only(none, error).verdict.kind, 'DROP');
  });

  test('conntrack=0: a connection ended for a new one drops no packet, whatever conntrack knows', async () => {
    const state = await withSysctl('conntrack', '0');
    const first = only(state, packet()).verdict.after;
    const closed = first.ipvs!.map((flow) => ({ ...flow, tcpState: 'TIME_WAIT' as const }));
    const tracked = await withSysctl('conntrack', '1');
    const known = only(tracked, packet()).verdict.after.connections!;
    const memory = { ...first, ipvs: closed, connections: known };
    assert.equal(only(state, packet(), { memory }).verdict.kind, 'ACCEPT');
    const kept = closed.map((flow) => ({ ...flow, tracked: true }));
    const dropped = only(tracked, packet(), { memory: { ...memory, ipvs: kept } });
    assert.equal(dropped.verdict.kind, 'DROP');
    assert.deepEqual(dropped.verdict.after.connections, []);
  });

  test('conn_reuse_mode=0 once kept new connections at a draining server: told where it decides', async () => {
    const told = async (mode: string, weight: number) => {
      const ipvs = server.replace('-w 1', `-w ${weight}`);
      const state = await withSysctl('conn_reuse_mode', mode, ipvs);
      const memory = only(await node(server), packet()).verdict.after;
      const again = traceFlow(state, packet(), { memory });
      return again.assumptions.some(({ text }) => text.includes('5.16'));
    };
    assert.equal(await told('0', 0), true);
    assert.equal(await told('1', 0), false);
    assert.equal(await told('0', 1), false);
  });

  test('a server that is deleted takes its connections with it, as of Linux 5.9, which is told', async () => {
    const memory = only(await node(server), packet()).verdict.after;
    const told = async (ipvs: string) => {
      const again = traceFlow(await node(ipvs), packet({ flags: ACK }), { memory });
      return again.assumptions.some(({ text }) => text.includes('5.9'));
    };
    assert.equal(await told('-A -t 10.96.0.50:80 -s rr\n'), true);
    assert.equal(await told(server), false);
  });
});
