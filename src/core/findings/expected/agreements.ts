import { agreementFindings } from '../../expected/agreement/findings';
import { nodeAgreements, type NodeAgreement } from '../../expected/agreement/nodeAgreements';
import type { Finding } from '../../finding';
import type { CheckContext, Found } from '../check';

const told = new WeakMap<NodeAgreement, readonly Finding[]>();

/** Where a node's rules are not what kube-proxy makes of objects and configuration, of one code. */
export function* expectedFindings(
  { node, objects }: CheckContext,
  code: string,
): Generator<Found | undefined> {
  for (const one of yield* nodeAgreements(node, objects)) {
    const findings = told.get(one) ?? agreementFindings(one.agreement, one.facts);
    told.set(one, findings);
    yield* findings.filter((finding) => finding.code === code);
  }
}
