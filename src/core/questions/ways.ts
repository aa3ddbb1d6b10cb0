import * as l10n from '@vscode/l10n';
import { formatAddress, type Address, withPort } from '../address';
import type { Certainty } from '../certainty';
import { givenText, withGiven } from '../trace/hook/given';
import type { Given } from '../trace/trace';
import type { Leaf } from '../trace/leaves';
import { list } from '../list';
import { percent } from '../percent';
import { failText } from './refusal';

/**
 * Where one way ends, with its share and the source that is seen there, in one clause.
 *
 * @param of whose address stands for one that no dump tells: of the node, or of the client
 */
export function wayText(
  way: Leaf,
  of: (source: Address) => 'node' | 'client' | undefined = () => undefined,
): string {
  const { verdict, branches, probability } = way;
  const { kind, final, delivered } = verdict;
  if (kind !== 'ACCEPT') return failText(way);
  const to = withPort(final!.destination, final!.destinationPort);
  if (delivered === 'local') return l10n.t`to ${to} on the node itself`;
  const whose = of(final!.source);
  const seen =
    whose === 'node'
      ? l10n.t('an address of the node')
      : whose === 'client'
        ? l10n.t('the client’s own address')
        : l10n.t`the source ${formatAddress(final!.source)}`;
  if (probability !== undefined)
    return l10n.t`${percent(probability)} to ${to}, which sees ${seen}`;
  const conditions = list(new Set(branches.map(({ condition }) => condition)));
  return l10n.t`to ${to} (if ${conditions}), which sees ${seen}`;
}

/** The ways with one share for each end: several rules may lead to it. */
export function byEnd(ways: readonly Leaf[]): readonly Leaf[] {
  const ends = new Map<string, Leaf>();
  for (const way of ways) {
    const { kind, final, delivered, reason } = way.verdict;
    const isShare = kind === 'ACCEPT' && way.probability !== undefined;
    const key = isShare
      ? `${delivered} ${formatAddress(final!.source)} ${withPort(final!.destination, final!.destinationPort)}`
      : `${kind} ${reason} ${ends.size}`;
    const known = ends.get(key);
    const probability = known ? known.probability! + way.probability! : way.probability;
    ends.set(key, { ...(known ?? way), probability });
  }
  return [...ends.values()];
}

/** What the verdicts of all ways take for granted, each once. */
export function givensOf(ways: readonly Leaf[]): readonly Given[] {
  return ways.reduce<readonly Given[]>(
    (known, { verdict }) => withGiven(known, verdict.given ?? []),
    [],
  );
}

/** The same in one clause; undefined where all are sure. */
export function givenOf(ways: readonly Leaf[]): string | undefined {
  return givenText(givensOf(ways));
}

/** What an answer begins with. */
type Start = 'Yes' | 'No' | 'Likely' | 'Likely not' | 'Unknown';

export function startText(start: Start): string {
  switch (start) {
    case 'Yes':
      return l10n.t('Yes');
    case 'No':
      return l10n.t('No');
    case 'Likely':
      return l10n.t('Likely');
    case 'Likely not':
      return l10n.t('Likely not');
    case 'Unknown':
      return l10n.t('Unknown');
  }
}

/** How an answer to "does it get through" begins. */
interface Verdicts {
  readonly start: Start;
  readonly certainty: Certainty;
}

/** Of what something made up leads to: likely at most. */
export function likely({ start, certainty }: Verdicts): Verdicts {
  if (certainty !== 'certain') return { start, certainty };
  return { start: start === 'Yes' ? 'Likely' : 'Likely not', certainty: 'likely' };
}

/** By all ways together. */
export function verdictsOf(ways: readonly Leaf[]): Verdicts {
  const kinds = new Set(
    ways.map(({ verdict }) =>
      verdict.kind === 'ACCEPT' ? 'yes' : verdict.kind === 'UNKNOWN' ? 'unknown' : 'no',
    ),
  );
  if (ways.length === 0 || kinds.has('unknown')) return { start: 'Unknown', certainty: 'unknown' };
  const guessed = ways.some(({ branches }) => branches.some(({ unknown }) => unknown));
  if (kinds.size > 1 && guessed) return { start: 'Unknown', certainty: 'unknown' };
  // Rules that no dump shows could turn it: neither is sure.
  if (givenOf(ways) !== undefined) {
    return { start: kinds.has('no') ? 'Likely not' : 'Likely', certainty: 'likely' };
  }
  // Some endpoints answer and some do not, by chance: that is no guess.
  if (kinds.size > 1) return { start: 'No', certainty: 'certain' };
  // Whichever way an open question goes, the outcome is the same.
  return kinds.has('yes')
    ? { start: 'Yes', certainty: 'certain' }
    : { start: 'No', certainty: 'certain' };
}
