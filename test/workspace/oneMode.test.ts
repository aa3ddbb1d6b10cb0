import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { openSnapshot } from '../../src/cluster/snapshot/snapshot';
import { programmedService } from '../../src/core/flow/overview/programmed';
import { modeOf } from '../../src/core/kubeproxy/mode/judge';
import { programmed } from '../../src/core/kubeproxy/programmed';
import { askAgreement } from '../../src/core/questions/agreement';
import type { ServiceObject } from '../../src/core/objects/types';
import { finish } from '../../src/core/work';
import { nodesNode } from '../../src/explorer/tree/nodes';
import type { TreeWorld } from '../../src/explorer/tree/node';
import { proxyFacts } from '../../src/manifest/lens/proxyFacts';
import { nodeStates } from '../../src/workspace/clusters/nodeStates';
import { mixtures } from '../core/kubeproxy/mixtures';
import { testParser } from '../syntax/parser';

const states = nodeStates(testParser);
const world = {
  l10n,
  fetchDumps: (cluster, node) => cluster.dumps(node),
  nodeState: states,
  nodeRelease: () => Promise.resolve(undefined),
  nodeFindings: () => Promise.resolve([]),
  clusterFindings: () => undefined,
  knownFindings: () => undefined,
  now: () => 0,
} as Partial<TreeWorld> as TreeWorld;
const service = {
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop', labels: {} },
  spec: { clusterIPs: ['10.96.0.200'], externalIPs: [], ports: [] },
  status: { loadBalancer: { ingress: [] } },
} as unknown as ServiceObject;

/** The mode that each of them tells of a snapshot's one node; `unknown` where they don't. */
async function told(folder: string): Promise<Readonly<Record<string, string>>> {
  const cluster = openSnapshot(folder);
  const { signal } = new AbortController();
  const dumps = await cluster.dumps('node-a');
  const state = await states(dumps);
  const [node] = (await nodesNode(world, cluster).children?.(signal)) ?? [];
  const [mode] = (await node?.children?.(signal)) ?? [];
  const overview = finish(programmedService(state, { id: 'shop/web/TCP', family: 4 })).mode;
  const { answer } = askAgreement(state);
  const word = (text: string) => /\b(iptables|ipvs|nftables)\b/.exec(text)?.[1] ?? 'unknown';
  return {
    programmed: finish(programmed(state)).mode.mode ?? 'unknown',
    explorer: /unknown/.test(mode!.label) ? 'unknown' : word(mode!.label),
    lens: word((await proxyFacts(cluster, service, states)) ?? ''),
    overview: 'value' in overview ? word(overview.value) : 'unknown',
    ask: /^(Yes|Likely)/.test(answer) ? 'ipvs' : word(/mode (\w+)[;.]/.exec(answer)?.[1] ?? ''),
  };
}

async function assertOne(folder: string): Promise<string> {
  const { mode = 'unknown' } = modeOf(await states(await openSnapshot(folder).dumps('node-a')));
  assert.deepEqual(await told(folder), {
    programmed: mode,
    explorer: mode,
    lens: mode,
    overview: mode,
    ask: mode,
  });
  return mode;
}

suite('one mode in explorer, lens, overview and answers', () => {
  const root = 'test/fixtures/proxyconfig';
  for (const variant of readdirSync(root)) {
    test(variant, () => assertOne(join(root, variant)));
  }

  for (const sample of ['iptables', 'ipvs', 'nftables']) {
    const folder = `samples/kubernetes-1.36-${sample}`;
    test(folder, async () => assert.equal(await assertOne(folder), sample));
  }

  for (const [title, files, expected] of mixtures) {
    test(title, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'mode-'));
      try {
        mkdirSync(join(folder, 'node-a'));
        for (const [name, text] of Object.entries(files)) {
          writeFileSync(join(folder, 'node-a', name), text);
        }
        assert.equal(await assertOne(folder), expected ?? 'unknown');
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
