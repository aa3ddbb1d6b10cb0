import { nodeParser } from '../src/inspect/nodeParser';
import { nodeStates } from '../src/workspace/clusters/nodeStates';
import type { TreeWorld } from '../src/explorer/tree/node';

/** What the tree asks of VS Code, for benches: nothing is translated, nothing checked. */
export function world(filter: string): TreeWorld {
  return {
    l10n: { t: (message) => message },
    filter,
    sort: 'problems',
    now: () => Date.now(),
    fetchDumps: (cluster, node) => cluster.dumps(node),
    nodeState: nodeStates(nodeParser),
    nodeRelease: () => Promise.resolve(undefined),
    nodeFindings: () => Promise.resolve([]),
    clusterFindings: () => undefined,
    knownFindings: () => undefined,
  };
}
