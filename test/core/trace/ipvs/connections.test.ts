import assert from 'node:assert/strict';
import { formatAddress, parseAddress } from '../../../../src/core/address';
import type { NodeState } from '../../../../src/core/node';
import { tcpFlagBits, type Packet } from '../../../../src/core/packet';
import { leaves } from '../../../../src/core/trace/leaves';
import type { Leaf } from '../../../../src/core/trace/leaves';
import { traceFlow } from '../../../../src/core/trace/tracer';
import type { TraceOptions } from '../../../../src/core/trace/tracer';
import { parseIpRoute } from '../../../../src/syntax/ip/route';
import { parseIpvsSave } from '../../../../src/syntax/ipvs/save';
import { parseIpvsTable } from '../../../../src/syntax/ipvs/table';
import { node, only, packet } from './node';

const { FIN, SYN, ACK } = tcpFlagBits;
const address = (text: string) => parseAddress(text)!;

function trace(state: NodeState, from: Packet, options?: TraceOptions): readonly Leaf[] {
  return leaves(traceFlow(state, from, options).path);
}

/** `10.244.0.2:8080`. */
function where({ verdict }: Leaf): string {
  const { destination, destinationPort } = verdict.final!;
  return `${formatAddress(destination)}:${destinationPort}`;
}

function oneServer(server: string, options = ''): string {
  return `-A -t 10.96.0.50:80 -s rr ${options}\n-a -t 10.96.0.50:80 -r ${server} -w 1\n`;
}

suite('FTP in IPVS', () => {
  const ftp = (options: string) => `-A -t 10.96.0.50:21 -s rr ${options}
-a -t 10.96.0.50:21 -r 10.244.0.2:21 -m -w 1
-a -t 10.96.0.50:21 -r 10.244.0.3:21 -m -w 1
`;
  const to = (destinationPort: number) => packet({ destinationPort });

  test('persistent: its clients’ data go to the same server, at the port that they were sent to', async () => {
    const state = await node(ftp('-p 360'));
    const [control] = trace(state, to(21));
    const memory = control!.verdict.after;
    const data = only(state, to(5000), { memory });
    assert.equal(where(data), where(control!).replace(':21', ':5000'));
    assert.equal(trace(state, to(5000)).length, 2);
  });

  test('privileged ports are not its data, but for 20', async () => {
    const state = await node(ftp('-p 360'));
    assert.equal(only(state, to(1023)).verdict.delivered, 'local');
    assert.equal(trace(state, to(20)).length, 2);
    const sysctls = new Map([['net.ipv4.ip_unprivileged_port_start', '80']]);
    assert.equal(trace({ ...state, sysctls }, to(81)).length, 2);
  });

  test('not persistent: other ports pass', async () => {
    assert.equal(only(await node(ftp('')), to(5000)).verdict.delivered, 'local');
    assert.equal(trace(await node(ftp('')), to(21)).length, 2);
  });

  test('persistent, but without a server: other ports pass, its own is refused', async () => {
    const state = await node('-A -t 10.96.0.50:21 -s rr -p 360\n');
    assert.equal(only(state, to(5000)).verdict.delivered, 'local');
    assert.equal(only(state, to(21)).verdict.kind, 'REJECT');
  });
});

suite('firewall marks in IPVS', () => {
  const marked = `-A -f 7 -s rr
-a -f 7 -r 10.244.0.2:8080 -m -w 1
-A -f 7 -s rr -6
-a -f 7 -r [fd00::2]:8080 -m -w 1 -6
`;

  test('are of one family each', async () => {
    const state = await node(marked);
    const [row] = only(state, packet(), { mark: 7 }).steps.flatMap((step) =>
      step.kind === 'ipvs' ? [step.virtual?.range.line] : [],
    );
    assert.equal(row, 0);
    const six = parseIpvsSave(marked.split('\n').slice(2).join('\n'), 'ipvs').value;
    assert.equal(only({ ...state, ipvs: six }, packet(), { mark: 7 }).verdict.delivered, 'local');
  });

  test('ipvsadm -Ln and -Sn tell the family, /proc/net/ip_vs does not', () => {
    const families = (text: string) =>
      parseIpvsTable(text, 'ipvs').value.virtualServers.map(({ family }) => family);
    const head =
      'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n';
    const listed = `${head}  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n`;
    assert.deepEqual(families(`${listed}FWM  7 rr\nFWM  7 IPv6 rr\n`), [4, 6]);
    const kernel = `${head}  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n`;
    assert.deepEqual(families(`${kernel}FWM  00000007 rr \n`), [undefined]);
    const saved = parseIpvsSave(marked, 'ipvs').value.virtualServers;
    assert.deepEqual(
      saved.map(({ family }) => family),
      [4, 6],
    );
  });
});

suite('connections of IPVS', () => {
  test('of one packet: the next packet is scheduled anew, and the answer is not known', async () => {
    const udp = `-A -u 10.96.0.50:80 -s rr -o
-a -u 10.96.0.50:80 -r 10.244.0.2:8080 -m -w 1
-a -u 10.96.0.50:80 -r 10.244.0.3:8080 -m -w 1
`;
    const sysctls = new Map([['net.ipv4.vs.conntrack', '1']]);
    const state = await node(udp, { sysctls });
    const first = trace(state, packet({ protocol: 17 }));
    assert.equal(first.length, 2);
    const memory = first[0]!.verdict.after;
    assert.deepEqual(memory.ipvs, []);
    // Conntrack goes on to expect the answer of the virtual server.
    assert.deepEqual(memory.connections![0]!.reply.source, address('10.96.0.50'));
    assert.equal(trace(state, packet({ protocol: 17 }), { memory }).length, 2);
    for (const lost of ['192.0.2.1:80 -i', '127.0.0.1:80 -g']) {
      const one = `-A -u 10.96.0.50:80 -s rr -o\n-a -u 10.96.0.50:80 -r ${lost} -w 1\n`;
      const way = only(await node(one, { sysctls }), packet({ protocol: 17 }));
      assert.deepEqual([way.verdict.kind === 'ACCEPT', way.verdict.after.ipvs], [false, []], lost);
    }
    const kept = { ...state, ipvs: parseIpvsSave(udp.replace(' -o', ''), 'ipvs').value };
    assert.equal(trace(kept, packet({ protocol: 17 }))[0]!.verdict.after.ipvs!.length, 1);
  });

  test('-o is of UDP alone', async () => {
    const way = only(await node(oneServer('10.244.0.2:8080 -m', '-o')), packet());
    assert.equal(way.verdict.after.ipvs!.length, 1);
  });

  test('a client told apart by an engine is not bound by its address', async () => {
    const state = await node(oneServer('10.244.0.2:8080 -m', '-p 60 --pe sip'));
    const { kind, reason } = only(state, packet()).verdict;
    assert.equal(kind, 'UNKNOWN');
    assert.match(reason, /sip/);
  });

  test('go unheeded once the last virtual server of their family is deleted', async () => {
    const sysctls = new Map([['net.ipv4.vs.expire_nodest_conn', '0']]);
    const state = await node(oneServer('10.244.0.2:8080 -m'), { sysctls });
    const memory = only(state, packet()).verdict.after;
    const later = (ipvs: string) => {
      const now = { ...state, ipvs: parseIpvsSave(ipvs, 'ipvs').value };
      return only(now, packet({ flags: ACK }), { memory }).verdict;
    };
    assert.equal(later('-A -t 10.96.0.51:80 -s rr\n').by, 'ipvs');
    assert.equal(later('').delivered, 'local');
    assert.equal(later('-A -t [fd00::50]:80 -s rr\n').delivered, 'local');
  });

  test('to a real server on this node the packet keeps its route, even one that leads elsewhere', async () => {
    const elsewhere = parseIpRoute(
      `default via 192.168.77.1 dev eth0
local 192.168.77.10 dev eth0 table local src 192.168.77.10
`,
      'routes',
    ).value;
    const state = await node(oneServer('192.168.77.10:8080 -m'), { routes: elsewhere });
    const own = packet({ source: address('192.168.77.10'), inInterface: undefined });
    const far = only(state, own);
    assert.deepEqual([far.verdict.delivered, where(far)], ['eth0', '192.168.77.10:8080']);
    const near = only(await node(oneServer('192.168.77.10:8080 -m')), own);
    assert.equal(near.verdict.delivered, 'local');
  });

  test('what came over lo may be given to a loopback address, what came from outside not', async () => {
    const rules = `*mangle
:PREROUTING ACCEPT [0:0]
-A PREROUTING -p tcp -j MARK --set-mark 7
COMMIT
`;
    const ipvs = '-A -f 7 -s rr\n-a -f 7 -r 127.0.0.1:8080 -m -w 1\n';
    const state = await node(ipvs, {}, rules);
    const self = { source: address('192.168.77.10'), destination: address('192.168.77.10') };
    const own = only(state, packet({ ...self, inInterface: undefined }));
    assert.equal(own.verdict.delivered, 'local');
    const outside = only(state, packet({ destination: address('192.168.77.10') }));
    assert.deepEqual([outside.verdict.kind, outside.verdict.by], ['DROP', 'ipvs']);
  });

  test('a tunnel to this node itself is none', async () => {
    const local = only(await node(oneServer('192.168.77.10:80 -i')), packet());
    assert.equal(local.verdict.delivered, 'local');
    const far = only(await node(oneServer('10.244.0.2:80 -i')), packet());
    assert.equal(far.verdict.kind, 'UNKNOWN');
  });
});

suite('real servers that IPVS does not masquerade', () => {
  const routed = oneServer('192.168.77.10:80 -g');
  const answer = packet({
    source: address('10.96.0.50'),
    sourcePort: 80,
    destination: address('10.244.0.5'),
    destinationPort: 40000,
    flags: SYN | ACK,
    inInterface: undefined,
  });

  test('-m ipvs finds their connection by the virtual address', async () => {
    const rules = `*filter
:OUTPUT ACCEPT [0:0]
-A OUTPUT -m ipvs --ipvs --vaddr 10.96.0.50/32 --vport 80 --vmethod GATE -j DROP
COMMIT
`;
    const state = await node(oneServer('10.244.0.2:80 -g'), {}, rules);
    assert.equal(only(state, packet()).verdict.kind, 'DROP');
  });

  test('their answers are known to IPVS, and go the way that they have', async () => {
    const state = await node(routed);
    const memory = only(state, packet()).verdict.after;
    const { steps } = only(state, answer, { memory });
    assert.ok(steps.some((step) => step.kind === 'ipvs' && step.direction === 'out'));
    assert.equal(steps.filter(({ kind }) => kind === 'routing').length, 1);
  });

  test('once such an answer was seen, the client’s FIN is half of the close', async () => {
    const state = await node(routed);
    const states = (answers: boolean) => {
      let memory = only(state, packet()).verdict.after;
      const ack = packet({ flags: ACK });
      for (const next of [...(answers ? [answer] : []), ack, packet({ flags: FIN | ACK })]) {
        memory = only(state, next, { memory }).verdict.after;
      }
      return memory.ipvs![0]!.tcpState;
    };
    assert.equal(states(true), 'CLOSE_WAIT');
    assert.equal(states(false), 'FIN_WAIT');
  });
});
