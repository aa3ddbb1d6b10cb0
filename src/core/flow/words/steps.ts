import { l10n } from '../../l10n';
import { mapInPieces, type Work } from '../../work';
import { givenText } from '../../trace/hook/given';
import type { EitherStep, RuleStep, Step, Verdict } from '../../trace/trace';
import { count, number } from './format';
import { percent } from '../../percent';
import type { FlowStep } from '../graph';
import { withoutMiddleSteps } from '../longWays';
import type { VisitedWay } from '../visit';

/** Above this, only the first way's steps are listed and the others in one line each. */
const mostWays = 40;

/** What the chain is for that a step's rule jumps to, where its name tells nobody. */
type Called = (step: RuleStep) => string | undefined;

/** The list of an entry: what all its packets do, then each way on its own, one deeper. */
export function* stepsOf(
  ways: readonly VisitedWay[],
  assumptions: readonly string[],
  called: Called,
): Work<readonly FlowStep[]> {
  const [first] = ways;
  if (!first) return [];
  const steps: FlowStep[] = assumptions.map((text) => ({
    text: l10n.t`Assumed: ${text}`,
    depth: 0,
  }));
  const shared = ways.length === 1 ? first.way.steps.length : sharedSteps(ways);
  for (const step of listed(first, { from: 0, to: shared, depth: 0, called })) steps.push(step);
  if (ways.length === 1) return [...withoutMiddleSteps(steps), verdictStep(first, 0)];
  steps.push({ text: l10n.t`${count(ways.length, 'way')} from here`, depth: 0 });
  yield* mapInPieces(ways.entries(), ([i, visited]) => {
    steps.push(headOf(visited));
    if (i > 0 && ways.length > mostWays) return;
    const to = visited.way.steps.length;
    for (const step of listed(visited, { from: shared, to, depth: 1, called })) steps.push(step);
    steps.push(verdictStep(visited, 1));
  });
  return withoutMiddleSteps(steps);
}

/** How many steps are the same in all ways: those before the first fork. */
function sharedSteps(ways: readonly VisitedWay[]): number {
  let least = Infinity;
  for (const { way } of ways) least = Math.min(least, way.beforeFork);
  return least;
}

function headOf({ way, visits }: VisitedWay): FlowStep {
  const endpoint = visits.find(({ node }) => node.kind === 'endpoint');
  const end = endpoint ?? visits.at(-1)!;
  const how =
    way.probability === undefined ? l10n.t`unknown: ${reasonsOf(way)}` : percent(way.probability);
  return {
    text: `${end.node.label}, ${how}`,
    depth: 0,
    node: end.node.id,
    range: end.node.ranges[0],
  };
}

/** Reasons that a way's head names: of a way with thousands nobody reads them all, and each way has them. */
const mostReasons = 10;

function reasonsOf({ branches }: VisitedWay['way']): string {
  const reasons = new Set<string>();
  let more = 0;
  for (const { unknown, condition } of branches) {
    const reason = unknown ?? condition;
    if (reasons.size < mostReasons) reasons.add(reason);
    else if (!reasons.has(reason)) more++;
  }
  const named = [...reasons].join(l10n.t`; `);
  return more > 0 ? l10n.t`${named}; and ${number(more)} more` : named;
}

/** Which of a way's steps are listed, and how deep. */
interface Listing {
  readonly from: number;
  readonly to: number;
  readonly depth: number;
  readonly called: Called;
}

function* listed(
  { way, visits }: VisitedWay,
  { from, to, depth, called }: Listing,
): Iterable<FlowStep> {
  let next = 0;
  for (let i = from; i < to; i++) {
    const step = way.steps[i]!;
    if (step.kind === 'return' || step.kind === 'policy') continue;
    while (next < visits.length && visits[next]!.at <= i) next++;
    yield flowStep(step, depth, visits[next - 1]?.node.id, called);
  }
}

function flowStep(step: Step, depth: number, node: string | undefined, called: Called): FlowStep {
  const { hook, mark, markAfter, range, effect } = step;
  const at = { hook, depth, node, range, markBefore: mark, markAfter };
  if (step.kind === 'either') return { ...at, text: eitherText(step) };
  if (step.kind !== 'rule') return { ...at, text: `${titles[step.kind]}: ${effect}` };
  const { table, chain, rule, maybe } = step;
  const role = called(step);
  const text = role === undefined ? effect : `${role} (${effect})`;
  return {
    ...at,
    table,
    chain,
    rule,
    text: maybe ? l10n.t`${text} (perhaps: ${maybe})` : text,
  };
}

function eitherText({ effect, unknown }: EitherStep): string {
  return unknown === undefined ? effect : `${effect} (${unknown})`;
}

const titles: Readonly<Record<Exclude<Step['kind'], 'rule' | 'either'>, string>> = {
  policy: l10n.t`Policy`,
  return: l10n.t`Return`,
  nat: 'NAT',
  routing: l10n.t`Route`,
  conntrack: 'Conntrack',
  ipvs: 'IPVS',
  bridge: l10n.t`Bridge`,
};

function verdictStep({ way, visits }: VisitedWay, depth: number): FlowStep {
  const { verdict } = way;
  const node = visits.at(-1)?.node;
  return { text: verdictText(verdict), depth, node: node?.id, range: verdict.range };
}

function verdictText({ kind, reason, client, given = [] }: Verdict): string {
  const condition = givenText(given);
  const sure = condition === undefined ? '' : l10n.t` if ${condition}`;
  return `${kind}${sure}: ${reason}${client ? l10n.t`; the client sees: ${client.text}` : ''}`;
}
