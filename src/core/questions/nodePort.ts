import * as l10n from '@vscode/l10n';
import { missing } from '../missing';
import { formatAddress, sameAddress, withPort } from '../address';
import type { Address } from '../address';
import type { Finding } from '../finding';
import { wholeIpvs } from '../ipvs/wholeIpvs';
import type { NodeState } from '../node';
import { protocolName } from '../protocol';
import { modeOf } from '../kubeproxy/mode/judge';
import { arrivalOf } from '../trace/arrival';
import { givenText } from '../trace/hook/given';
import { leaves } from '../trace/leaves';
import type { Leaf } from '../trace/leaves';
import { kubeIpvsDevice } from '../trace/ipvs/items';
import { clientOutside, probeOf } from '../trace/probe';
import type { RuleStep } from '../trace/trace';
import { traceFlow } from '../trace/tracer';
import { passedBy } from './fates';
import { nodePortByExcerpt } from './nodePortExcerpt';
import { byEnd, givenOf, givensOf, wayText } from './ways';
import { finding, unknownAnswer } from './answer';
import type { NodeAnswer } from './answer';
import { list } from '../list';

export interface NodePortQuestion {
  readonly port: number;
  /** 6 by default. */
  readonly protocol?: number;
  /** Who connects; by default 192.0.2.1, an address outside. */
  readonly client?: Address;
}

/**
 * Where does a NodePort go: through which chains and sets, to which endpoints, and with which source
 * does the pod see it? Asked for a client outside, at the node's first address.
 */
export function askNodePort(
  node: NodeState,
  { port, protocol = 6, client = clientOutside }: NodePortQuestion,
): NodeAnswer {
  const text = `${port}/${protocolName(protocol)}`;
  const question = l10n.t`Where does NodePort ${text} go?`;
  const destination = nodeAddress(node, port, protocol);
  const byExcerpt = () => nodePortByExcerpt(node, question, { port, protocol });
  if (!destination) {
    return byExcerpt() ?? unknownAnswer(question, missing('ip addr'), 'ip addr');
  }
  const arrival = arrivalOf(node, client);
  if (arrival.kind === 'unknown') {
    return byExcerpt() ?? unknownAnswer(question, arrival.reason, 'ip route show table all');
  }
  const device = arrival.kind === 'device' ? arrival.device : undefined;
  const packet = probeOf({ source: client, device }, protocol, destination, port);
  const { path } = traceFlow(node, packet);
  const ways = leaves(path).map((way) => lostWhere(way, passedBy(way, packet, device)));
  if (ways.length > 0 && ways.every(isOwnSocket))
    return nowhere(node, question, text, destination, port, ways);
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
  const from = l10n.t`${formatAddress(client)} to ${withPort(destination, port)}`;
  const where = [...new Set(byEnd(ways).map((way) => wayText(way)))].join(l10n.t('; '));
  const answer =
    given === undefined
      ? l10n.t`From ${from}: ${where}.`
      : l10n.t`From ${from}: ${where}, if ${given}.`;
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

/** The address of a virtual server with this port, else the first global one that is no Service's. */
function nodeAddress(
  { ipvs, interfaces = [] }: NodeState,
  port: number,
  protocol: number,
): Address | undefined {
  const own = interfaces
    .filter(({ name }) => name !== kubeIpvsDevice && name !== 'lo')
    .flatMap(({ addresses }) => addresses)
    .filter(({ address, scope }) => address.family === 4 && scope !== 'host');
  const server = ipvs?.virtualServers.find(
    ({ address, port: at, protocol: by }) =>
      at === port &&
      by === protocol &&
      own.some((one) => address && sameAddress(one.address, address)),
  );
  return server?.address ?? own[0]?.address;
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
