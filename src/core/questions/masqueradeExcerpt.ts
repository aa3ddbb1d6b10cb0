import * as l10n from '@vscode/l10n';
import { contains, formatAddress, type Address, type Network } from '../address';
import { clusterIpRule, missingClusterIpRule } from '../findings/ipvs/clusterIpNotMasqueraded';
import type { VirtualServer } from '../ipvs/state';
import { clusterIpsOf } from '../kubeproxy/ipvs/clusterIps';
import { modeOf } from '../kubeproxy/mode/judge';
import { isUsualNodePort } from '../kubeproxy/nodePortRange';
import type { NodeState } from '../node';
import { matchOf, natChains } from '../rules/lookUp';
import type { Rule } from '../rules/ruleset';
import { finding, unknownAnswer } from './answer';
import type { NodeAnswer } from './answer';

const command = 'iptables -t nat -S KUBE-SERVICES';

/**
 * The same question where no packet can be traced: by the nat rules and the virtual servers alone.
 * In ipvs mode every ClusterIP is on kube-ipvs0, so that the node sends from it; either a rule marks
 * that for masquerade, or no answer comes back.
 */
export function byExcerpt(question: string, node: NodeState, healthy?: NodeState): NodeAnswer {
  const { mode, certainty } = modeOf(node);
  if (mode === undefined) {
    return unknownAnswer(question, l10n.t('the mode of kube-proxy is not known'), command);
  }
  if (mode !== 'ipvs') {
    return {
      question,
      answer: l10n.t`Likely: in mode ${mode} no device of the node has a ClusterIP, so that what the node sends to one has an address of its own as its source.`,
      certainty: 'likely',
      command: 'ip route show table all',
      findings: [],
    };
  }
  const chains = natChains(node, 4, 'KUBE-SERVICES');
  const rule = chains.map(clusterIpRule).find((one) => one !== undefined);
  if (rule) return byRule(question, node, rule);
  const missing = missingClusterIpRule(node);
  if (!missing) {
    // What stands behind a cut, or what a search left out, may have the rule.
    return chains.length > 0
      ? unknownAnswer(
          question,
          l10n.t('of nat KUBE-SERVICES only a part is at hand'),
          'iptables-save -t nat',
        )
      : unknownAnswer(question, l10n.t('nat KUBE-SERVICES is not at hand'), command);
  }
  const certain = certainty === 'certain' && missing.sure;
  const why = l10n.t(
    'no rule with --match-set KUBE-CLUSTER-IP jumps to KUBE-MARK-MASQ (kube-proxy up to 1.11.0 without --cluster-cidr)',
  );
  const [theirs] = healthy ? natChains(healthy, 4, 'KUBE-SERVICES').map(clusterIpRule) : [];
  return {
    question,
    answer: l10n.t`${certain ? l10n.t('No') : l10n.t('Likely not')}: ${why}. What the node sends to a ClusterIP leaves with the ClusterIP as its source, and no answer comes back. Pods are not affected.`,
    certainty: certain ? 'certain' : 'likely',
    broken: true,
    ...(certain ? {} : { command: 'iptables-save -t nat' }),
    findings: [
      ...finding('error', 'cluster-ip-not-masqueraded', l10n.t`Here ${why}.`, missing.range),
      ...finding(
        'information',
        'rule-of-healthy-node',
        l10n.t`${healthy?.name ?? ''} has this rule.`,
        theirs?.range,
      ),
    ],
  };
}

function byRule(question: string, node: NodeState, rule: Rule): NodeAnswer {
  const asked = matchOf(rule, 'set');
  const set = asked && node.sets?.get(asked.name);
  if (set?.complete && set.entries.length === 0) {
    const why = l10n.t`${set.name}, which this rule asks, is empty`;
    return {
      question,
      answer: l10n.t`${l10n.t('No')}: ${why}. What the node sends to a ClusterIP leaves with the ClusterIP as its source, and no answer comes back. Pods are not affected.`,
      certainty: 'certain',
      broken: true,
      findings: [
        ...finding('error', 'cluster-ip-not-masqueraded', l10n.t`Here ${why}.`, rule.range),
        ...finding('information', 'empty-set', l10n.t('The set.'), set.range),
      ],
    };
  }
  const source = matchOf(rule, 'source');
  const held = source?.negated === true ? clusterIpIn(node, source.network) : undefined;
  if (held) {
    const why = l10n.t`the range that this rule takes for the Pods' holds the ClusterIP ${formatAddress(held)}`;
    return {
      question,
      answer: l10n.t`Likely not: ${why}, so that what the node sends from a ClusterIP is not masqueraded: --cluster-cidr is the range of the Services.`,
      certainty: 'likely',
      command: 'ip addr show kube-ipvs0',
      findings: finding('error', 'cluster-ip-not-masqueraded', l10n.t`Here ${why}.`, rule.range),
    };
  }
  return {
    question,
    answer: l10n.t(
      "Likely: a rule masquerades traffic to ClusterIPs, so that what the node sends leaves with the node's own address.",
    ),
    certainty: 'likely',
    command: node.sets ? 'ip route show table all' : 'ipset save',
    findings: finding(
      'information',
      'cluster-ip-masqueraded',
      l10n.t('This rule marks it for MASQUERADE.'),
      rule.range,
    ),
  };
}

/**
 * A ClusterIP in a range. Node ports have virtual servers on the node's own addresses, of which the
 * Pods' bridge is one: without the sets an address that has one in the usual range, or whose Service
 * has another address, may be none.
 */
function clusterIpIn({ ipvs, sets }: NodeState, network: Network): Address | undefined {
  const servers = ipvs?.virtualServers ?? [];
  const clusterIps = clusterIpsOf({ sets });
  const onNode = new Set<string>();
  const addresses = new Map<string, Set<string>>();
  for (const server of servers) {
    if (!server.address) continue;
    const text = formatAddress(server.address);
    if (isUsualNodePort(server.port ?? 0)) onNode.add(text);
    const key = serviceOf(server);
    addresses.set(key, (addresses.get(key) ?? new Set()).add(text));
  }
  return servers.find((server) => {
    const { address } = server;
    if (!address || !contains(network, address)) return false;
    const text = formatAddress(address);
    if (clusterIps) return clusterIps.has(text);
    return !onNode.has(text) && addresses.get(serviceOf(server))!.size === 1;
  })?.address;
}

/** Virtual servers of one Service port have these in common. */
function serviceOf({ protocol, port, realServers }: VirtualServer): string {
  const to = realServers.map((one) => `${formatAddress(one.address)} ${one.port}`);
  return [protocol, port, ...to].join();
}
