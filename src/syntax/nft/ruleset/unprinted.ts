import type { Statement } from '../../../core/rules/statement';
import type { SourceRange } from '../../../core/source';

/**
 * A rule with what it asks besides, where nft printed nothing in the place of a match of iptables-nft: old
 * versions leave out `-m statistic` and `-m recent`, so that each endpoint's jump looks like the last one.
 *
 * @param below the texts of the rules below it in its chain
 */
export function withUnprinted(
  statements: readonly Statement[],
  below: Iterable<string>,
  range: SourceRange,
): readonly Statement[] {
  const last = statements.at(-1);
  const isEndpoint = last?.kind === 'jump' && last.chain.startsWith('KUBE-SEP-');
  const isBare = statements.every(({ kind }) => /^(?:comment|counter|jump)$/.test(kind));
  if (!isEndpoint || !isBare) return statements;
  for (const text of below) {
    if (!text.includes('jump KUBE-SEP-')) continue;
    const match = { kind: 'unmodelled', name: 'statistic', text: '', range } as const;
    return [...statements.slice(0, -1), match, last];
  }
  return statements;
}
