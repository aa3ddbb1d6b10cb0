import { isCancelled } from '../../cluster/error';
import type { Finding, Severity } from '../../core/finding';
import type { FindingsByService } from '../../core/findings/byService';
import type { NodeState } from '../../core/node';
import { PairMap } from '../../core/pairMap';
import { setting } from '../setting';
import type { IndexedObjects } from '../../core/objects/types';
import { runInSlices, type Stopping } from '../slices';

/** What is wrong with a node, the worst first, and by whom it is about. */
export interface CheckedNode extends FindingsByService {
  readonly findings: readonly Finding[];
}

const checkedBefore = new PairMap<NodeState, object, Promise<CheckedNode>>();
const noObjects = {};

/**
 * Everything that is wrong with a node, looked for once for its state, in slices; with the
 * severities that the user wants. Rejects once `token` asks to stop.
 */
export async function checkedNode(
  state: NodeState,
  objects?: IndexedObjects,
  token?: Stopping,
): Promise<CheckedNode> {
  const key = objects ?? noObjects;
  const before = checkedBefore.get(state, key);
  const checking = before ?? check(state, objects, token);
  if (!before) {
    checkedBefore.set(state, key, checking);
    checking.catch(() => checkedBefore.delete(state, key));
  }
  try {
    return asWanted(await checking);
  } catch (error) {
    // Whoever asked first has stopped it: it is looked for anew.
    const isOthers = before && isCancelled(error) && !token?.isCancellationRequested;
    if (isOthers) return checkedNode(state, objects, token);
    throw error;
  }
}

async function check(
  state: NodeState,
  objects: IndexedObjects | undefined,
  token: Stopping | undefined,
): Promise<CheckedNode> {
  const [{ checkNode }, { findingsByService }, { programmed }] = await Promise.all([
    import('../../core/findings/checkNode'),
    import('../../core/findings/byService'),
    import('../../core/kubeproxy/programmed'),
  ]);
  const findings = await runInSlices(checkNode(state, { objects }), token);
  const { ports } = await runInSlices(programmed(state, objects?.services), token);
  return { findings, ...(await runInSlices(findingsByService(findings, ports), token)) };
}

/** With the severities of the setting; what is off is left out. */
function asWanted({ findings, services, node }: CheckedNode): CheckedNode {
  const wanted = setting<Readonly<Record<string, Severity | 'off'>>>('findings', {});
  if (Object.keys(wanted).length === 0) return { findings, services, node };
  const some = (all: readonly Finding[]) =>
    all.flatMap((finding) => {
      const severity = wanted[finding.code] ?? finding.severity;
      return severity === 'off' ? [] : [{ ...finding, severity }];
    });
  return {
    findings: some(findings),
    services: new Map([...services].map(([name, own]) => [name, some(own)])),
    node: some(node),
  };
}
