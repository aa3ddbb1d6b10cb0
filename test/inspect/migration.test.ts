import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { MigrationCase, MigrationPacket } from '../../src/inspect/migration/format';
import { judgePacket } from '../../src/inspect/migration/judge';
import { endpointsOf, nodeIn } from '../../src/inspect/migration/node';
import { testParser } from '../syntax/parser';

const folder = new URL('../fixtures/migration/', import.meta.url);

function recordedCase(file: string): MigrationCase {
  return JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as MigrationCase;
}

async function problemsOf(recorded: MigrationCase): Promise<readonly string[]> {
  const parser = await testParser();
  const nodes = {
    iptables: nodeIn('iptables', recorded, parser),
    nftables: nodeIn('nftables', recorded, parser),
  };
  const endpoints = endpointsOf(recorded);
  return recorded.packets.flatMap((packet, i) =>
    judgePacket(nodes, packet, endpoints).map((problem) => `#${i} ${packet.kind}: ${problem}`),
  );
}

suite('from iptables to nftables mode, from objects and configuration alone', () => {
  for (const file of readdirSync(folder)) {
    test(`${file}: each packet fares in both modes as the kernel had it`, async () => {
      const recorded = recordedCase(file);
      assert.ok(recorded.packets.some(({ differs }) => differs.length > 0));
      assert.deepEqual(await problemsOf(recorded), []);
    });
  }

  test('a configuration of another range of node port addresses fares otherwise', async () => {
    const recorded = recordedCase('mig-300007.json');
    const config = { ...(recorded.config as object), nodePortAddresses: ['192.0.2.0/24'] };
    const problems = await problemsOf({ ...recorded, config } as MigrationCase);
    assert.ok(problems.some((text) => /nodeport/.test(text)));
    assert.ok(!problems.some((text) => /pod-clusterip/.test(text)));
  });
});

suite('an answer that is not the recorded one is told', () => {
  const recorded = recordedCase('mig-300006.json');
  const endpoints = endpointsOf(recorded);
  const packetOfKind = (kind: string) => recorded.packets.find((each) => each.kind === kind)!;
  const parser = testParser();

  async function said(packet: MigrationPacket): Promise<readonly string[]> {
    const nodes = {
      iptables: nodeIn('iptables', recorded, await parser),
      nftables: nodeIn('nftables', recorded, await parser),
    };
    return judgePacket(nodes, packet, endpoints);
  }

  const [lb, chance, refused, one, reply] = [
    packetOfKind('outside-lb-allowed'),
    packetOfKind('node-clusterip'),
    packetOfKind('pod-clusterip-wrongport'),
    packetOfKind('node-externalip:local'),
    packetOfKind('pod-out-reply'),
  ];
  const answers: [string, MigrationPacket, object, readonly string[]][] = [
    ['the same', one, {}, []],
    ['verdict', one, { verdict: 'DROP' }, ['iptables: verdict ACCEPT, recorded DROP']],
    [
      'destination',
      one,
      { destinations: ['1.2.3.4:5'] },
      ['iptables: destinations none, recorded 1.2.3.4:5'],
    ],
    ['source', one, { source: 'unchanged' }, ['iptables: source 10.244.1.1, recorded unchanged']],
    ['device', one, { delivered: 'eth0' }, ['iptables: delivered cni0, recorded eth0']],
    ['who hears it', one, { hears: 'network' }, ['iptables: hears endpoint, recorded network']],
    ['a reply that arrived is heard by the client', one, { hears: 'client' }, []],
    [
      'a reply',
      one,
      { reject_reply: 'tcp-rst' },
      ['iptables: reject reply none, recorded tcp-rst'],
    ],
    [
      'a flow, where there was none',
      reply,
      { verdict: 'ACCEPT' },
      ['iptables: verdict NO FLOW, recorded ACCEPT'],
    ],
    // Five endpoints are all met in a hundred packets, not in two.
    ['one of five was never met', chance, withoutOne(chance, 50), ['iptables: destinations ']],
    ['one of five was not met in few', chance, withoutOne(chance, 1), []],
  ];
  for (const [name, packet, answer, expected] of answers) {
    test(name, async () => {
      const problems = await said({ ...packet, iptables: { ...packet.iptables, ...answer } });
      assert.equal(problems.length, expected.length, problems.join());
      for (const [i, text] of expected.entries())
        assert.ok(problems[i]!.startsWith(text), problems[i]);
    });
  }

  test('in nftables mode, too, and what differs between the modes', async () => {
    const nftables = { ...refused.nftables, reject_reply: 'tcp-rst' };
    assert.deepEqual(await said({ ...refused, nftables }), [
      'nftables: reject reply icmp 3/3, recorded tcp-rst',
    ]);
    assert.deepEqual(await said({ ...refused, differs: ['hears'] }), [
      'differ in hears,verdict, not hears',
    ]);
    assert.deepEqual(await said({ ...one, differs: ['source'] }), [
      'differ in nothing, not source',
    ]);
  });

  const second = (packet: MigrationPacket, sticks: string, dst = packet.packet.dst) => ({
    ...packet,
    then: { ...packet.packet, sport: 50_000, dst },
    iptables: { ...packet.iptables, sticks },
    nftables: { ...packet.nftables, sticks },
  });
  const connections: [string, MigrationPacket, readonly string[]][] = [
    ['to the one endpoint there is', second(one, 'always'), []],
    // In nftables mode the host's own FORWARD drops both.
    [
      'by chance',
      { ...second(lb, 'sometimes'), nftables: lb.nftables, differs: [...lb.differs, 'sticks'] },
      [],
    ],
    ['by session affinity', second(chance, 'always'), []],
    ['to an address of nobody', second(one, 'never', '8.8.8.8'), []],
    [
      'otherwise than recorded',
      second(one, 'never'),
      ['iptables: sticks always, recorded never', 'nftables: sticks always, recorded never'],
    ],
    [
      'after one that went nowhere',
      second(packetOfKind('pod-clusterip-affinity'), 'always'),
      ['iptables: sticks ?, recorded always', 'nftables: sticks ?, recorded always'],
    ],
  ];
  for (const [name, packet, expected] of connections) {
    test(`a second connection ${name}`, async () => assert.deepEqual(await said(packet), expected));
  }
});

/** As if one of the endpoints had not been met in so many packets to each of the others. */
function withoutOne({ iptables }: MigrationPacket, count: number): object {
  const destinations = iptables.destinations!.slice(1);
  return { destinations, outcomes: destinations.map((destination) => ({ destination, count })) };
}
