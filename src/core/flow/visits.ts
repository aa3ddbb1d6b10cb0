import { l10n } from '../l10n';
import { seesText } from '../trace/client/view';
import { formatAddress, sameAddress, withPort } from '../address';
import { chainKind } from '../kubeproxy/chainKind';
import { nftNameParts } from '../kubeproxy/nftables/known';
import type { Match } from '../rules/match';
import { fileName, type SourceRange } from '../source';
import { givenText } from '../trace/hook/given';
import type { RuleStep, Step, Verdict } from '../trace/trace';
import { isSubroutine } from './frames';
import type { ChainVisit } from './frames';
import type { FlowNode, MarkBadge } from './graph';
import { withoutMiddle } from './longWays';
import type { TracedWay, Visit } from './visit';
import { mapInPieces, type Work } from '../work';
import { append } from '../append';

/** Finds what a rule matches; the steps of a trace tell only what it did. */
export type Matches = (step: RuleStep) => readonly Match[];

/** A chain's identity in the graph, whichever hook it was passed in. */
export function chainId({ table, chain }: Pick<ChainVisit, 'table' | 'chain'>): string {
  return `${table} ${chain}`;
}

/**
 * The chains to draw wherever a packet passes them: those that translate or mark, and all that
 * lead there. Others are drawn only on the way of a packet that ends in them.
 */
export function* chainsThatMatter(ways: readonly TracedWay[]): Work<ReadonlySet<string>> {
  const matter = new Callers();
  yield* mapInPieces(ways, ({ frames }) => {
    for (const frame of frames) {
      if (isSubroutine(frame)) matter.add(frame.caller);
      else if (frame.nat || frame.rules.some(changesMark)) matter.add(frame);
    }
  });
  // In ipvs mode a pod's packet meets no mark, but from PREROUTING it comes to a chain that marks.
  yield* mapInPieces(ways, ({ frames }) => {
    for (const frame of frames) if (matter.chains.has(chainId(frame))) matter.add(frame);
  });
  return matter.chains;
}

/** Chains and all that lead to them; each frame is gone through once. */
class Callers {
  readonly chains = new Set<string>();
  private readonly frames = new Set<ChainVisit>();

  add(frame: ChainVisit | undefined): void {
    for (let at = frame; at && !this.frames.has(at); at = at.caller) {
      this.frames.add(at);
      this.chains.add(chainId(at));
    }
  }
}

function changesMark({ mark, markAfter }: RuleStep): boolean {
  return markAfter !== undefined && markAfter !== mark;
}

/** The nodes on a packet's way behind its entry: chains, the endpoint, and what became of it. */
export function visitsOf(
  way: TracedWay,
  matter: ReadonlySet<string>,
  matches: Matches,
): readonly Visit[] {
  const { frames, steps, verdict } = way;
  const ending = new Callers();
  const last = frames.at(-1);
  if (verdict.kind !== 'ACCEPT' && verdict.range && last?.rules.at(-1)?.range === verdict.range) {
    ending.add(last);
  }
  const visits = ipvsVisits(steps);
  const taken = visits.find(({ node }) => node.kind === 'virtual-server');
  const set = taken && setVisit(steps.slice(0, taken.at), matches);
  if (set) visits.push(set);
  const called = framesByCaller(frames);
  const chosen = visits.find(({ node }) => node.kind === 'endpoint')?.at ?? Infinity;
  const reaches = chosen < Infinity || frames.some((frame) => destinationOf(frame) !== undefined);
  for (const frame of frames) {
    const translated = destinationOf(frame);
    const merged = translated && isOfEndpoint(frame);
    // Of a packet that no rule sends to an endpoint, nothing is left to see in POSTROUTING.
    const last = frame.rules[0]?.hook === 'postrouting';
    // IPVS sends the packet through OUTPUT once more, where the Service's chains have had their say.
    const idle = last ? !reaches && !frame.nat : frame.first > chosen;
    const drawn = (matter.has(chainId(frame)) && !idle) || ending.chains.has(chainId(frame));
    if (drawn && !merged && !isSubroutine(frame) && !isPassage(frame, called)) {
      visits.push(chainVisit(frame, called.get(frame) ?? [], matches));
    }
    if (translated) visits.push(endpointVisit(frame, translated, merged === true));
  }
  visits.push(endVisit(way, verdict, steps, reaches));
  return withoutMiddle(
    withRegardless(
      visits.sort((a, b) => a.at - b.at),
      steps,
    ),
  );
}

/** What makes no difference stands at the place where the trace met it, before the first at the first. */
function withRegardless(visits: readonly Visit[], steps: readonly Step[]): readonly Visit[] {
  const texts = new Map<Visit, string[]>();
  for (const [i, step] of steps.entries()) {
    if (step.kind !== 'either') continue;
    const visit = visits.findLast(({ at }) => at <= i) ?? visits[0]!;
    append(texts, visit, step.effect);
  }
  return visits.map((visit) => {
    const regardless = texts.get(visit);
    return regardless ? { ...visit, node: { ...visit.node, regardless } } : visit;
  });
}

function framesByCaller(
  frames: readonly ChainVisit[],
): ReadonlyMap<ChainVisit, readonly ChainVisit[]> {
  const called = new Map<ChainVisit, ChainVisit[]>();
  for (const frame of frames) {
    if (!frame.caller) continue;
    append(called, frame.caller, frame);
  }
  return called;
}

/** KUBE-SEP- of iptables mode, in nftables mode the `endpoint-` chains of a Service with affinity. */
function isOfEndpoint({ chain, table }: ChainVisit): boolean {
  const kinds = [chainKind(chain, table)?.kind, nftNameParts(chain)?.kind];
  return kinds.includes('endpoint');
}

/** The virtual server that has the packet, and the real server that it chose. */
function ipvsVisits(steps: readonly Step[]): Visit[] {
  return steps.flatMap((step, at): Visit[] => {
    if (step.kind !== 'ipvs' || step.direction !== 'in') return [];
    const { virtual, real, after, range, hook } = step;
    if (!real) {
      const { address, port, firewallMark, scheduler } = virtual;
      const label = address ? withPort(address, port) : l10n.t`firewall mark ${firewallMark}`;
      const node: FlowNode = {
        id: `virtual server ${label} ${virtual.protocol ?? ''}`,
        kind: 'virtual-server',
        label,
        detail: [l10n.t`IPVS in ${hook}`, scheduler].filter(Boolean).join(l10n.t`, `),
        marks: [],
        ranges: [range],
      };
      return [{ at, enteredBy: [range], node }];
    }
    if (!after) return [];
    const address = withPort(after.destination, after.destinationPort);
    const node = endpointNode(address, l10n.t`${real.method}, weight ${real.weight}`, [real.range]);
    return [{ at, enteredBy: [real.range], node }];
  });
}

/** The set that had the packet's destination: in ipvs mode KUBE-SERVICES knows Services by sets alone. */
function setVisit(steps: readonly Step[], matches: Matches): Visit | undefined {
  for (let at = steps.length - 1; at >= 0; at--) {
    const step = steps[at]!;
    if (step.kind !== 'rule' || step.table !== 'nat') continue;
    const match = matches(step).find(
      (one) => one.kind === 'set' && !one.negated && one.directions.includes('dst'),
    );
    if (match?.kind !== 'set') continue;
    const { chain, rule, range } = step;
    const detail = l10n.t`${chain} rule ${rule}`;
    const node: FlowNode = {
      id: `set ${match.name}`,
      kind: 'set',
      label: match.name,
      detail,
      marks: [],
      ranges: [range],
    };
    // Behind the chain, also where this is the first of its rules.
    return { at: at + 0.5, enteredBy: [range], node };
  }
  return undefined;
}

function destinationOf({ nat }: ChainVisit): string | undefined {
  if (!nat) return undefined;
  const { before, after } = nat.step;
  const same =
    sameAddress(before.destination, after.destination) &&
    before.destinationPort === after.destinationPort;
  return same ? undefined : withPort(after.destination, after.destinationPort);
}

/** POSTROUTING of nat only leads to KUBE-POSTROUTING: to draw both says nothing more. */
function isPassage(
  frame: ChainVisit,
  called: ReadonlyMap<ChainVisit, readonly ChainVisit[]>,
): boolean {
  return frame.chain === 'POSTROUTING' && !frame.nat && called.has(frame);
}

function chainVisit(frame: ChainVisit, called: readonly ChainVisit[], matches: Matches): Visit {
  const { table, chain, caller, rules } = frame;
  const subroutines = called.filter(isSubroutine);
  return {
    at: frame.first,
    enteredBy: frame.enteredBy ? [frame.enteredBy.range] : [],
    node: {
      id: chainId(frame),
      kind: caller ? 'chain' : 'hook',
      label: chain,
      detail: table,
      marks: marksOf([...rules, ...subroutines.flatMap((other) => other.rules)], matches),
      ranges: rules.map(({ range }) => range),
    },
  };
}

function marksOf(rules: readonly RuleStep[], matches: Matches): MarkBadge[] {
  const marks: MarkBadge[] = [];
  const add = (action: MarkBadge['action'], bits: number) => {
    if (bits === 0) return;
    if (!marks.some((mark) => mark.action === action && mark.bits === bits)) {
      marks.push({ action, bits });
    }
  };
  for (const rule of rules) {
    for (const match of matches(rule)) if (match.kind === 'mark') add('test', match.mask);
    const { mark, markAfter = mark } = rule;
    add('set', (markAfter & ~mark) >>> 0);
    add('clear', (mark & ~markAfter) >>> 0);
  }
  return marks;
}

/** @param address `10.244.1.5:8080`. */
export function endpointId(address: string): string {
  return `endpoint ${address}`;
}

function endpointVisit(frame: ChainVisit, address: string, merged: boolean): Visit {
  const rule = frame.rules.at(-1)!;
  const ranges = merged ? frame.rules.map(({ range }) => range).reverse() : [rule.range];
  const chosen = merged ? frame.enteredBy?.range : rule.range;
  return {
    at: merged ? frame.first : frame.nat!.at,
    enteredBy: chosen ? [chosen] : [],
    node: endpointNode(
      address,
      merged ? frame.chain : undefined,
      chosen && merged ? [...ranges, chosen] : ranges,
    ),
  };
}

function endpointNode(
  address: string,
  detail: string | undefined,
  ranges: readonly SourceRange[],
): FlowNode {
  return { id: endpointId(address), kind: 'endpoint', label: address, detail, marks: [], ranges };
}

function endVisit(way: TracedWay, verdict: Verdict, steps: readonly Step[], translated: boolean) {
  const condition = givenText(verdict.given ?? []);
  const end = endNode(way, verdict, translated);
  const node = condition === undefined ? end : { ...end, condition };
  const last = way.frames.at(-1)?.rules.at(-1);
  const enteredBy = verdict.range ?? (translated ? last?.range : undefined);
  return { node, at: steps.length, enteredBy: enteredBy ? [enteredBy] : [] };
}

function endNode(way: TracedWay, verdict: Verdict, translated: boolean): FlowNode {
  const { kind, reason, range } = verdict;
  const rule = way.frames.at(-1)?.rules.at(-1);
  const place =
    range && rule?.range === range ? l10n.t`${rule.table} ${rule.chain} rule ${rule.rule}` : '';
  const { client } = verdict;
  const told = client ? l10n.t`${reason}. The client sees: ${client.text}` : reason;
  const node = { marks: [], reason: told, ranges: range ? [range] : [] };
  // Not by its line: in a newer dump of the node it is the same.
  const key = range && place ? `${place} of ${fileName(range.source)}` : reason;
  switch (kind) {
    case 'ACCEPT':
      return translated ? sourceNode(way, verdict) : untranslated(verdict);
    case 'DROP':
      return { ...node, id: `drop ${key}`, kind: 'drop', label: 'DROP', detail: place || reason };
    case 'REJECT': {
      const label = `REJECT ${verdict.reply ?? ''}`.trim();
      // One rule refuses some at once, while its answer to others is dropped.
      const unlike = client && client.sees !== 'refused' ? ` ${client.sees}` : '';
      const detail = (place || reason) + (client ? l10n.t`, client: ${seesText(client.sees)}` : '');
      return { ...node, id: `reject ${key}${unlike}`, kind: 'reject', label, detail };
    }
    case 'LOST':
      return { ...node, id: `lost ${key}`, kind: 'drop', label: l10n.t`Lost`, detail: reason };
    case 'STOLEN':
      return {
        ...node,
        id: `stolen ${key}`,
        kind: 'exit',
        label: l10n.t`To a program`,
        detail: reason,
      };
    case 'UNKNOWN':
      return {
        ...node,
        id: `unknown ${key}`,
        kind: 'unknown',
        label: l10n.t`Unknown`,
        detail: reason,
      };
  }
}

/** What leaves: with which source, and by which device. */
function sourceNode(way: TracedWay, { final, delivered }: Verdict): FlowNode {
  const translation = sourceTranslation(way);
  if (!translation || !final) {
    return {
      id: 'source kept',
      kind: 'exit',
      label: l10n.t`Source kept`,
      detail: l10n.t`the endpoint sees the client`,
      marks: [],
      ranges: [],
    };
  }
  const address = formatAddress(final.source);
  const { rule } = translation;
  return {
    id: `source ${address}`,
    kind: 'exit',
    label: l10n.t`Source \u2192 ${address}`,
    detail:
      delivered === 'local'
        ? l10n.t`to the node itself`
        : l10n.t`leaves by ${delivered ?? l10n.t`a device`}`,
    marks: [],
    reason: l10n.t`${rule.effect} by ${rule.table} ${rule.chain} rule ${rule.rule}`,
    ranges: [rule.range],
  };
}

/** The rule that rewrote the source of a packet. */
export function sourceTranslation({ frames }: TracedWay): { readonly rule: RuleStep } | undefined {
  for (const { nat, rules } of frames) {
    if (!nat) continue;
    const { before, after } = nat.step;
    if (!sameAddress(before.source, after.source)) return { rule: rules.at(-1)! };
  }
  return undefined;
}

function untranslated({ delivered, reason }: Verdict): FlowNode {
  const local = delivered === 'local';
  return {
    id: `untranslated ${delivered ?? ''}`,
    kind: 'stray',
    label: local ? l10n.t`To the node itself` : l10n.t`Leaves by ${delivered ?? l10n.t`a device`}`,
    detail: l10n.t`no rule sends it to an endpoint`,
    marks: [],
    reason,
    ranges: [],
  };
}
