import { l10n } from '../l10n';
import { formatAddress, sameAddress, withPort } from '../address';
import type { NodeState } from '../node';
import type { Chain } from '../rules/ruleset';
import { hex } from '../hex';
import { isSameLine } from '../source';
import { leaves } from '../trace/leaves';
import { traceFlow } from '../trace/tracer';
import type { Hook, RuleStep } from '../trace/trace';
import type { TracedPacket } from './group';
import type { LaidPacket, LaidStep } from './laid';
import type { PlaceLine, PrintedHead } from './line';
import { askerOf, packetOfHead, passedRules } from './passed';
import { placeChain, placeRule } from './place';
import type { PlacedChain, TextOf } from './place';

const cause = l10n.t`the dump is of another time, another backend or another node`;

/** Lays the lines of one packet on the rules of a node's dumps. */
export function layPacket(node: NodeState, packet: TracedPacket, textOf: TextOf): LaidPacket {
  const { family } = packet;
  const walk: Walk = { node, family, textOf, last: new Map(), head: undefined, hook: undefined };
  const steps: LaidStep[] = [];
  for (const line of packet.lines) {
    if (line.head) walk.head = line.head;
    else walk.head ??= packet.head;
    if (line.kind === 'head') continue;
    steps.push({ ...layLine(line, walk), ...(walk.head && { head: walk.head }) });
  }
  return { packet, steps: againstTracer(node, packet, steps), notes: notesOf(packet) };
}

interface Walk {
  readonly node: NodeState;
  readonly family: TracedPacket['family'];
  readonly textOf: TextOf;
  /** By chain: the index of the rule that was met last. */
  readonly last: Map<Chain, number>;
  head: PrintedHead | undefined;
  hook: Hook | undefined;
}

function layLine(line: PlaceLine, walk: Walk): LaidStep {
  const placed = placeChain(walk.node, walk.family, line);
  if (!placed) return nowhere(line);
  const { chain } = placed;
  const base = chain.base?.hook;
  if (base && base !== 'ingress' && base !== 'egress') walk.hook = base;
  return isEnd(line, chain) ? atEnd(line, placed, walk) : atRule(line, placed, walk);
}

/** A chain that the dumps do not have. */
function nowhere(line: PlaceLine): LaidStep {
  const why = l10n.t`the dumps have no chain ${line.chain} in ${line.table}`;
  const step = { line, passed: [], passedOthers: 0, certainty: 'unknown' } as const;
  // Whoever watched the packet put the TRACE rule there.
  return line.table === 'raw'
    ? { ...step, why: l10n.t`${why}: made before the TRACE rule was added` }
    : { ...step, why, differs: l10n.t`${why}: ${cause}` };
}

function atEnd(line: PlaceLine, placed: PlacedChain, walk: Walk): LaidStep {
  const { table, chain } = placed;
  const start = (walk.last.get(chain) ?? -1) + 1;
  walk.last.delete(chain);
  const { passed, others, should } = between(placed, walk, start, chain.length);
  const differs = endDiffers(line, chain) ?? shouldHave(should?.number);
  const why =
    line.kind === 'policy' ? l10n.t`the end of a base chain` : l10n.t`the end of the chain`;
  return {
    ...{ line, table, chain, certainty: 'sure', why, passed, passedOthers: others },
    ...(differs !== undefined && { differs }),
  };
}

function atRule(line: PlaceLine, placed: PlacedChain, walk: Walk): LaidStep {
  const { table, chain } = placed;
  const { rule, certainty, why } = placeRule(chain, line, walk.textOf);
  if (!rule) {
    walk.last.delete(chain);
    const none = { line, table, chain, passed: [], passedOthers: 0 } as const;
    return { ...none, certainty, why, differs: l10n.t`${why}: ${cause}` };
  }
  const index = rule.number - 1;
  const start = (walk.last.get(chain) ?? -1) + 1;
  walk.last.set(chain, index);
  const { passed, others, should } = between(placed, walk, index >= start ? start : 0, index);
  const asked = askerAt(placed, walk)?.ask(rule);
  const refused = asked?.kind === 'no' ? asked : undefined;
  const differs = refused
    ? l10n.t`the kernel matched it, but the dump's rule ${rule.number} ${refused.reason}: ${cause}`
    : shouldHave(should?.number);
  return {
    ...{ line, table, chain, rule, why, passed, passedOthers: others },
    certainty: refused ? 'unknown' : certainty,
    ...(differs !== undefined && { differs }),
  };
}

function askerAt(placed: PlacedChain, { node, head, hook }: Walk) {
  return head && askerOf(node, head, placed, hook ?? hookOf(head));
}

/** A trace that begins in the middle: the devices tell where the packet stands. */
function hookOf({ inDevice, outDevice }: PrintedHead): Hook {
  if (inDevice === undefined) return 'output';
  return outDevice === undefined ? 'prerouting' : 'forward';
}

function between(placed: PlacedChain, walk: Walk, from: number, to: number) {
  return passedRules(placed.chain, askerAt(placed, walk), walk.head, from, to);
}

/**
 * The end of a chain, unless it is a rule without matches whose target is a verdict: the kernel prints
 * that as an end too, with the rule's own number.
 */
function isEnd({ kind, number }: PlaceLine, chain: Chain): boolean {
  return kind !== 'rule' && (number ?? Infinity) > chain.length;
}

function endDiffers({ kind, number, verdict }: PlaceLine, chain: Chain): string | undefined {
  if (number !== undefined && number !== chain.length + 1) {
    return l10n.t`the kernel's chain had ${number - 1} rules, the dump's has ${chain.length}: ${cause}`;
  }
  const policy = chain.base?.policy;
  if (kind !== 'policy' || !policy || !verdict) return undefined;
  const own = verdict.toUpperCase().replace(/ .*/, '');
  if (!['ACCEPT', 'DROP'].includes(own) || own === policy.toUpperCase()) return undefined;
  return l10n.t`the kernel's policy was ${own}, the dump's is ${policy}: ${cause}`;
}

function shouldHave(number: number | undefined): string | undefined {
  if (number === undefined) return undefined;
  return l10n.t`the kernel went past rule ${number}, which by the dump matches: ${cause}`;
}

/** The tracer's own way with this packet: where the kernel left it. */
function againstTracer(
  node: NodeState,
  { head }: TracedPacket,
  steps: readonly LaidStep[],
): readonly LaidStep[] {
  const packet = head && packetOfHead(head);
  if (!packet || !steps.some(({ rule }) => rule)) return steps;
  let most = -1;
  let left: { readonly at: number; readonly instead: RuleStep | undefined } | undefined;
  for (const { steps: own } of leaves(traceFlow(node, packet, { memory: {} }).path)) {
    const rules = own.filter((step): step is RuleStep => step.kind === 'rule');
    const { agreed, at, instead } = follow(steps, rules);
    if (agreed <= most) continue;
    most = agreed;
    left = at === undefined ? undefined : { at, instead };
  }
  if (!left || steps[left.at]!.differs !== undefined) return steps;
  const { at, instead } = left;
  const there = instead
    ? l10n.t`it would go to ${instead.table} ${instead.chain} rule ${instead.rule}`
    : l10n.t`it would not get here`;
  const differs = l10n.t`the kernel went here, by the dump ${there}: ${cause}`;
  return steps.map((step, i) => (i === at ? { ...step, differs } : step));
}

/** How many of the kernel's rules a way has in their order, and the first that it has not. */
function follow(
  steps: readonly LaidStep[],
  rules: readonly RuleStep[],
): { readonly agreed: number; readonly at?: number; readonly instead?: RuleStep } {
  let next = 0;
  let agreed = 0;
  for (const [i, { rule, table, chain }] of steps.entries()) {
    if (!rule || !table || !chain) continue;
    const found = rules.findIndex((step, j) => j >= next && isSameLine(step.range, rule.range));
    if (found < 0) return { agreed, at: i, instead: rules[next] };
    next = found + 1;
    agreed++;
  }
  return { agreed };
}

/** What a reader would see in the heads themselves. */
function notesOf({ lines, form }: TracedPacket): readonly string[] {
  const notes: string[] = [];
  let before: PrintedHead | undefined;
  for (const line of lines) {
    const { head } = line;
    if (head && before) notes.push(...changesOf(before, head));
    if (head) before = head;
  }
  if (form === 'log' && before) notes.push(...logNotes(before));
  return [...new Set(notes)];
}

function changesOf(before: PrintedHead, after: PrintedHead): readonly string[] {
  const notes: string[] = [];
  const to = (head: PrintedHead) => withPort(head.destination, head.destinationPort);
  const from = (head: PrintedHead) => withPort(head.source, head.sourcePort);
  if (to(before) !== to(after))
    notes.push(l10n.t`destination ${to(before)} became ${to(after)} (DNAT)`);
  if (from(before) !== from(after))
    notes.push(l10n.t`source ${from(before)} became ${from(after)} (SNAT)`);
  if (before.mark !== after.mark) {
    notes.push(l10n.t`mark ${hex(before.mark)} became ${hex(after.mark)}`);
  }
  return notes;
}

/** A socket of the node that asks a ClusterIP of ipvs mode has that address as its source until POSTROUTING. */
export function logNotes({
  source,
  destination,
  inDevice,
  outDevice,
}: PrintedHead): readonly string[] {
  if (!sameAddress(source, destination) || (inDevice ?? outDevice) !== 'lo') return [];
  return [
    l10n.t`source is ${formatAddress(source)} itself, the address that was asked: not masqueraded yet`,
  ];
}
