import type { ServiceEntry } from '../service';
import type { Leaf } from '../trace/leaves';
import type { RuleStep } from '../trace/trace';

/** Where kube-proxy writes neither ACCEPT nor RETURN in iptables mode (pkg/proxy/iptables/proxier.go). */
const chains: ReadonlySet<string> = new Set(['PREROUTING', 'OUTPUT', 'KUBE-SERVICES']);

/** The rule of others by which a packet left the chains of nat before the rules of a Service of iptables mode. */
export function keptFrom({ steps }: Leaf, entry: ServiceEntry): RuleStep | undefined {
  return steps.find(
    (step): step is RuleStep =>
      step.kind === 'rule' &&
      step.table === 'nat' &&
      step.family === undefined &&
      (chains.has(step.chain)
        ? (step.effect === 'ACCEPT' || step.effect === 'RETURN') && isBefore(step, entry)
        : isOfOthers(step)),
  );
}

/** A chain that others call before (`cali-PREROUTING`): its ACCEPT ends the hook's way, its RETURN leads back. */
function isOfOthers({ hook, chain, effect }: RuleStep): boolean {
  const isCalled = hook === 'prerouting' || hook === 'output';
  return isCalled && !chain.startsWith('KUBE-') && effect === 'ACCEPT';
}

/** What leads to NodePorts is the last rule of KUBE-SERVICES; they stand in a chain of their own. */
function isBefore({ chain, range }: RuleStep, { kind, range: own }: ServiceEntry): boolean {
  if (chain !== 'KUBE-SERVICES' || kind === 'node-port') return true;
  return own.source === range.source && range.line < own.line;
}
