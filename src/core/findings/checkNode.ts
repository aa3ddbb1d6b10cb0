import * as l10n from '@vscode/l10n';
import { bySeverity, type Finding } from '../finding';
import { programmed } from '../kubeproxy/programmed';
import type { NodeState } from '../node';
import { comparable } from '../objects/objectIndex';
import type { IndexedObjects } from '../objects/types';
import { itemsAtOnce, type Work } from '../work';
import { checks } from './all';
import type { Check, CheckContext } from './check';

export interface CheckRequest {
  readonly objects?: IndexedObjects;
  readonly others?: readonly NodeState[];
}

/** Of one check; the rest is told as a number. */
const mostOfOne = 200;

/**
 * Everything that is wrong with a node as far as its dumps tell, the worst first: the shape of its
 * rules, names that do not fit, and every check whose condition holds. What no dump shows accuses
 * nobody. Yields often: all checks of 5,000 Services take some seconds.
 */
export function* checkNode(node: NodeState, request: CheckRequest = {}): Work<readonly Finding[]> {
  const context = yield* contextOf(node, request);
  const findings: Finding[] = [...node.findings];
  for (const ruleset of node.rulesets) for (const one of ruleset.findings) findings.push(one);
  for (const { findings: named } of context.programmed.searches.values()) {
    for (const one of named) findings.push(one);
  }
  for (const one of yield* runAll(checks, context)) findings.push(one);
  return findings.sort(bySeverity);
}

/** What some checks alone find, in their order. */
export function* runChecks(
  node: NodeState,
  some: readonly Check[],
  request: CheckRequest = {},
): Work<readonly Finding[]> {
  return yield* runAll(some, yield* contextOf(node, request));
}

function* contextOf(node: NodeState, { objects, others = [] }: CheckRequest): Work<CheckContext> {
  return {
    node,
    programmed: yield* programmed(node, objects?.services),
    objects: objects && comparable(objects),
    others,
  };
}

function* runAll(some: readonly Check[], context: CheckContext): Work<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const check of some) {
    if (!applies(check, context)) continue;
    for (const one of yield* run(check, context)) findings.push(one);
    yield;
  }
  return findings;
}

function applies({ modes, certainty }: Check, { programmed: { mode } }: CheckContext): boolean {
  if (!modes) return true;
  if (mode.mode === undefined || !modes.includes(mode.mode)) return false;
  return certainty !== 'certain' || mode.certainty === 'certain';
}

function* run(check: Check, context: CheckContext): Work<readonly Finding[]> {
  const { code, severity } = check;
  const found: Finding[] = [];
  let more = 0;
  for (const one of check.find(context)) {
    if (!one) yield;
    else if (found.length < mostOfOne) {
      found.push({ ...one, severity: one.severity ?? severity, code });
    } else if (++more % itemsAtOnce === 0) yield;
  }
  const [first] = found;
  if (more > 0 && first) {
    const message = l10n.t`${more} more of the same: ${check.title}.`;
    found.push({ severity: 'information', code, message, range: first.range });
  }
  return found;
}
