import { sameAddress } from '../address';
import { l10n } from '../l10n';
import type { Packet } from '../packet';
import { isSameLine } from '../source';
import type { Work } from '../work';
import { withGiven } from './hook/given';
import type { Branch, EitherStep, Path, Step, Trace, Verdict } from './trace';

/**
 * The path without its forks over what makes no difference to what becomes of the packet: of branches
 * that end alike, one is left, with the steps that all of them have, behind a step that says `whether
 * or not 10.10.10.28 is an address of this node`. Branches end alike where the same ways, with the same
 * chances, lead to the same verdict by the same rule and with the same header. Forks by chance stay.
 */
export function* foldForks({ path, packet }: Pick<Trace, 'path' | 'packet'>): Work<Path> {
  // Those below come after those above; a list grows while it is walked.
  const paths = [path];
  for (const { end } of paths) {
    if ('branches' in end) for (const { then } of end.branches) paths.push(then);
  }
  const folded = new Map<Path, Path>();
  for (const whole of paths.reverse()) {
    folded.set(whole, foldEnd(whole, folded, packet));
    yield;
  }
  return folded.get(path)!;
}

/** @param folded what is below it */
function foldEnd(path: Path, folded: ReadonlyMap<Path, Path>, packet: Packet): Path {
  if (!('branches' in path.end)) return path;
  const branches = path.end.branches.map((branch) => ({
    ...branch,
    then: folded.get(branch.then)!,
  }));
  const one = branches.some(({ probability }) => probability !== undefined)
    ? undefined
    : sharedByAll(branches, packet);
  if (!one) return { steps: path.steps, end: { branches } };
  return { steps: [...path.steps, eitherStep(branches), ...one.steps], end: one.end };
}

function eitherStep(branches: readonly Branch[]): EitherStep {
  const mark = branches[0]?.then.steps[0]?.mark ?? 0;
  const conditions = branches.map(({ condition }) => condition);
  // The second of two says the contrary.
  const effect =
    branches.length === 2
      ? l10n.t`whether or not ${conditions[0]!}`
      : l10n.t`whichever holds: ${conditions.join(l10n.t`; `)}`;
  const [unknown] = branches.flatMap((branch) => branch.unknown ?? []);
  return { kind: 'either', mark, effect, ...(unknown === undefined ? {} : { unknown }) };
}

function sharedByAll([first, ...others]: readonly Branch[], packet: Packet): Path | undefined {
  let shared = first?.then;
  for (const { then } of others) shared = shared && sharedPath(shared, then, packet);
  return shared;
}

interface OpenPath {
  steps: readonly Step[];
  end: Path['end'];
}

/** The steps and ends that two paths have both; undefined where they don't end alike. */
function sharedPath(left: Path, right: Path, packet: Packet): Path | undefined {
  const root: OpenPath = { ...left };
  const open = [{ left, right, shared: root }];
  for (let at = open.pop(); at; at = open.pop()) {
    const { shared } = at;
    const [one, other] = [at.left.end, at.right.end];
    shared.steps = sharedSteps(at.left.steps, at.right.steps);
    if ('branches' in one && 'branches' in other) {
      if (!isSameFork(one.branches, other.branches)) return undefined;
      const branches = one.branches.map((branch, i) => {
        const then: OpenPath = { ...branch.then };
        open.push({ left: branch.then, right: other.branches[i]!.then, shared: then });
        return { ...branch, then };
      });
      shared.end = { branches };
    } else {
      if ('branches' in one || 'branches' in other || !endAlike(one, other, packet))
        return undefined;
      shared.end = eitherVerdict(one, other);
    }
  }
  return root;
}

function isSameFork(left: readonly Branch[], right: readonly Branch[]): boolean {
  return (
    left.length === right.length &&
    left.every(({ condition, probability }, i) => {
      const other = right[i]!;
      return condition === other.condition && probability === other.probability;
    })
  );
}

function sharedSteps(left: readonly Step[], right: readonly Step[]): readonly Step[] {
  const keys = new Set(right.map(keyOf));
  return left.filter((step) => keys.has(keyOf(step)));
}

function keyOf(step: Step): string {
  const { kind, hook, mark, markAfter, effect, range } = step;
  const place = 'chain' in step ? [step.table, step.chain] : [];
  return JSON.stringify([
    kind,
    hook,
    mark,
    markAfter,
    effect,
    range?.source,
    range?.line,
    ...place,
  ]);
}

function endAlike(left: Verdict, right: Verdict, packet: Packet): boolean {
  if (left.kind !== right.kind || left.by !== right.by || left.reply !== right.reply) return false;
  if (left.finalMark !== right.finalMark || left.client?.text !== right.client?.text) return false;
  if (JSON.stringify(left.final) !== JSON.stringify(right.final)) return false;
  if (left.kind === 'ACCEPT') {
    // Whoever has the address that it was sent on to gets it, on this node or another.
    return left.delivered === right.delivered || isSentOn(left, packet);
  }
  return left.range && right.range
    ? isSameLine(left.range, right.range)
    : left.range === right.range && left.reason === right.reason;
}

/** A rule or IPVS gave it another destination than it came with. */
function isSentOn({ final }: Verdict, { destination, destinationPort }: Packet): boolean {
  if (!final) return false;
  return !sameAddress(final.destination, destination) || final.destinationPort !== destinationPort;
}

/** The reasons of the ways that a verdict stands for, each once. */
const reasons = new WeakMap<Verdict, readonly string[]>();

function reasonsOf(verdict: Verdict): readonly string[] {
  return reasons.get(verdict) ?? [verdict.reason];
}

/** What either takes for granted, both do together. */
function eitherVerdict(left: Verdict, right: Verdict): Verdict {
  const given = withGiven(left.given ?? [], right.given ?? []);
  const all = [...new Set([...reasonsOf(left), ...reasonsOf(right)])];
  const either: Verdict = {
    ...left,
    ...(given.length > 0 && { given }),
    reason: all.reduce((some, one) => l10n.t`${some} or ${one}`),
    delivered: left.delivered === right.delivered ? left.delivered : undefined,
  };
  reasons.set(either, all);
  return either;
}
