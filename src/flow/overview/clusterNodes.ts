import * as l10n from '@vscode/l10n';
import type { Uri } from 'vscode';
import type { Cluster, NodeDumps } from '../../cluster/cluster';
import { capturedObjects } from '../../cluster/capturedObjects';
import { listSlices } from '../../cluster/endpointSlices';
import { byName } from '../../core/byName';
import { formatServicePortName } from '../../core/kubeproxy/names';
import { isProxied } from '../../core/kubeproxy/proxied';
import { indexObjects } from '../../core/objects/objectIndex';
import { baseName, dumpKind } from '../../syntax/dumps/recognize';
import { rulesRank } from '../../syntax/node/rulesRank';
import type { DumpFiles } from '../../workspace/clusters/dumpFiles';
import type { NodeStates } from '../../workspace/clusters/nodeStates';
import type { ServiceChoice } from '../source';
import type { OverviewNodes } from './nodes';

/** Of dumps that an overview fetches, so many bytes are kept; a node beyond is fetched once more. */
const mostHeld = 256 << 20;

/**
 * The Nodes of a cluster that is open.
 *
 * @param states what the explorer has read of them; no more is kept, there may be a thousand
 * @param dumpsOf those of a node that is shown: fetched, with progress, where they are not held
 */
export function clusterNodes(
  uri: Uri,
  cluster: Cluster,
  files: Pick<DumpFiles, 'uriOf'>,
  states: NodeStates,
  dumpsOf: (cluster: Cluster, node: string) => Promise<NodeDumps>,
): OverviewNodes {
  let heldBytes = 0;
  const held = (node: string) =>
    cluster.offline ? cluster.dumps(node) : Promise.resolve(cluster.heldDumps(node));

  return {
    family: dumpKind(baseName(uri.path), '') === 'ip6tables-save' ? 6 : 4,
    async list() {
      const { items } = await cluster.list('nodes');
      return items
        .map(({ metadata: { name } }) => ({
          name,
          held: cluster.offline || cluster.heldDumps(name) !== undefined,
        }))
        .sort((a, b) => byName(a.name, b.name));
    },
    capture: (node) => (cluster.offline ? undefined : cluster.heldDumps(node)?.captured),
    services: () => servicePorts(cluster),
    async objects() {
      const [services, endpointSlices, nodes] = await Promise.all([
        cluster.list('services'),
        listSlices(cluster),
        cluster.list('nodes'),
      ]);
      const objects = {
        services: services.items,
        endpointSlices: endpointSlices.items,
        nodes: nodes.items,
        endpoints: [],
        pods: [],
      };
      return indexObjects(objects);
    },
    captured: () => capturedObjects(cluster),
    async state(node) {
      const dumps = await held(node);
      if (!dumps) throw new Error(l10n.t`The dumps of ${node} are no longer held.`);
      return states(dumps, { keep: false });
    },
    fetch: cluster.offline
      ? undefined
      : async (node, signal) => {
          const hold = heldBytes < mostHeld;
          const dumps = await cluster.dumps(node, { signal, fresh: true, hold });
          if (hold) heldBytes += dumps.dumps.reduce((sum, { bytes }) => sum + bytes, 0);
          return states(dumps, { keep: false });
        },
    async dump(node) {
      const dumps = await dumpsOf(cluster, node);
      return files.uriOf(cluster, dumps, rulesDump(dumps, baseName(uri.path)));
    },
    // Which captures are new, the list tells.
    onDidChange: (listener) => ({ dispose: cluster.onDidChange(() => listener(undefined)) }),
  };
}

/** The dump of the name that is shown, where it holds something; else the one that tells most. */
function rulesDump({ dumps }: NodeDumps, shown: string): string {
  const ranked = dumps
    .flatMap((dump) => {
      const rank = rulesRank(dump.name);
      if (rank === undefined || dump.bytes === 0) return [];
      return { name: dump.name, rank: dump.name === shown ? -1 : rank + (dump.problem ? 10 : 0) };
    })
    .sort((left, right) => left.rank - right.rank);
  return ranked[0]?.name ?? dumps[0]?.name ?? shown;
}

async function servicePorts(cluster: Cluster): Promise<readonly ServiceChoice[]> {
  const { items } = await cluster.list('services');
  const choices = items.filter(isProxied).flatMap(({ metadata, spec }) =>
    spec.ports.map(({ name: port, protocol, port: number }): ServiceChoice => {
      const { namespace, name } = metadata;
      const label = formatServicePortName({ namespace, name, port });
      const description = `${spec.clusterIP ?? ''}:${number}/${protocol}`;
      return { id: `${label}/${protocol}`, label, description, detail: '' };
    }),
  );
  return choices.sort((a, b) => byName(a.label, b.label));
}
