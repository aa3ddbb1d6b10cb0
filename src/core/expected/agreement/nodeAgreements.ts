import type { Family } from '../../address';
import type { NodeState } from '../../node';
import type { ClusterObjects, ObjectIndex } from '../../objects/types';
import { workOnceOfTwo } from '../../once';
import type { Work } from '../../work';
import { proxiedSlices } from '../slices';
import { agreementOf, type Agreement } from './agreement';
import { compareNode } from './compareNode';
import type { AgreementFacts } from './findings';

/** How the rules of one dump stand to what kube-proxy should have written. */
export interface NodeAgreement {
  readonly family: Family;
  readonly agreement: Agreement;
  /** What it is told with. */
  readonly facts: AgreementFacts;
}

/**
 * A node's rules against objects and configuration, dump by dump: the one judge of them, for findings
 * and for All nodes. None without its configuration, its Node, Services or EndpointSlices, and where
 * the objects are those of some namespaces only: every cluster has the Service default/kubernetes.
 * Worked out once for a node's state.
 */
export function* nodeAgreements(
  node: NodeState,
  objects: (ClusterObjects & Pick<ObjectIndex, 'service'>) | undefined,
): Work<readonly NodeAgreement[]> {
  return objects?.service('default', 'kubernetes') ? yield* agreementsOnce(node, objects) : [];
}

const agreementsOnce = workOnceOfTwo(function* (
  node: NodeState,
  objects: ClusterObjects,
): Work<readonly NodeAgreement[]> {
  const compared = yield* compareNode(node, objects);
  const found: NodeAgreement[] = [];
  for (const { family, source, expected, comparison, release, exact } of compared) {
    const slices = proxiedSlices({ objects, release });
    yield;
    const times = { captured: node.captured, slices };
    const agreement = yield* agreementOf(expected, comparison, times);
    const rangesJudged = expected.mode !== 'nftables';
    found.push({
      family,
      agreement,
      facts: { source, release, exact, partsJudged: true, rangesJudged },
    });
  }
  return found;
});
