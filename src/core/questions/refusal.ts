import * as l10n from '@vscode/l10n';
import type { Leaf } from '../trace/leaves';
import type { RuleStep } from '../trace/trace';

/** How a packet fails, and what kube-proxy means by it: `DROP (a DROP rule: traffic policy Local, ...)`. */
export function failText(way: Leaf): string {
  const { kind, reason } = way.verdict;
  const why = whyOf(way);
  return why === undefined ? `${kind} (${reason})` : l10n.t`${kind} (${reason}: ${why})`;
}

/**
 * By kube-proxy's own chains (pkg/proxy/iptables/proxier.go, pkg/proxy/nftables/proxier.go): refusals of a Service
 * without endpoint stand in chains of their own, DROP where it has some and none of this node, and so do those of
 * loadBalancerSourceRanges.
 */
function whyOf({ verdict, steps }: Leaf): string | undefined {
  const rules = steps.filter((step): step is RuleStep => step.kind === 'rule');
  const last = rules.at(-1);
  if (verdict.kind === 'LOST') return isLeftByLocalPolicy(rules) ? noneHere() : undefined;
  if (!last || (verdict.kind !== 'DROP' && verdict.kind !== 'REJECT')) return undefined;
  const { table, chain, family } = last;
  const isIptables = family === undefined;
  if (isIptables ? table === 'filter' && refusing.has(chain) : nftRefusing.has(chain)) {
    return verdict.kind === 'DROP' ? noneHere() : l10n.t('the Service has no endpoint');
  }
  const isFirewall = isIptables
    ? chain === 'KUBE-PROXY-FIREWALL' ||
      chain.startsWith('KUBE-FW-') ||
      chain === 'KUBE-SOURCE-RANGES-FIREWALL'
    : chain.startsWith('firewall-');
  return isFirewall ? l10n.t('the client is in none of loadBalancerSourceRanges') : undefined;
}

const refusing: ReadonlySet<string> = new Set(['KUBE-SERVICES', 'KUBE-EXTERNAL-SERVICES']);

const nftRefusing: ReadonlySet<string> = new Set([
  'reject-chain',
  'service-endpoints-check',
  'nodeport-endpoints-check',
]);

function noneHere(): string {
  return l10n.t('traffic policy Local, and no endpoint of the Service is on this node');
}

/** KUBE-EXT- sends Pods and the node itself to all endpoints, and nobody else: filter, which drops them, is not at hand. */
function isLeftByLocalPolicy(rules: readonly RuleStep[]): boolean {
  const last = rules.findLast(({ table }) => table === 'nat' || table === 'kube-proxy');
  if (!last) return false;
  // Up to 1.23 the chain's last rule marks the packet for a drop that the kubelet's rules make.
  return (
    /^(?:jump KUBE-EXT-|goto external-)/.test(last.effect) || last.chain.startsWith('KUBE-XLB-')
  );
}
