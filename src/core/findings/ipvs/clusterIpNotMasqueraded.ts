import * as l10n from '@vscode/l10n';
import { formatAddress, type Family } from '../../address';
import { jumpsTo, matchOf, natChains, placeOf, rulesIn } from '../../rules/lookUp';
import { clusterIpsOf } from '../../kubeproxy/ipvs/clusterIps';
import { modeOf } from '../../kubeproxy/mode/judge';
import type { NodeState } from '../../node';
import type { Chain, Rule } from '../../rules/ruleset';
import type { SourceRange } from '../../source';
import type { Check } from '../check';
import { isNext, isWhole } from '../tables';

/**
 * In ipvs mode what a node sends to a ClusterIP has the ClusterIP as its source, which kube-ipvs0
 * holds, so that a rule must masquerade it. kube-proxy 1.9 and 1.10 wrote none without
 * --cluster-cidr (kubernetes#65388, since 1.11.1 `src,dst`).
 */
export const clusterIpNotMasqueraded: Check = {
  code: 'cluster-ip-not-masqueraded',
  severity: 'error',
  title: l10n.t('the node itself gets no answer from ClusterIPs'),
  modes: ['ipvs'],
  *find({ node }) {
    const missing = missingClusterIpRule(node);
    if (missing && !missing.sure) {
      yield {
        message: l10n.t(
          'Likely the node itself gets no answer from ClusterIPs: no rule masquerades traffic to them (KUBE-CLUSTER-IP). The listing ends where it would stand: "iptables-save -t nat" would decide it.',
        ),
        range: missing.range,
        severity: 'warning',
      };
    } else if (missing) {
      yield {
        message: l10n.t(
          'The node itself gets no answer from ClusterIPs: no rule masquerades traffic to them (KUBE-CLUSTER-IP), so that its packets leave with the ClusterIP as their source.',
        ),
        range: missing.range,
      };
    }
    const missing6 = missingClusterIpRule(node, 6);
    if (!missing6?.sure) return;
    yield {
      message: l10n.t(
        'The node itself gets no answer from ClusterIPs of IPv6: no rule masquerades traffic to them (KUBE-6-CLUSTER-IP), so that its packets leave with the ClusterIP as their source.',
      ),
      range: missing6.range,
    };
  },
};

/** Where a rule is missing; `sure` where the dump shows all of its chain. */
export interface MissingRule {
  readonly range: SourceRange;
  readonly sure: boolean;
}

/**
 * Where nat KUBE-SERVICES lacks the rule; undefined where there is one, or where the chain is not at
 * hand: an excerpt without it accuses nobody.
 */
export function missingClusterIpRule(node: NodeState, family: Family = 4): MissingRule | undefined {
  if (modeOf(node).mode !== 'ipvs' || (family === 6 && !hasClusterIp6(node))) return undefined;
  const atHand = natChains(node, family, 'KUBE-SERVICES').flatMap((chain) => {
    const extent = shown(node, chain);
    return extent ? [{ chain, extent }] : [];
  });
  const [first] = atHand;
  if (!first || atHand.some(({ chain }) => clusterIpRule(chain))) return undefined;
  const range = placeOf(first.chain);
  return range && { range, sure: first.extent === 'whole' };
}

/** With a virtual server of it: without an IPv6 Service kube-proxy writes no rule for them. */
function hasClusterIp6({ sets, ipvs }: NodeState): boolean {
  const own = clusterIpsOf({ sets }, 6);
  return (ipvs?.virtualServers ?? []).some(
    ({ address }) => address?.family === 6 && own?.has(formatAddress(address)),
  );
}

/** The rule of nat KUBE-SERVICES that marks traffic to ClusterIPs, of any release from 1.8. */
export function clusterIpRule(chain: Chain): Rule | undefined {
  for (let i = 0; i < chain.length; i++) {
    const rule = chain.rule(i);
    // A line that could not be read may be the one.
    if (rule.findings.some(({ severity }) => severity === 'error')) return rule;
    if (jumpsTo(rule) !== 'KUBE-MARK-MASQ' && rule.target?.kind !== 'MARK') continue;
    const set = matchOf(rule, 'set');
    const ofSet = set !== undefined && !set.negated && /^KUBE-(?:6-)?CLUSTER-IP$/.test(set.name);
    // 1.8: one for each ClusterIP.
    const ofAddress = !set && matchOf(rule, 'destination') !== undefined;
    if (ofSet || ofAddress || !rule.matches.some(({ kind }) => kind !== 'comment')) return rule;
  }
  return undefined;
}

/**
 * What of the chain the rule would stand in. `iptables -S` and `-L` have no end, and KUBE-SERVICES is the last
 * chain with rules that they print: none of its own behind all others are its end, or a cut.
 */
function shown({ rulesets }: NodeState, chain: Chain): 'whole' | 'end' | undefined {
  for (const { tables } of rulesets) {
    const nat = tables.get('nat');
    if (nat?.chains.get('KUBE-SERVICES') !== chain || !nat.complete || !chain.declared) continue;
    if (isWhole(nat, 'KUBE-SERVICES') || rulesIn(chain).some(standsBehind)) return 'whole';
    if (chain.length === 0 && isNext(nat, 'KUBE-SERVICES')) return 'end';
  }
  return undefined;
}

/** kube-proxy writes what is for external IPs and node ports behind it (pkg/proxy/ipvs/proxier.go, writeIptablesRules). */
function standsBehind(rule: Rule): boolean {
  const set = matchOf(rule, 'set')?.name ?? '';
  return (
    jumpsTo(rule) === 'KUBE-NODE-PORT' ||
    /^KUBE-(?:6-)?(?:CLUSTER-IP|EXTERNAL-IP|NODE-PORT)/.test(set)
  );
}
