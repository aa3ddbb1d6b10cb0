import { l10n } from '../l10n';
import { count } from './words/format';
import type { FlowStep } from './graph';
import type { Visit } from './visit';

/** Nodes of one way that are drawn, and lines of a list: no real rules lead through more chains. */
const mostDrawn = 200;
const mostListed = 5000;

/** Of a way through more chains than anybody can look at, the first and the last; one node for the rest. */
export function withoutMiddle(visits: readonly Visit[]): readonly Visit[] {
  const left = visits.length - mostDrawn;
  if (left <= 1) return visits;
  const half = mostDrawn / 2;
  const first = visits[half]!;
  const label = count(left, 'chain');
  const node = {
    id: `between ${first.node.id} and ${visits[half + left]!.node.id}`,
    kind: 'chain',
    label,
    detail: l10n.t`not drawn one by one`,
    marks: [],
    reason: l10n.t`This way leads through ${count(visits.length, 'place')}; the list beside the graph and "inspect trace" have the rest.`,
    ranges: first.node.ranges.slice(0, 1),
  } as const;
  return [
    ...visits.slice(0, half),
    { node, at: first.at, enteredBy: first.enteredBy },
    ...visits.slice(half + left),
  ];
}

/** The same of a list of steps. */
export function withoutMiddleSteps(steps: readonly FlowStep[]): readonly FlowStep[] {
  const left = steps.length - mostListed;
  if (left <= 1) return steps;
  const half = mostListed / 2;
  const { depth, node } = steps[half]!;
  const text = l10n.t`${count(left, 'step')} not listed: "inspect trace" prints them all`;
  return [...steps.slice(0, half), { text, depth, node }, ...steps.slice(half + left)];
}
