import assert from 'node:assert/strict';
import { prefixLength } from '../../../../src/core/address';
import type { NodeState } from '../../../../src/core/node';
import type { Packet } from '../../../../src/core/packet';
import { tcpFlagBits } from '../../../../src/core/packet';
import { leaves } from '../../../../src/core/trace/leaves';
import type { Leaf } from '../../../../src/core/trace/leaves';
import { traceFlow } from '../../../../src/core/trace/tracer';
import type { TraceOptions } from '../../../../src/core/trace/tracer';
import { parseConntrack } from '../../../../src/syntax/conntrack/entries';
import { parseIpvsConnections } from '../../../../src/syntax/ipvs/connections';
import { parseIpvsTable } from '../../../../src/syntax/ipvs/table';
import { node, packet, three, ways } from './node';

const { SYN, ACK, RST } = tcpFlagBits;

/** Where each way ends: the last number of the real server's address, or the verdict. */
function told(found: readonly Leaf[]): string {
  return found
    .map(({ verdict: { kind, final } }) =>
      kind === 'ACCEPT' ? `${final!.destination.words[0]! & 0xff}:${final!.destinationPort}` : kind,
    )
    .toSorted()
    .join(' ');
}

interface Given {
  readonly rows?: string;
  readonly conntrack?: string;
  readonly sysctls?: Readonly<Record<string, string>>;
}

async function nodeWith(ipvs: string, { rows, conntrack, sysctls }: Given): Promise<NodeState> {
  const named = Object.entries(sysctls ?? {}).map(([name, value]): [string, string] => [
    `net.ipv4.vs.${name}`,
    value,
  ]);
  return node(ipvs, {
    ...(rows !== undefined && { ipvsConnections: parseIpvsConnections(rows, 'Lnc').value }),
    ...(conntrack !== undefined && { connections: parseConntrack(conntrack, 'ct').value }),
    sysctls: new Map(named),
  });
}

async function sent(
  ipvs: string,
  given: Given,
  more: Partial<Packet> = {},
  options: TraceOptions = {},
): Promise<readonly Leaf[]> {
  return leaves(traceFlow(await nodeWith(ipvs, given), packet(more), options).path);
}

const row = (state: string, real = '10.244.0.2') =>
  `TCP 01:00 ${state} 10.244.0.5:40000 10.96.0.50:80 ${real}:8080\n`;
const anew = '2:8080 3:8080';
const pinned = '2:8080';

suite('a SYN on a connection that IPVS knows (is_new_conn_expected)', () => {
  const route = three('rr').replaceAll(' -m ', ' -g ');
  const persistent = three('rr').replace('-s rr', '-s rr -p 600');
  for (const [state, mode, ipvs, where] of [
    ['TIME_WAIT', '1', three('rr'), anew],
    ['CLOSE', '1', three('rr'), anew],
    ['TIME_WAIT', '2', three('rr'), anew],
    ['TIME_WAIT', '0', three('rr'), pinned],
    ['ESTABLISHED', '1', three('rr'), pinned],
    ['FIN_WAIT', '3', three('rr'), pinned],
    ['TIME_WAIT', '1', persistent, pinned],
    // Of a server that answers past IPVS a FIN is all that is seen.
    ['FIN_WAIT', '2', route, '50:80 50:80'],
    ['FIN_WAIT', '1', route, '50:80'],
    ['CLOSE_WAIT', '2', route, '50:80'],
  ] as const) {
    const by = ipvs === route ? 'Route' : ipvs === persistent ? 'persistent' : 'Masq';
    test(`in ${state}, conn_reuse_mode ${mode}, ${by}: ${where}`, async () => {
      const sysctls = { conn_reuse_mode: mode };
      assert.equal(told(await sent(ipvs, { rows: row(state), sysctls })), where);
    });
  }

  test('conn_reuse_mode is 1 where nothing tells it', async () => {
    assert.equal(told(await sent(three('rr'), { rows: row('TIME_WAIT') })), anew);
  });

  test('another segment stays with its connection', async () => {
    const found = await sent(three('rr'), { rows: row('TIME_WAIT') }, { flags: ACK });
    assert.equal(told(found), pinned);
  });

  test('is dropped where conntrack knows it too: the next one starts anew', async () => {
    const conntrack =
      'tcp 6 60 ESTABLISHED src=10.244.0.5 dst=10.96.0.50 sport=40000 dport=80 src=10.244.0.2 dst=10.244.0.5 sport=8080 dport=40000 [ASSURED] mark=0 use=1\n';
    const [first] = await sent(three('rr'), { rows: row('TIME_WAIT'), conntrack });
    assert.equal(first!.verdict.kind, 'DROP');
    assert.deepEqual(first!.verdict.after.connections, []);
    const next = await sent(three('rr'), {}, {}, { memory: first!.verdict.after });
    assert.equal(told(next), anew);
    // Without vs.conntrack the entry of conntrack is none of IPVS's.
    const sysctls = { conntrack: '0' };
    const [left] = await sent(three('rr'), { rows: row('TIME_WAIT'), conntrack, sysctls });
    assert.equal(left!.verdict.after.connections?.length, 1);
  });
});

suite('a connection whose real server drains', () => {
  for (const [flags, nodest, where] of [
    [SYN, '1', anew],
    [SYN, '0', '4:8080'],
    [ACK, '1', '4:8080'],
  ] as const) {
    test(`flags ${flags}, expire_nodest_conn ${nodest}: ${where}`, async () => {
      const given = {
        rows: row('ESTABLISHED', '10.244.0.4'),
        sysctls: { expire_nodest_conn: nodest },
      };
      assert.equal(told(await sent(three('rr'), given, { flags })), where);
    });
  }
});

suite('a connection whose real server is deleted', () => {
  const gone = three('rr').replace(/^-a.*0\.2:.*\n/m, '');
  const first = async () =>
    (await ways(three('rr'))).find(({ verdict }) => told([{ verdict } as Leaf]) === pinned)!;

  test('ends with it, and its client gets another', async () => {
    const memory = (await first()).verdict.after;
    assert.equal(memory.connections?.length, 1);
    assert.equal(told(await sent(gone, {}, { flags: SYN }, { memory })), '3:8080');
    const [passed] = await sent(gone, {}, { flags: ACK }, { memory });
    assert.equal(passed!.verdict.delivered, 'local');
    // The connection of another client stays.
    const other = packet({ sourcePort: 40001 });
    const both = (await ways(three('rr'), other, { memory }))[0]!.verdict.after;
    assert.equal(both.connections?.length, 2);
    const [after] = await sent(
      three('rr').replace(/^-a.*0\.3:.*\n/m, ''),
      {},
      {},
      { memory: both },
    );
    assert.equal(told([after!]), pinned);
  });

  test('stays without expire_nodest_conn, and its packets are dropped', async () => {
    const memory = (await first()).verdict.after;
    const sysctls = { expire_nodest_conn: '0' };
    assert.equal(told(await sent(gone, { sysctls }, { flags: ACK }, { memory })), 'DROP');
  });
});

suite('the template of a persistent client (ip_vs_check_template)', () => {
  const persistent = three('rr').replace('-s rr', '-s rr -p 600');
  const template = (real: string) => `TCP 09:00 NONE 10.244.0.5:0 10.96.0.50:80 ${real}:8080\n`;
  for (const [real, quiescent, where] of [
    ['10.244.0.2', '1', pinned],
    // It drains.
    ['10.244.0.4', '1', anew],
    ['10.244.0.4', '0', '4:8080'],
    // It is gone.
    ['10.244.0.9', '1', anew],
  ] as const) {
    test(`to ${real}, expire_quiescent_template ${quiescent}: ${where}`, async () => {
      const given = {
        rows: template(real),
        sysctls: { expire_quiescent_template: quiescent },
      };
      assert.equal(told(await sent(persistent, given)), where);
    });
  }

  test('one that leads nowhere is replaced, so that the client stays with its new server', async () => {
    const given = { rows: template('10.244.0.4') };
    const [found] = await sent(persistent, given);
    const { after } = found!.verdict;
    assert.equal(after.ipvsTemplates?.length, 1);
    const next = await sent(persistent, {}, { sourcePort: 40001 }, { memory: after });
    assert.equal(told(next), told([found!]));
  });
});

suite('a virtual server for all ports', () => {
  const all = (flags = '') =>
    three('rr').replaceAll('10.96.0.50:80', '10.96.0.50:0').replace('-s rr', `-s rr${flags}`);

  test('refuses without persistence', async () => {
    assert.equal(told(await ways(all())), 'REJECT');
  });

  test('keeps the port that was asked for', async () => {
    assert.equal(told(await ways(all(' -p 600'))), '2:80 3:80');
    assert.equal(told(await ways(all(' -p 600').replaceAll(':8080', ':0'))), '2:80 3:80');
  });

  test('comes after that of the port, and that of a firewall mark before both', async () => {
    const one = (server: string, real: number) =>
      `-A ${server} -s rr -p 600\n-a ${server} -r 10.244.0.${real}:8080 -m -w 1\n`;
    const ipvs = one('-t 10.96.0.50:0', 2) + one('-t 10.96.0.50:80', 3) + one('-f 7', 4);
    const by = async (destinationPort: number, mark: number) =>
      told(await ways(ipvs, packet({ destinationPort }), { mark }));
    assert.equal(await by(81, 0), '2:81');
    assert.equal(await by(80, 0), '3:8080');
    assert.match(await by(80, 7), /^4:/);
    assert.equal(await by(80, 8), '3:8080');
  });
});

suite('what passes IPVS by', () => {
  test('comes from the port of FTP data, or is of a protocol without connections', async () => {
    const of = async (more: Partial<Packet>) => (await ways(three('rr'), packet(more)))[0]!.verdict;
    assert.equal((await of({ sourcePort: 20 })).delivered, 'local');
    assert.equal((await of({ sourcePort: 21 })).delivered, 'cni0');
    assert.equal((await of({ protocol: 1, destinationPort: undefined })).delivered, 'local');
  });
});

suite('how a packet gets to its real server', () => {
  const one = (real: string, method: string) =>
    `-A -t 10.96.0.50:80 -s rr\n-a -t 10.96.0.50:80 -r ${real} ${method} -w 1\n`;

  test('by Route with the virtual address as destination, by Masq with its own', async () => {
    assert.equal(told(await ways(one('10.244.0.2:80', '-g'))), '50:80');
    assert.equal(told(await ways(one('10.244.0.2:80', '-m'))), '2:80');
  });

  test('by Tunnel: not modelled, and said so', async () => {
    const [way] = await ways(one('10.244.0.2:80', '-i'));
    assert.equal(way!.verdict.kind, 'UNKNOWN');
    assert.match(way!.verdict.reason, /Tunnel/);
  });

  test('not where no route leads to it: host unreachable', async () => {
    const all = (await node(undefined)).routes!;
    const routes = all.filter(({ destination }) => prefixLength(destination) !== 0);
    const state = await node(one('172.16.0.1:80', '-m'), { routes });
    const [way] = leaves(traceFlow(state, packet()).path);
    const { kind, reply, by } = way!.verdict;
    assert.deepEqual([kind, reply, by], ['REJECT', 'icmp-host-unreachable', 'ipvs']);
  });

  test('not from outside to a loopback address of this node', async () => {
    const [way] = await ways(one('127.0.0.1:80', '-m'));
    assert.deepEqual([way!.verdict.kind, way!.verdict.by], ['DROP', 'ipvs']);
  });
});

suite('schedulers by connections', () => {
  const table = `TCP  10.96.0.50:80 lc
  -> 10.244.0.2:8080              Masq    1      3          0
  -> 10.244.0.3:8080              Masq    1      3          100
  -> 10.244.0.4:8080              Masq    1      9          0
`;

  test('count those that were made since the capture, with their servers and states', async () => {
    const state = await node(undefined, { ipvs: parseIpvsTable(table, 'ipvsadm').value });
    const opened = (sourcePort: number, memory?: TraceOptions['memory']) => {
      const trace = traceFlow(state, packet({ sourcePort }), { memory });
      assert.match(JSON.stringify(trace.assumptions), /connections that the capture counts/);
      const all = leaves(trace.path);
      assert.deepEqual(all.map(({ probability }) => probability).toSorted(), [0, 0, 1]);
      return all.find(({ probability }) => probability === 1)!;
    };
    const first = opened(40000);
    assert.equal(told([first]), '2:8080');
    const { after } = first.verdict;
    const second = opened(40001, after);
    assert.equal(told([second]), '3:8080');
    assert.equal(told([opened(40002, second.verdict.after)]), '2:8080');
    // Closed, the first counts as an inactive one: a 256th part.
    let memory = after;
    for (const flags of [ACK, RST]) {
      [
        {
          verdict: { after: memory },
        },
      ] = leaves(traceFlow(state, packet({ flags }), { memory }).path) as [Leaf];
    }
    assert.equal(told([opened(40003, memory)]), '2:8080');
  });
});
