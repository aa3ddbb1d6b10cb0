import * as l10n from '@vscode/l10n';
import { missing } from '../missing';
import { formatAddress, sameAddress, withPort } from '../address';
import type { Address, Family } from '../address';
import type { Finding } from '../finding';
import { wholeIpvs } from '../ipvs/wholeIpvs';
import type { NodeState } from '../node';
import { protocolName } from '../protocol';
import { outsider } from '../flow/places';
import { modeOf } from '../kubeproxy/mode/judge';
import { arrivalOf } from '../trace/arrival';
import { givenText } from '../trace/hook/given';
import { leaves } from '../trace/leaves';
import type { Leaf } from '../trace/leaves';
import { clientOutside, probeOf } from '../trace/probe';
import type { RuleStep } from '../trace/trace';
import { traceFlow } from '../trace/tracer';
import { rulesCommand } from './commands';
import { passedBy, takenByNobody } from './fates';
import { familyOfPort, nodeAddress } from './nodePortAddress';
import { nodePortByExcerpt } from './nodePortExcerpt';
import { byEnd, givenOf, givensOf, wayText } from './ways';
import { finding, unknownAnswer } from './answer';
import type { NodeAnswer } from './answer';
import { list } from '../list';

export interface NodePortQuestion {
  readonly port: number;
  /** 6 by default. */
  readonly protocol?: number;
  /** By default IPv4, unless only IPv6 has the port here. */
  readonly family?: Family;
  /** Who connects; by default an address outside. */
  readonly client?: Address;
}

/**
 * Where does a NodePort go: through which chains and sets, to which endpoints, and with which source
 * does the pod see it? Asked for a client outside,
 * at the node's address on the device by which it comes.
 */
export function askNodePort(
  node: NodeState,
  { port, protocol = 6, family: wanted, client: from }: NodePortQuestion,
): NodeAnswer {
  const text = `${port}/${protocolName(protocol)}`;
  const question = l10n.t`Where does NodePort ${text} go?`;
  const family = wanted ?? familyOfPort(node, { port, protocol });
  const client = from ?? (family === 4 ? clientOutside : outsider(family, []));
  const arrival = arrivalOf(node, client);
  const uplink = arrival.kind === 'device' ? arrival.device : undefined;
  const destination = nodeAddress(node, { port, protocol, family, uplink });
  const byExcerpt = () => nodePortByExcerpt(node, question, { port, protocol });
  if (!destination) return byExcerpt() ?? ofNoRule(node, question, text);
  if (arrival.kind === 'unknown') {
    return byExcerpt() ?? unknownAnswer(question, arrival.reason, 'ip route show table all');
  }
  const packet = probeOf({ source: client, device: uplink }, protocol, destination, port);
  const { path } = traceFlow(node, packet);
  const ends = leaves(path);
  if (ends.length > 0 && ends.every(isOwnSocket))
    return nowhere(node, question, text, destination, port, ends);
  const ways = ends.map((way) => lostWhere(way, passedBy(way, packet, uplink) ?? ofOwnSocket(way)));
  if (modeOf(node).mode === 'ipvs' && !wholeIpvs(node) && ways.some(isPastIpvs)) {
    return unknownAnswer(question, lackingServers(node), 'ipvsadm -Ln');
  }
  const open = ways.some(
    ({ verdict, branches }) =>
      verdict.kind === 'UNKNOWN' || branches.some((branch) => branch.unknown !== undefined),
  );
  const usual = open ? byExcerpt() : undefined;
  if (usual && usual.certainty !== 'unknown') return usual;
  const given = givenOf(ways);
  const way = l10n.t`${formatAddress(client)} to ${withPort(destination, port)}`;
  const where = [...new Set(byEnd(ways).map((way) => wayText(way)))].join(l10n.t('; '));
  const answer =
    given === undefined
      ? l10n.t`From ${way}: ${where}.`
      : l10n.t`From ${way}: ${where}, if ${given}.`;
  return {
    question,
    answer,
    certainty: open ? 'unknown' : given === undefined ? 'certain' : 'likely',
    findings: [...new Map(ways.flatMap(evidence(node))).values()],
  };
}

function lostWhere(way: Leaf, reason: string | undefined): Leaf {
  return reason === undefined ? way : { ...way, verdict: { ...way.verdict, kind: 'LOST', reason } };
}

/** kube-proxy's rules had it, and left it as it came. */
function ofOwnSocket({ verdict, steps }: Leaf): string | undefined {
  if (verdict.kind !== 'ACCEPT' || verdict.delivered !== 'local') return undefined;
  return steps.some(({ kind }) => kind === 'nat' || kind === 'ipvs') ? undefined : takenByNobody();
}

/** Delivered to the node itself without a virtual server, which a whole dump may have. */
function isPastIpvs({ verdict, steps }: Leaf): boolean {
  return verdict.delivered === 'local' && !steps.some(({ kind }) => kind === 'ipvs');
}

function lackingServers({ ipvs }: NodeState): string {
  return ipvs ? l10n.t('the dump of the virtual servers is not whole') : missing('ipvsadm -Ln');
}

/** Nothing of kube-proxy's took the packet: it meets the node's own sockets. */
function isOwnSocket({ verdict, branches, steps }: Leaf): boolean {
  if (verdict.kind !== 'ACCEPT' || verdict.delivered !== 'local') return false;
  if (branches.some(({ unknown }) => unknown !== undefined)) return false;
  return !steps.some(
    (step) =>
      step.kind === 'nat' ||
      step.kind === 'ipvs' ||
      (step.kind === 'rule' && step.chain === 'KUBE-NODEPORTS'),
  );
}

/** kube-proxy opens no socket for a NodePort since 1.24: the sender gets a reset, unless a process listens. */
function nowhere(
  node: NodeState,
  question: string,
  text: string,
  destination: Address,
  port: number,
  ways: readonly Leaf[],
): NodeAnswer {
  const { mode } = modeOf(node);
  // Only nat, or lines that could not be read, could take it somewhere else.
  const given = givenText(
    givensOf(ways).filter((one) => one.kind === 'gap' || one.table === 'nat'),
  );
  const rules = mode === 'nftables' ? l10n.t("kube-proxy's table") : 'KUBE-NODEPORTS';
  if ((mode === 'ipvs' || node.ipvs) && !wholeIpvs(node)) {
    return unknownAnswer(question, lackingServers(node), 'ipvsadm -Ln');
  }
  if (given !== undefined) {
    const why = l10n.t`no rule at hand takes ${text}; it goes nowhere if ${given}`;
    return unknownAnswer(question, why, 'iptables-save');
  }
  const nobody = node.ipvs ? l10n.t(' and no virtual server takes') : l10n.t(' takes');
  const socket = withPort(destination, port);
  const answer = l10n.t`No rule of ${rules}${nobody} ${text} on this node: it goes to no Service, and only a process that listens on ${socket} would answer.`;
  const own = node.interfaces?.flatMap(({ addresses }) => addresses);
  const place = own?.find(({ address }) => sameAddress(address, destination))?.range;
  const message = l10n.t`No Service has the NodePort ${text} on this node.`;
  return {
    question,
    answer,
    certainty: 'certain',
    findings: finding('error', 'node-port-of-no-service', message, place),
  };
}

/** Nothing at hand is about the port, and the excerpt is not all that may be. */
function ofNoRule(node: NodeState, question: string, text: string): NodeAnswer {
  const { mode, candidates } = modeOf(node);
  const isIpvs = (mode ?? candidates[0]) === 'ipvs';
  const command = isIpvs ? 'ipvsadm -Ln' : rulesCommand(mode ?? 'iptables', 4);
  return unknownAnswer(question, l10n.t`no rule at hand is about NodePort ${text}`, command);
}

/** Each rule that took it on, with the sets that it asked, and IPVS's rows: once each. */
function evidence(node: NodeState): (way: Leaf) => [string, Finding][] {
  return ({ steps }) =>
    steps.flatMap((step) => {
      if (step.kind !== 'rule' && step.kind !== 'ipvs') return [];
      const message = step.kind === 'rule' ? ruleText(node, step) : step.effect;
      const code = step.kind === 'rule' ? 'node-port-rule' : 'node-port-ipvs';
      const key = `${step.range.source}:${step.range.line}`;
      return finding('information', code, message, step.range).map((one): [string, Finding] => [
        key,
        one,
      ]);
    });
}

function ruleText(
  { rulesets }: NodeState,
  { table, chain, rule, effect, range }: RuleStep,
): string {
  const found = rulesets
    .filter(({ source }) => source === range.source)
    .map(({ tables }) => tables.get(table)?.chains.get(chain))
    .find((one) => one && one.length >= rule)
    ?.rule(rule - 1);
  const sets = (found?.matches ?? []).flatMap((match) =>
    match.kind === 'set' ? [`${match.negated ? '! ' : ''}${match.name}`] : [],
  );
  const asked = sets.length > 0 ? l10n.t` by the set ${list(sets, 'row')}` : '';
  return `${table} ${chain} ${rule}${asked}: ${effect}`;
}
