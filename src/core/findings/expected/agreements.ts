import { agreementFindings } from '../../expected/agreement/findings';
import { once } from '../../once';
import { nodeAgreements, type NodeAgreement } from '../../expected/agreement/nodeAgreements';
import type { CheckContext, Found } from '../check';

const findingsOf = once(({ agreement, facts }: NodeAgreement) =>
  agreementFindings(agreement, facts),
);

/** Where a node's rules are not what kube-proxy makes of objects and configuration, of one code. */
export function* expectedFindings(
  { node, objects }: CheckContext,
  code: string,
): Generator<Found | undefined> {
  for (const one of yield* nodeAgreements(node, objects)) {
    yield* findingsOf(one).filter((finding) => finding.code === code);
  }
}
