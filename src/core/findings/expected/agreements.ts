import { agreementFindings } from '../../expected/agreement/findings';
import { nodeAgreements } from '../../expected/agreement/nodeAgreements';
import type { CheckContext, Found } from '../check';

/** Where a node's rules are not what kube-proxy makes of objects and configuration, of one code. */
export function* expectedFindings(
  { node, objects }: CheckContext,
  code: string,
): Generator<Found | undefined> {
  for (const { agreement, facts } of yield* nodeAgreements(node, objects)) {
    yield* agreementFindings(agreement, facts).filter((one) => one.code === code);
  }
}
