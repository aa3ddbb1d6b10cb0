import * as l10n from '@vscode/l10n';
import { withPort, type Family } from '../address';
import { append } from '../append';
import { list } from '../list';
import { mayBeNodePort } from '../kubeproxy/nodePortRange';
import { modeOf } from '../kubeproxy/mode/judge';
import type { ProxyModeName } from '../kubeproxy/proxyMode';
import { proxyTablesOf } from '../kubeproxy/nftables/services';
import { familyOf, programmed } from '../kubeproxy/programmed';
import type { NodeState } from '../node';
import { protocolName } from '../protocol';
import type { ServiceEntry } from '../service';
import type { Leaf } from '../trace/leaves';
import { finish, type Work } from '../work';
import { finding, unknownAnswer, type NodeAnswer } from './answer';
import { commandsFor, quoted } from './commands';
import { fatesOf, type Fate } from './fates';
import { failText } from './refusal';
import { likely, startText, verdictsOf } from './ways';

/**
 * Where a NodePort leads a client outside, where the node's addresses or routes are not at hand: as on a
 * node that is as usual. undefined where no Service port is seen that has it.
 */
export function nodePortByExcerpt(
  node: NodeState,
  question: string,
  asked: { readonly port: number; readonly protocol: number },
): NodeAnswer | undefined {
  const { ways, titles, entry, commands } = finish(waysOf(node, asked));
  if (!entry) return ofNoService(node, question, `${asked.port}/${protocolName(asked.protocol)}`);
  const { start, certainty } = likely(verdictsOf(ways));
  if (certainty === 'unknown') {
    const reasons = ways.flatMap(({ verdict }) =>
      verdict.kind === 'UNKNOWN' ? [verdict.reason] : [],
    );
    const why =
      [...new Set(reasons)].join(l10n.t('; ')) || l10n.t('the dumps lead to several ends');
    return unknownAnswer(question, why, commands[0] ?? 'ip addr');
  }
  const where = [...titles]
    .map(([end, titles]) => l10n.t`by ${list([...new Set(titles)])} ${end}`)
    .join(l10n.t('; '));
  const text = `${asked.port}/${protocolName(asked.protocol)}`;
  return {
    question,
    answer: l10n.t`${startText(start)}: ${where}. ${quoted(commands)} would tell on which addresses, and which source the Pod sees.`,
    certainty,
    ...(commands[0] !== undefined && { command: commands[0] }),
    findings: finding('information', 'node-port-rule', l10n.t`It takes ${text}.`, entry.range),
  };
}

/** Where all that takes NodePorts is at hand, and nothing takes this one; else undefined. */
function ofNoService(node: NodeState, question: string, text: string): NodeAnswer | undefined {
  const { mode, certainty } = modeOf(node);
  if (certainty !== 'certain' || mode === undefined || mode === 'ipvs') return undefined;
  const nats = node.rulesets.flatMap(({ family, tables }) =>
    family === 4 ? (tables.get('nat') ?? []) : [],
  );
  const tables = proxyTablesOf(node.nftables);
  // An IPv6 table alone tells nothing of IPv4, unless the listing has all tables.
  const isAll = node.nftables?.complete || tables.some((table) => familyOf(table) === 4);
  const maps = isAll ? tables.map(({ sets }) => sets?.get('service-nodeports')) : [];
  const places =
    mode === 'nftables'
      ? maps.map((map) => (map?.complete ? map.declared : undefined))
      : nats.map((nat) => (nat.complete ? nat.chains.get('KUBE-NODEPORTS')?.declared : undefined));
  const [place] = places;
  if (!place || places.includes(undefined)) return undefined;
  const rules = mode === 'nftables' ? l10n.t("kube-proxy's table") : 'KUBE-NODEPORTS';
  return {
    question,
    answer: l10n.t`No rule of ${rules} takes ${text} on this node: it goes to no Service.`,
    certainty: 'certain',
    findings: finding(
      'information',
      'node-port-of-no-service',
      l10n.t`It does not have ${text}.`,
      place,
    ),
  };
}

/** The ways of a client outside, and the Services by where they end: each address of the node has a virtual server of its own. */
function* waysOf(
  node: NodeState,
  { port, protocol }: { readonly port: number; readonly protocol: number },
): Work<{
  readonly ways: readonly Leaf[];
  readonly titles: ReadonlyMap<string, readonly string[]>;
  readonly entry?: ServiceEntry;
  readonly commands: readonly string[];
}> {
  const found: { fate: Fate; title: string; mode: ProxyModeName }[] = [];
  for (const one of (yield* programmed(node)).ports) {
    const { service } = one;
    if (service.protocol !== protocol) continue;
    const isAsked = (entry: ServiceEntry) => entry.port === port && mayBeNodePort(entry);
    if (!service.entries.some(isAsked)) continue;
    const [fate] = yield* fatesOf(
      node,
      one,
      (asker) => isAsked(asker.entry) && asker.client !== 'node',
    );
    if (fate) found.push({ fate, title: service.title, mode: service.mode });
  }
  // Where the rules of one family are at hand, those of the other, which are not, make no difference to it.
  const known = found.filter(({ fate }) => verdictsOf(fate.ways).certainty !== 'unknown');
  const told = known.length > 0 && isOfOneFamily(known) ? known : found;
  const titles = new Map<string, string[]>();
  for (const { fate, title } of told) append(titles, endText(fate.ways), title);
  const last = told.at(-1);
  return {
    ways: told.flatMap(({ fate }) => fate.ways),
    titles,
    commands: last ? commandsFor(last.fate, { mode: last.mode, family: familyAsked(last) }) : [],
    ...(told[0] && { entry: told[0].fate.asker.entry }),
  };
}

interface Told {
  readonly fate: Fate;
}

function familyAsked({ fate }: Told): Family {
  return fate.asker.packet.destination.family;
}

function isOfOneFamily(all: readonly Told[]): boolean {
  return new Set(all.map(familyAsked)).size === 1;
}

/** `to 10.244.1.5:8080 and 10.244.1.6:8080`, or how it fails. */
function endText(ways: readonly Leaf[]): string {
  const reached = new Set<string>();
  const failed = new Set<string>();
  for (const way of ways) {
    const { kind, final } = way.verdict;
    if (kind === 'ACCEPT') reached.add(withPort(final!.destination, final!.destinationPort));
    else failed.add(failText(way));
  }
  const to = reached.size > 0 ? [l10n.t`to ${list([...reached])}`] : [];
  return [...to, ...failed].join(l10n.t(', '));
}
