import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { MigrationCase } from '../../src/inspect/migration/format';
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
