import { agreementOf } from '../../expected/agreement/agreement';
import { compareNode } from '../../expected/agreement/compareNode';
import { agreementFindings } from '../../expected/agreement/findings';
import { proxiedSlices } from '../../expected/slices';
import type { CheckContext, Found } from '../check';

/**
 * Where a node's rules are not what kube-proxy makes of objects and configuration, of one code.
 * Silent without its configuration, its Node, Services or EndpointSlices, and where the objects are
 * those of some namespaces only: every cluster has the Service default/kubernetes.
 */
export function* expectedFindings(
  { node, objects }: CheckContext,
  code: string,
): Generator<Found | undefined> {
  if (!objects?.service('default', 'kubernetes')) return;
  for (const { source, expected, comparison, release, exact } of yield* compareNode(
    node,
    objects,
  )) {
    const slices = proxiedSlices({ objects, release });
    const agreement = agreementOf(expected, comparison, { captured: node.captured, slices });
    const rangesJudged = expected.mode !== 'nftables';
    const facts = { source, release, exact, partsJudged: true, rangesJudged };
    const all = agreementFindings(agreement, facts);
    yield* all.filter((one) => one.code === code);
  }
}
