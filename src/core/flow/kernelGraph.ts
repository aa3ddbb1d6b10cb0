import { withPort } from '../address';
import { l10n } from '../l10n';
import type { NodeState } from '../node';
import type { LaidPacket, LaidStep } from '../packetTrace/laid';
import { kernelWay } from '../packetTrace/kernelWay';
import { packetOfHead } from '../packetTrace/passed';
import { packetTitle } from '../packetTrace/text';
import type { Work } from '../work';
import { framesOf } from './frames';
import type { FlowGraph, FlowNode, FlowStep } from './graph';
import { mergeTraced, type DrawnGraph } from './mergedGraph';
import { packetVerdict } from './words/verdict';
import { chainId } from './visits';

/** Of the rules that the kernel went past, so many are listed before each of its steps. */
const mostPassed = 5;

/**
 * The flow graph of one packet as the kernel says it went, laid on the rules of a node's dumps: drawn
 * like a trace; where the dump would send it elsewhere, the chain, the step and a warning say so.
 */
export function* drawKernelGraph(node: NodeState, laid: LaidPacket): Work<DrawnGraph> {
  const { head } = laid.packet;
  const way = kernelWay(laid);
  const title = packetTitle(laid.packet);
  const detail = head
    ? `${withPort(head.source, head.sourcePort)} \u2192 ${withPort(head.destination, head.destinationPort)}`
    : title;
  const label = head?.inDevice === undefined ? l10n.t`This node` : l10n.t`In by ${head.inDevice}`;
  const sender = { id: 'packet', label, detail, assumptions: [] };
  const frames = framesOf(way.steps);
  const trace = {
    packet: (head && packetOfHead(head)) ?? unknownPacket,
    state: undefined,
    path: { steps: way.steps, end: way.verdict },
    assumptions: [],
    findings: [],
  };
  const traced = { sender, ranges: [], trace, ways: [{ ...way, frames }] };
  const { rules, nodes, edges, entries, counters } = yield* mergeTraced([traced], node);
  const differing = laid.steps.filter(({ differs }) => differs !== undefined);
  const drawn = new Set(nodes.map(({ id }) => id));
  const graph: FlowGraph = {
    title,
    header: l10n.t`${detail}, ${node.name}: as the kernel's trace tells, ${agreement(differing.length)}`,
    verdict: packetVerdict(entries.flatMap(({ outcomes }) => outcomes)),
    facts: { at: detail, node: node.name, captured: node.captured },
    nodes: nodes.map((one) => marked(one, differing)),
    edges,
    entries: entries.map((entry) => ({ ...entry, steps: stepsOf(laid.steps, drawn) })),
    warnings: [...differing.map(warning), ...laid.notes.map((note) => l10n.t`Seen: ${note}.`)],
    assumptions: [],
    counters,
  };
  return { graph, rules };
}

/** A trace whose lines print no head: nothing is asked of it. */
const unknownPacket = {
  protocol: 0,
  source: { family: 4, words: [0] },
  destination: { family: 4, words: [0] },
} as const;

function agreement(differing: number): string {
  if (differing === 0) return l10n.t`every step as by the dump`;
  return differing === 1
    ? l10n.t`1 step differs from the dump`
    : l10n.t`${differing} steps differ from the dump`;
}

function warning(step: LaidStep): string {
  return l10n.t`${placeOf(step)}: ${step.differs!}.`;
}

function placeOf({ line, rule }: LaidStep): string {
  const chain = `${line.table} ${line.chain}`;
  const number = rule?.number ?? (line.kind === 'rule' ? line.number : undefined);
  if (number !== undefined) return l10n.t`${chain} rule ${number}`;
  if (line.kind === 'rule') return chain;
  return line.kind === 'policy' ? l10n.t`${chain}, policy` : l10n.t`${chain}, the end`;
}

/** The chain in which the kernel left the dump's way. */
function marked(node: FlowNode, differing: readonly LaidStep[]): FlowNode {
  const here = differing.filter((step) => nodeOf(step) === node.id);
  if (here.length === 0) return node;
  return { ...node, differs: here.map(({ differs }) => differs!).join(l10n.t`; `) };
}

function nodeOf({ table, chain }: LaidStep): string | undefined {
  return table && chain && chainId({ table: table.name, chain: chain.name });
}

/** Each line of the trace; before it rules that did not match, behind it what the dump says else. */
function stepsOf(steps: readonly LaidStep[], drawn: ReadonlySet<string>): readonly FlowStep[] {
  return steps.flatMap((step): FlowStep[] => {
    const { line, head, rule, table, chain, why, certainty, passed, passedOthers, differs } = step;
    const id = nodeOf(step);
    const node = id !== undefined && drawn.has(id) ? id : undefined;
    const shown = passed.slice(0, mostPassed);
    const others = passedOthers + passed.length - shown.length;
    const at = { node, table: table?.name ?? line.table, chain: chain?.name ?? line.chain };
    const verdict = line.verdict === undefined ? '' : ` ${line.verdict}`;
    const sure = certainty === 'sure' ? '' : ` (${certainty}: ${why})`;
    return [
      ...shown.map(({ rule: past, reason }) => ({
        ...at,
        rule: past.number,
        range: past.range,
        depth: 1,
        text: l10n.t`Rule ${past.number} did not match: ${reason}`,
      })),
      ...(others === 0 ? [] : [{ depth: 1, text: l10n.t`${others} more rules did not match` }]),
      {
        ...at,
        ...(rule ? { rule: rule.number, range: rule.range } : {}),
        markBefore: head?.mark ?? 0,
        depth: 0,
        text: `${placeOf(step)}${verdict}${sure}`,
      },
      ...(differs === undefined ? [] : [{ node, depth: 0, text: `! ${differs}` }]),
    ];
  });
}
