import * as l10n from '@vscode/l10n';
import { formatAddress, sameAddress, withPort } from '../address';
import type { Address } from '../address';
import type { Finding } from '../finding';
import type { VirtualServer } from '../ipvs/state';
import { missingClusterIpRule } from '../findings/ipvs/clusterIpNotMasqueraded';
import { clusterIpsOf } from '../kubeproxy/ipvs/clusterIps';
import type { NodeState } from '../node';
import { protocolNumbers, type Packet } from '../packet';
import { jumpsTo, natChains, rulesIn } from '../rules/lookUp';
import type { Rule } from '../rules/ruleset';
import { arrivalOf } from '../trace/arrival';
import { kubeIpvsDevice } from '../trace/ipvs/items';
import { leaves } from '../trace/leaves';
import type { Leaf } from '../trace/leaves';
import { clientOutside, probeOf, type EntryPlace } from '../trace/probe';
import { socketSource } from '../trace/route/socketSource';
import { traceFlow } from '../trace/tracer';
import { byExcerpt } from './masqueradeExcerpt';
import { finding } from './answer';
import type { NodeAnswer } from './answer';

/**
 * Does a connection from the node itself to a ClusterIP get its answers back? In ipvs mode its source
 * is the ClusterIP (the local route on kube-ipvs0), so it must be masqueraded; kube-proxy 1.9 without
 * --cluster-cidr wrote no rule for that, later ones write one with `src,dst`, which catches it.
 *
 * @param healthy another node, whose rule is shown where this one has none
 */
export function askNodeToClusterIp(node: NodeState, healthy?: NodeState): NodeAnswer {
  const told = ofIpv4(node, healthy);
  const missing = told.broken ? undefined : missingClusterIpRule(node, 6);
  if (!missing?.sure) return told;
  const why = l10n.t(
    'no rule of ip6tables with --match-set KUBE-6-CLUSTER-IP jumps to KUBE-MARK-MASQ',
  );
  const findings = finding(
    'error',
    'cluster-ip-not-masqueraded',
    l10n.t`Here ${why}.`,
    missing.range,
  );
  return {
    question: told.question,
    answer: l10n.t`No, of IPv6: ${why}. What the node sends to a ClusterIP of IPv6 leaves with the ClusterIP as its source, and no answer comes back. Of IPv4: ${told.answer}`,
    certainty: 'certain',
    broken: true,
    findings: [...findings, ...told.findings],
  };
}

function ofIpv4(node: NodeState, healthy?: NodeState): NodeAnswer {
  const question = l10n.t('Do connections from this node to a ClusterIP get answers?');
  const probes = probesOf(node);
  const [first] = probes;
  // What passes no rule leaves as it is: that tells nothing where the rules are not at hand.
  // Which virtual servers have a ClusterIP, and which an external or load balancer IP, the sets tell.
  if (!first || !hasNat(node) || !node.sets) return byExcerpt(question, node, healthy);
  // A real server may be this node; one elsewhere shows what leaves.
  const server = probes.find((one) => sentBy(node, one).length > 0) ?? first;
  const to = withPort(server.address, server.port);
  const own = sourceTo(node, server);
  const leaving = sentBy(node, server);
  const stuck = leaving.find(({ verdict }) => sameAddress(verdict.final!.source, own));
  const rules = markRules(node);
  const later = outsideFindings(node, server, rules);
  if (leaving.length === 0) {
    const excerpt = byExcerpt(question, node, healthy);
    if (excerpt.certainty !== 'unknown') return excerpt;
    const ways = leaves(traceFlow(node, packetTo(server, { source: own })).path);
    const reason = ways[0]?.verdict.reason ?? l10n.t('no way at all');
    const answer = l10n.t`Unknown: nothing that the node sends to ${to} is seen to leave it (${reason}).`;
    return { question, answer, certainty: 'unknown', findings: later };
  }
  if (!stuck || !sameAddress(own, server.address)) {
    const [rule] = rules;
    const answer = l10n.t`Yes: what the node sends to ${to} leaves with the node's own address.`;
    const says = l10n.t('This rule marks it for MASQUERADE.');
    const findings = finding('information', 'cluster-ip-masqueraded', says, rule?.range);
    return { question, answer, certainty: 'certain', findings: [...findings, ...later] };
  }
  const why =
    rules.length === 0
      ? l10n.t(
          'no rule with --match-set KUBE-CLUSTER-IP jumps to KUBE-MARK-MASQ, as kube-proxy without --cluster-cidr wrote them up to 1.9',
        )
      : l10n.t('no rule that marks packets to KUBE-CLUSTER-IP takes it');
  const answer = l10n.t`No: what the node sends to ${to} leaves with the ClusterIP ${formatAddress(own)} as its source, and the answer never comes back: ${why}.`;
  const [chain] = natChains(node, 4, 'KUBE-SERVICES');
  const [theirs] = healthy ? markRules(healthy) : [];
  return {
    question,
    answer,
    certainty: 'certain',
    broken: true,
    findings: [
      ...finding(
        'error',
        'cluster-ip-not-masqueraded',
        l10n.t`Here ${why}.`,
        chain?.declared ?? server.range,
      ),
      ...finding('information', 'left-as-cluster-ip', l10n.t`Sent to ${to}.`, server.range),
      ...finding(
        'information',
        'rule-of-healthy-node',
        l10n.t`${healthy?.name ?? ''} has this rule.`,
        theirs?.range,
      ),
    ],
  };
}

function hasNat({ rulesets }: NodeState): boolean {
  return rulesets.some(({ family, tables }) => family === 4 && tables.has('nat'));
}

type ProbedServer = VirtualServer & { readonly address: Address; readonly port: number };

function sourceTo(node: NodeState, { address }: ProbedServer): Address {
  return socketSource(node, address) ?? address;
}

function sentBy(node: NodeState, server: ProbedServer): readonly Leaf[] {
  return sent(node, packetTo(server, { source: sourceTo(node, server) }));
}

/** ClusterIPs with real servers: those that KUBE-CLUSTER-IP holds where the sets are known. */
function probesOf({ ipvs, interfaces, sets }: NodeState): readonly ProbedServer[] {
  const device = interfaces?.find(({ name }) => name === kubeIpvsDevice);
  const held = (address: Address) =>
    device?.addresses.some((own) => sameAddress(own.address, address)) === true;
  const clusterIps = clusterIpsOf({ sets });
  const isClusterIp = (address: Address) => clusterIps?.has(formatAddress(address)) ?? true;
  return (ipvs?.virtualServers ?? []).filter(
    (server): server is ProbedServer =>
      server.address?.family === 4 &&
      server.port !== undefined &&
      server.protocol === 6 &&
      server.realServers.some(({ weight }) => weight > 0) &&
      held(server.address) &&
      isClusterIp(server.address),
  );
}

function packetTo({ address, port }: ProbedServer, from: EntryPlace): Packet {
  return probeOf(from, protocolNumbers.tcp, address, port);
}

/** The ways on which it leaves the node. */
function sent(node: NodeState, packet: Packet): readonly Leaf[] {
  return leaves(traceFlow(node, packet).path).filter(
    ({ verdict }) => verdict.kind === 'ACCEPT' && verdict.delivered !== 'local',
  );
}

/** The rules that mark packets to ClusterIPs, of any shape. */
function markRules(node: NodeState): readonly Rule[] {
  return natChains(node, 4, 'KUBE-SERVICES')
    .flatMap(rulesIn)
    .filter((rule) => jumpsTo(rule) === 'KUBE-MARK-MASQ' && asksClusterIps(rule));
}

function asksClusterIps({ matches }: Rule): boolean {
  return matches.some((match) => match.kind === 'set' && match.name === 'KUBE-CLUSTER-IP');
}

/** The shape `src,dst`: the node itself is well, what comes from outside keeps its source. */
function outsideFindings(
  node: NodeState,
  server: ProbedServer,
  rules: readonly Rule[],
): readonly Finding[] {
  const rule = rules.find(({ matches }) =>
    matches.some((match) => match.kind === 'set' && match.directions.join() === 'src,dst'),
  );
  const arrival = arrivalOf(node, clientOutside);
  if (!rule || arrival.kind !== 'device') return [];
  const from = { source: clientOutside, device: arrival.device };
  const kept = sent(node, packetTo(server, from)).some(({ verdict }) =>
    sameAddress(verdict.final!.source, clientOutside),
  );
  if (!kept) return [];
  const message = l10n.t`${withPort(server.address, server.port)} from outside is not masqueraded: this rule asks for the source in KUBE-CLUSTER-IP, which only the node's own packets have. Real servers on other nodes answer such clients directly.`;
  return finding('warning', 'outside-not-masqueraded', message, rule.range);
}
