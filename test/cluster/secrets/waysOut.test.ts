import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Cluster, Dump } from '../../../src/cluster/cluster';
import { ClusterError, errorText } from '../../../src/cluster/error';
import { captureSnapshot } from '../../../src/cluster/snapshot/capture';
import { openSnapshot } from '../../../src/cluster/snapshot/snapshot';
import { finish } from '../../../src/core/work';
import { reportMarkdown } from '../../../src/core/report/markdown';
import { reportOf } from '../../../src/core/report/report';
import { dumpNodes } from '../../../src/explorer/tree/dumps';
import { stateNode } from '../../../src/explorer/tree/states';
import type { TreeWorld } from '../../../src/explorer/tree/node';
import { complain } from '../../../src/inspect/complain';
import { nodeStates } from '../../../src/workspace/clusters/nodeStates';
import { withoutSecretsIn } from '../../../src/workspace/log';
import { testParser } from '../../syntax/parser';
import { prints } from '../server/execServer';
import { withLiveCluster } from '../server/liveCluster';
import { proxyPod } from '../server/sampleCluster';
import { realForms, secret } from './realForms';

const allForms = realForms.flatMap(([, forms]) => forms);
const everything = allForms.join('\n\n');
const env = [{ name: 'X', value: secret }];

/** A cluster whose Pods, Services and commands tell secrets wherever they can tell anything. */
function telling<T>(body: (cluster: Cluster) => Promise<T>): Promise<T> {
  const pod = proxyPod('node-a');
  const { spec } = pod as { spec?: { containers?: object[] } };
  const containers = spec?.containers?.map((container) => ({ ...container, env, args: [secret] }));
  const annotations = { 'example.org/note': secret, 'service.kubernetes.io/x': `token=${secret}` };
  const service = {
    metadata: { name: 'a', namespace: 'b', annotations },
    spec: { clusterIP: '10.96.0.9', ports: [{ port: 80 }] },
  };
  const objects = {
    nodes: [{ metadata: { name: 'node-a', annotations } }],
    services: [service],
    pods: [{ ...pod, spec: { ...spec, containers } }],
  };
  return withLiveCluster({ objects, exec: () => prints('*nat\n', everything, 3) }, body);
}

async function textsIn(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8'));
  return (await Promise.all(texts)).join('\n');
}

suite('no secret leaves by', () => {
  test('the log: messages, errors and their stacks', () => {
    const lines: string[] = [];
    const write = (text: string) => lines.push(text);
    const channel = { info: write, error: write, appendLine: write, name: 'x' };
    const log = withoutSecretsIn(channel as never);
    for (const form of allForms) {
      log.info(form);
      log.error('Reading:', new Error(form));
      log.appendLine(form);
    }
    assert.ok(lines.length > 200);
    assert.deepEqual(
      lines.filter((line) => line.includes(secret)),
      [],
    );
    assert.equal(log.name, 'x');
    log.info('x'.repeat(1_000_000));
    assert.ok(lines.at(-1)!.length < 30_000);
  });

  test('messages: whatever is thrown', () => {
    for (const form of allForms) {
      assert.ok(!errorText(new Error(form)).includes(secret));
      const error = new ClusterError('server', form, { cause: new Error(form) });
      assert.ok(!`${error.message} ${String(error.stack)}`.includes(secret), form);
    }
  });

  test('stderr of the command line', () => {
    const told: unknown[] = [];
    const { error } = console;
    console.error = (text) => told.push(text);
    try {
      complain(everything);
      complain(new Error(everything));
      complain(new TypeError(everything));
    } finally {
      console.error = error;
    }
    assert.equal(told.length, 3);
    assert.ok(!told.join('\n').includes(secret));
  });

  test('the tree, of a snapshot that somebody else wrote', async () => {
    const world = { l10n } as Partial<TreeWorld> as TreeWorld;
    const dumps = allForms.map((form): Dump => ({
      ...{ name: 'odd.txt', bytes: 1, stderr: form, problem: { kind: 'refused', message: form } },
      read: () => Promise.resolve(''),
      pieces: async function* () {
        yield '';
      },
    }));
    const state = { name: 'node-a', rulesets: [], findings: [] };
    const rows = dumpNodes(world, openSnapshot('/none'), { node: 'node-a', dumps }, state);
    assert.equal(rows.length, allForms.length);
    for (const { tooltip, description } of rows) {
      assert.match(tooltip!, /\(left out\)/);
      assert.ok(!`${tooltip} ${description}`.includes(secret), `${tooltip} ${description}`);
    }
  });

  test('the tree, the report that is copied, and a snapshot', async function () {
    this.timeout(60_000);
    const folder = await mkdtemp(join(tmpdir(), 'kpi-'));
    try {
      await telling(async (cluster) => {
        const world = { l10n } as Partial<TreeWorld> as TreeWorld;
        const dumps = await cluster.dumps('node-a');
        const state = await nodeStates(testParser)(dumps);
        const rows = dumpNodes(world, cluster, dumps, state);
        assert.ok(rows.some(({ tooltip }) => tooltip?.includes('(left out)')));
        const failed = stateNode(world, 'x', new Error(everything));
        assert.ok(
          !JSON.stringify([
            rows.map(({ tooltip, description, label }) => [tooltip, description, label]),
            failed,
          ]).includes(secret),
        );
        const report = reportMarkdown(finish(reportOf(state, {})), {
          place: () => '',
          page: () => undefined,
        });
        assert.ok(report.length > 100 && !report.includes(secret));
        // Graph, table and exports know of objects what is held of them.
        const held = await Promise.all([cluster.list('services'), cluster.list('nodes')]);
        assert.equal(held[0].items.length, 1);
        assert.ok(!JSON.stringify(held).includes(secret), JSON.stringify(held));
        const missing = await captureSnapshot(cluster, join(folder, 'x'));
        const written = `${missing.join('\n')}${await textsIn(folder)}`;
        assert.match(written, /\(left out\)/);
        const at = written.indexOf(secret);
        assert.ok(at < 0, written.slice(Math.max(0, at - 900), at + 20));
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
