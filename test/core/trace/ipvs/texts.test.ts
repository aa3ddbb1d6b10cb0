import assert from 'node:assert/strict';
import type { NodeState } from '../../../../src/core/node';
import type { Packet } from '../../../../src/core/packet';
import { leaves } from '../../../../src/core/trace/leaves';
import { traceFlow, type TraceOptions } from '../../../../src/core/trace/tracer';
import { parseIpvsConnections } from '../../../../src/syntax/ipvs/connections';
import { node, packet, three } from './node';

const one = '-A -t 10.96.0.50:80 -s rr\n-a -t 10.96.0.50:80 -r 10.244.0.2:8080 -m -w 1\n';

interface How extends TraceOptions {
  readonly of?: Partial<Packet>;
  readonly rows?: string;
  readonly sysctls?: Readonly<Record<string, string>>;
}

/** The node, and what IPVS says of a packet on its only way, with the verdict where it is IPVS's or none. */
async function said(ipvs: string, how: How = {}): Promise<readonly string[]> {
  const { of, rows, sysctls = {}, ...options } = how;
  const named = Object.entries(sysctls).map(([name, value]): [string, string] => [
    `net.ipv4.vs.${name}`,
    value,
  ]);
  const more: Partial<NodeState> = {
    sysctls: new Map(named),
    ...(rows !== undefined && { ipvsConnections: parseIpvsConnections(rows, 'Lnc').value }),
  };
  const found = leaves(traceFlow(await node(ipvs, more), packet(of), options).path);
  assert.equal(found.length, 1);
  const [{ steps, verdict }] = found as [(typeof found)[number]];
  const { kind, delivered, reason, reply, range, by } = verdict;
  const end =
    kind === 'ACCEPT' ? `by ${delivered}` : [kind, by, reason, reply, range?.source].join('; ');
  const own = steps.flatMap((step) => (step.kind === 'ipvs' ? [step.effect] : []));
  return [...own, end];
}

const virtual = 'virtual server tcp 10.96.0.50:80 rr';
const real = 'real server 10.244.0.2:8080 Masq, weight 1';
const from = '10.244.0.5:40000 > 10.96.0.50:80 -> 10.244.0.5:40000 >';
const sent = [`${from} 10.244.0.2:8080, anew in OUTPUT`, 'by cni0'];

const cases: readonly (readonly [string, string, readonly string[], How?])[] = [
  ['a request', one, [virtual, real, ...sent]],
  [
    'of a persistent server',
    one.replace('-s rr', '-s rr -p 600'),
    [`${virtual} persistent 600`, real, ...sent],
  ],
  [
    'of a firewall mark',
    one.replaceAll('-t 10.96.0.50:80', '-f 7'),
    ['virtual server firewall mark 7 rr', real, ...sent],
    { mark: 7 },
  ],
  [
    'to this node itself',
    one.replace('10.244.0.2', '192.168.77.10'),
    [
      virtual,
      real.replace('10.244.0.2', '192.168.77.10'),
      `${from} 192.168.77.10:8080, this node itself`,
      'by local',
    ],
  ],
  [
    'routed, with its address kept',
    one.replace(' -m ', ' -g ').replace(':8080', ':80'),
    [
      virtual,
      'real server 10.244.0.2:80 Route, weight 1',
      `${from} 10.96.0.50:80, anew in OUTPUT`,
      'by cni0',
    ],
  ],
  [
    'by a tunnel, which is not modelled',
    one.replace(' -m ', ' -i ').replace(':8080', ':80'),
    [
      virtual,
      'real server 10.244.0.2:80 Tunnel, weight 1',
      'UNKNOWN; ; forwarding to 10.244.0.2:80 by Tunnel is not modelled; ; ipvs',
    ],
  ],
  [
    'without a SYN',
    one,
    [`${virtual}: no connection and no SYN: IPVS lets it pass`, 'by local'],
    { of: { flags: 16 } },
  ],
  [
    'from the port of FTP’s data',
    one,
    [`${virtual}: from the port of FTP data: IPVS lets it pass`, 'by local'],
    { of: { sourcePort: 20 } },
  ],
  [
    'to FTP’s data, without persistence',
    one.replaceAll('10.96.0.50:80', '10.96.0.50:21'),
    [
      'virtual server tcp 10.96.0.50:21 rr: not the port of FTP itself: IPVS lets it pass',
      'by local',
    ],
    { of: { destinationPort: 20 } },
  ],
  [
    'without real servers',
    '-A -t 10.96.0.50:80 -s rr\n',
    [
      virtual,
      'REJECT; ipvs; IPVS: The virtual server has no real server; icmp-port-unreachable; ipvs',
    ],
  ],
  [
    'with none that takes any',
    one.replace('-w 1', '-w 0'),
    [virtual, 'REJECT; ipvs; IPVS: Every real server has weight 0; icmp-port-unreachable; ipvs'],
  ],
  [
    'for all ports, without persistence',
    one.replaceAll('10.96.0.50:80', '10.96.0.50:0'),
    [
      'virtual server tcp 10.96.0.50:0 rr',
      'REJECT; ipvs; IPVS: a virtual server for all ports must be persistent; icmp-port-unreachable; ipvs',
    ],
  ],
  [
    'whose TTL ends',
    one,
    [
      virtual,
      real,
      'to 10.244.0.2:8080: refused',
      'REJECT; ipvs; IPVS: its TTL ends here; icmp-time-exceeded; ipvs',
    ],
    { of: { ttl: 1 } },
  ],
  [
    'that an engine tells apart',
    one.replace('-s rr', '-s rr -p 600 --pe sip'),
    [
      `${virtual} persistent 600`,
      'UNKNOWN; ; the engine sip tells clients apart by what is in the packet; ; ipvs',
    ],
  ],
];

const row = (state: string, to: string, port = 40000) =>
  `TCP 14:59 ${state} 10.244.0.5:${port} 10.96.0.50:80 ${to}:8080\n`;
const known = 'a known connection of this client, ESTABLISHED: pinned to';

const knownCases: typeof cases = [
  [
    'goes to its server',
    one,
    [`${known} 10.244.0.2:8080`, ...sent],
    { of: { flags: 16 }, rows: row('ESTABLISHED', '10.244.0.2') },
  ],
  [
    'whose server is gone is dropped',
    one,
    [
      `${known} 10.244.0.9:8080`,
      `${virtual}: a known connection`,
      "DROP; ipvs; IPVS: this client's connection is pinned to 10.244.0.9:8080, which is gone; ; Lnc",
    ],
    {
      of: { flags: 16 },
      rows: row('ESTABLISHED', '10.244.0.9'),
      sysctls: { expire_nodest_conn: '0' },
    },
  ],
  [
    'of a persistent client has its template’s server',
    three('rr').replace('-s rr', '-s rr -p 600'),
    [
      `${virtual} persistent 600`,
      'this client is bound to 10.244.0.3:8080 (persistent 600)',
      'real server 10.244.0.3:8080 Masq, weight 3',
      `${from} 10.244.0.3:8080, anew in OUTPUT`,
      'by cni0',
    ],
    { rows: row('NONE', '10.244.0.3', 0) },
  ],
];

suite('what the steps of IPVS say of a request', () => {
  for (const [title, ipvs, wanted, how] of cases) {
    test(title, async () => assert.deepEqual(await said(ipvs, how), wanted));
  }
});

suite('what they say of one that a dump knows', () => {
  for (const [title, ipvs, wanted, how] of knownCases) {
    test(title, async () => assert.deepEqual(await said(ipvs, how), wanted));
  }
});

suite('what they say of the scheduler’s choice', () => {
  const ways = async (scheduler: string) => {
    const { path } = traceFlow(await node(three(scheduler)), packet());
    const { end } = path;
    if (!('branches' in end)) return [];
    return end.branches.map(({ condition, probability, unknown }) =>
      [condition, probability, unknown].join('; '),
    );
  };
  const both = (before: string, [first, second]: readonly [string, string]) => [
    `${before} 10.244.0.2:8080; ${first}`,
    `${before} 10.244.0.3:8080; ${second}`,
  ];

  test('by shares', async () => {
    assert.deepEqual(await ways('rr'), both('rr chooses', ['0.5; ', '0.5; ']));
    assert.deepEqual(await ways('wrr'), both('wrr chooses', ['0.25; ', '0.75; ']));
  });

  for (const scheduler of ['lc', 'wlc', 'sed', 'nq', 'ovf']) {
    test(`${scheduler}: by connections, which the dump does not count`, async () => {
      const open = '; the dump does not count connections';
      const wanted = both(`${scheduler} goes by connections:`, [open, open]);
      assert.deepEqual(await ways(scheduler), wanted);
    });
  }

  for (const scheduler of ['sh', 'dh', 'mh']) {
    test(`${scheduler}: by the order in which servers were added`, async () => {
      const open = `; ${scheduler} goes by the order in which the servers were added, which ipvsadm does not keep; /proc/net/ip_vs shows it.`;
      assert.deepEqual(await ways(scheduler), both(`${scheduler} chooses`, [open, open]));
    });
  }

  test('by what no dump holds', async () => {
    for (const scheduler of ['lblc', 'lblcr']) {
      const open = `; What ${scheduler} chooses depends on state that is not in the dump.`;
      assert.deepEqual(await ways(scheduler), both(`${scheduler} chooses`, [open, open]));
    }
  });

  test('fo has none: the one with the highest weight', async () => {
    assert.deepEqual(await ways('fo'), []);
  });
});
