import { withPort } from '../../address';
import { l10n } from '../../l10n';
import { mapInPieces, type Work } from '../../work';
import { givenText } from '../../trace/hook/given';
import type { IpvsStep, Step, Verdict } from '../../trace/trace';
import { isSameLine, type SourceRange } from '../../source';
import { worstFirst, type DecidedBy, type Outcome, type OutcomeKind } from '../outcome';
import { shareSum } from '../shareSum';
import type { VisitedWay } from '../visit';

/**
 * What becomes of one sender's packets, one line for each that differs in kind or in the rule that
 * did it, the worst first.
 *
 * @param ranges What makes the destination one of the Service: the rule or row that has taken it.
 */
export function* outcomesOf(
  ways: readonly VisitedWay[],
  ranges: readonly SourceRange[],
): Work<readonly Outcome[]> {
  const found = new Map<string, { outcome: Outcome; ends: Map<string, number | undefined> }>();
  yield* mapInPieces(ways, ({ way, visits }) => {
    const endpoint = visits.find(({ node }) => node.kind === 'endpoint')?.node.label;
    const kind = kindOf(way.verdict, endpoint);
    const by = decidedBy(way, ranges, kind);
    const { reason } = way.verdict;
    const outcome: Outcome = {
      kind,
      by,
      ...(kind === 'delivered' || by ? {} : { reason }),
      condition: givenText(way.verdict.given ?? []),
    };
    const key = JSON.stringify(outcome);
    let known = found.get(key);
    if (!known) found.set(key, (known = { outcome, ends: new Map() }));
    const end = endpoint ?? '';
    const before = known.ends.has(end) ? known.ends.get(end) : 0;
    known.ends.set(end, shareSum(before, way.probability));
  });
  return [...found.values()]
    .map(({ outcome, ends }) => summed(outcome, ends))
    .sort((a, b) => worstFirst.indexOf(a.kind) - worstFirst.indexOf(b.kind));
}

function summed(outcome: Outcome, ends: ReadonlyMap<string, number | undefined>): Outcome {
  const shares = [...ends.values()];
  const share = shares.reduce(shareSum, 0);
  if (outcome.kind !== 'delivered') return { ...outcome, share };
  const [each] = shares;
  const alike = each !== undefined && shares.every((one) => Math.abs((one ?? 2) - each) < 1e-6);
  return { ...outcome, share, endpoints: ends.size, ...(alike ? { each } : {}) };
}

function kindOf({ kind, client }: Verdict, endpoint: string | undefined): OutcomeKind {
  switch (kind) {
    case 'ACCEPT':
      return endpoint === undefined ? 'passed' : 'delivered';
    case 'UNKNOWN':
      return 'unknown';
    case 'STOLEN':
      return 'stolen';
    case 'DROP':
    case 'LOST':
    case 'REJECT':
      return client?.sees ?? (kind === 'REJECT' ? 'refused' : 'silence');
  }
}

function decidedBy(
  { steps, beforeFork, verdict }: VisitedWay['way'],
  taken: readonly SourceRange[],
  kind: OutcomeKind,
): DecidedBy | undefined {
  if (kind === 'passed' || kind === 'unknown') return undefined;
  const { range, by } = verdict;
  const isAt = (places: readonly SourceRange[]) => (step: Step) =>
    step.kind === 'rule' && places.some((place) => isSameLine(place, step.range));
  if (kind === 'delivered') {
    const virtual = steps.find((step) => step.kind === 'ipvs');
    if (virtual) return { kind: 'ipvs', text: virtualText(virtual) };
    // A NodePort may be known by another rule than the one that takes the packet: then the last that
    // all packets meet before chance decides.
    const translated = steps.findIndex((step) => step.kind === 'nat');
    const fork = translated < 0 ? beforeFork : Math.min(beforeFork, translated);
    return placeOf(
      steps.find(isAt(taken)) ?? steps.findLast((step, i) => i < fork && step.kind === 'rule'),
    );
  }
  if (by === 'ipvs') {
    const virtual = steps.findLast((step) => step.kind === 'ipvs');
    return virtual && { kind: 'ipvs', text: virtualText(virtual) };
  }
  return range && placeOf(steps.findLast(isAt([range])));
}

function placeOf(step: Step | undefined): DecidedBy | undefined {
  if (step?.kind !== 'rule') return undefined;
  const { table, chain, rule } = step;
  return { kind: 'rule', table, chain, rule };
}

function virtualText({ virtual }: IpvsStep): string {
  const { address, port, firewallMark, scheduler } = virtual;
  const at = address ? withPort(address, port) : l10n.t`firewall mark ${firewallMark}`;
  return ['IPVS', at, scheduler].filter(Boolean).join(' ');
}
