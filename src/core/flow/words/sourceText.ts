import { l10n } from '../../l10n';
import { formatAddress } from '../../address';
import { hex } from '../../hex';
import type { TracedWay, VisitedWay } from '../visit';
import { sourceTranslation } from '../visits';
import { list } from '../../list';

/**
 * What becomes of an entry's source: `source kept`, or `source rewritten to 10.244.0.1 or
 * 192.168.77.10 by KUBE-POSTROUTING rule 3: mark 0x4000, set by KUBE-EXT-... rule 1`;
 * undefined when nothing reaches an endpoint.
 */
export function sourceText(ways: readonly VisitedWay[]): string | undefined {
  const delivered = ways.filter(
    ({ way, visits }) =>
      way.verdict.kind === 'ACCEPT' && visits.some(({ node }) => node.kind === 'endpoint'),
  );
  if (delivered.length === 0) return undefined;
  const rewritten = delivered.filter(({ way }) => sourceTranslation(way));
  if (rewritten.length === 0) return l10n.t`source kept`;
  const addresses = rewritten.map(
    ({ way }) => way.verdict.final && formatAddress(way.verdict.final.source),
  );
  const to = list(
    [...new Set(addresses)].filter((one) => one !== undefined),
    'or',
  );
  const reasons = [...new Set(rewritten.map(({ way }) => reasonOf(way)))].join(l10n.t`; `);
  const some = rewritten.length < delivered.length ? l10n.t` for some endpoints` : '';
  return l10n.t`source rewritten${some} to ${to} ${reasons}`;
}

function reasonOf(way: TracedWay): string {
  const { rule } = sourceTranslation(way)!;
  const by = l10n.t`by ${rule.chain} rule ${rule.rule}`;
  const marked = markedBy(way);
  return marked ? l10n.t`${by}: ${marked}` : by;
}

/** The first rule that set a mark, named by the rule that jumped to it from another chain. */
function markedBy({ frames }: TracedWay): string | undefined {
  for (const frame of frames) {
    for (const { mark, markAfter = mark, chain, rule } of frame.rules) {
      const bits = (markAfter & ~mark) >>> 0;
      if (bits === 0) continue;
      const at = frame.enteredBy ?? { chain, rule };
      return l10n.t`mark ${hex(bits)}, set by ${at.chain} rule ${at.rule}`;
    }
  }
  return undefined;
}
