import * as l10n from '@vscode/l10n';
import { formatServicePortName } from '../../kubeproxy/names';
import { parseServiceId } from '../../kubeproxy/serviceId';
import type { NodeState } from '../../node';
import type { ClusterObjects, ObjectIndex } from '../../objects/types';
import type { Work } from '../../work';
import type { RuleDifference } from '../compare/chains';
import { differInEndpoints, isChooser } from './choosers';
import type { WantedPort } from './endpoints';
import { isOfAnotherSetup } from './findings';
import { nodeAgreements } from './nodeAgreements';
import { isOfEndpoint } from './reason';

/** Rules of a Service port that differ in more than endpoints, a text for each chain. */
export interface OtherRules {
  /** `2 rules in KUBE-EXT-...`. */
  readonly missing: readonly string[];
  /** Also those out of order. */
  readonly stale: readonly string[];
}

/**
 * Where a Service port's rules are not those that kube-proxy should have written, endpoints aside.
 *
 * @returns undefined where objects and configuration do not allow to tell, or are newer than the dump
 */
export function* otherRulesOf(
  state: NodeState,
  objects: (ClusterObjects & Pick<ObjectIndex, 'service'>) | undefined,
  { id, family }: WantedPort,
): Work<OtherRules | undefined> {
  const { servicePort } = parseServiceId(id);
  if (!servicePort) return undefined;
  const own = (yield* nodeAgreements(state, objects)).filter((one) => one.family === family);
  const [only] = own;
  // Of two backends' rules, both of which differ, which count is not told here.
  if (!only || own.length > 1 || isOfAnotherSetup(only.agreement)) return undefined;
  const title = formatServicePortName(servicePort);
  const port = only.agreement.ports.find((one) => one.title === title);
  if (!port || port.state === 'newer') return undefined;
  const ofEndpoints = differInEndpoints(port.differences.filter(isChooser));
  const others = port.differences.filter(
    (one) => !isOfEndpoint(one) && !(ofEndpoints && isChooser(one)),
  );
  const isMissing = ({ kind }: RuleDifference) => kind === 'missing' || kind === 'missing-chain';
  return {
    missing: byChain(others.filter(isMissing)),
    stale: byChain(others.filter((one) => !isMissing(one))),
  };
}

function byChain(differences: readonly RuleDifference[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { chain, wanted } of differences) {
    counts.set(chain, (counts.get(chain) ?? 0) + Math.max(1, wanted?.rules.length ?? 0));
  }
  return [...counts].map(([chain, rules]) =>
    rules === 1 ? l10n.t`1 rule in ${chain}` : l10n.t`${rules} rules in ${chain}`,
  );
}
