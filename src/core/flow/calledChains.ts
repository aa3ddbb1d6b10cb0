import { l10n } from '../l10n';
import { identifyChain, type ChainIdentity } from '../kubeproxy/chainIdentity';
import { nameDictionary } from '../kubeproxy/dictionary';
import { formatServicePortName, splitChainName, type ServiceChainPrefix } from '../kubeproxy/names';
import { lineKey } from '../source';
import type { RuleStep } from '../trace/trace';
import { roleText } from './chainRole';
import type { FlowNode, ServiceChain } from './graph';
import { findRule, type PlacedRule, type RuleBook, type RulesOfNode } from './ruleBook';

const kinds: Readonly<Partial<Record<ServiceChainPrefix, ServiceChain['kind']>>> = {
  'KUBE-SVC-': 'service',
  'KUBE-SVL-': 'local',
  'KUBE-XLB-': 'local',
  'KUBE-EXT-': 'external',
  'KUBE-FW-': 'firewall',
};

/**
 * What a chain of a Service port is for; undefined for any other one.
 *
 * @param service `default/whoami:http`
 */
export function roleOf(chain: string, service: string): ServiceChain | undefined {
  const hashed = splitChainName(chain);
  const kind = hashed && kinds[hashed.prefix];
  return kind && { kind, service };
}

/** The node of a Service's chain with what that is for, where the chain's own rules name the Service. */
export function withRoleOfChain(node: FlowNode, rules: RuleBook): FlowNode {
  const [range] = node.ranges;
  if (node.kind !== 'chain' || !range || !splitChainName(node.label)) return node;
  const placed = rules.at(range);
  const servicePort =
    placed && identifyChain(placed.table, node.label, nameDictionary())?.servicePort;
  const role = servicePort && roleOf(node.label, formatServicePortName(servicePort));
  return role ? { ...node, role } : node;
}

/** Whose the chain is that a rule jumps to, by the rule's own comment and the chain's rules. */
export function identityOfTarget(
  { table, chain, rule }: PlacedRule,
  target: string,
): ChainIdentity | undefined {
  const names = nameDictionary();
  for (const match of rule.matches) if (match.kind === 'comment') names.addComment(match.text);
  return identifyChain(table, target, names, [chain.name]);
}

/**
 * What the chain is for that a rule jumps to, where its name is a hash: `Service default/whoami:http`,
 * `Endpoint 10.244.0.3:3000`. Each rule is looked at once.
 */
export function calledChains(node: RulesOfNode): (step: RuleStep) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (step) => {
    const key = lineKey(step.range);
    if (!known.has(key)) known.set(key, calledBy(findRule(node, step)));
    return known.get(key);
  };
}

function calledBy(placed: PlacedRule | undefined): string | undefined {
  const target = placed?.rule.target;
  if (target?.kind !== 'jump' && target?.kind !== 'goto') return undefined;
  if (!splitChainName(target.chain)) return undefined;
  const { servicePort, endpoint } = identityOfTarget(placed!, target.chain) ?? {};
  if (endpoint !== undefined) return l10n.t`Endpoint ${endpoint}`;
  const role = servicePort && roleOf(target.chain, formatServicePortName(servicePort));
  return role && roleText(role);
}
