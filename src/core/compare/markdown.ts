import * as l10n from '@vscode/l10n';
import type { SourceRange } from '../source';
import { escapeSentence as escape } from '../escapeMarkdown';
import type { Comparison, Difference } from './difference';

/** What stands around a comparison: names of both sides, and how places are linked. */
export interface ComparisonLinks {
  readonly left: string;
  readonly right: string;
  readonly place: (range: SourceRange, side: 'left' | 'right') => string;
}

const titles: readonly (readonly [Difference['severity'], string])[] = [
  ['error', l10n.t('Breaks traffic')],
  ['warning', l10n.t('Changes what packets meet')],
  ['information', l10n.t('Differs')],
];

/** Differences that are written out of one kind. */
const most = 50;

/** A comparison as Markdown, by consequence, the worst first; each line leads to both places. */
export function comparisonMarkdown(comparison: Comparison, links: ComparisonLinks): string {
  const { differences, fares, notCompared } = comparison;
  const { left, right } = links;
  const lines = [
    l10n.t`# ${escape(left)} compared with ${escape(right)}`,
    '',
    `**${escape(differences[0]?.message ?? l10n.t('No difference in what both show.'))}**`,
  ];
  for (const [severity, title] of titles) {
    const some = differences.filter((one) => one.severity === severity);
    if (some.length === 0) continue;
    lines.push('', `## ${title}`, '', ...some.slice(0, most).map((one) => line(one, links)));
    if (some.length > most) lines.push(l10n.t`- and ${some.length - most} more`);
  }
  if (fares.length > 0) {
    lines.push('', l10n.t('## Who fares differently'), '');
    for (const { who, to, more, left: here, right: there } of fares) {
      const others =
        more > 0
          ? l10n.t`, and ${more === 1 ? l10n.t('1 Service') : l10n.t`${more} Services`} more`
          : '';
      lines.push(
        `- ${escape(l10n.t`${who} to ${to}${others}: on ${left} it ${here}; on ${right} it ${there}.`)}`,
      );
    }
  }
  if (notCompared.length > 0) {
    lines.push('', l10n.t('## Not compared'), '', ...notCompared.map((one) => `- ${escape(one)}`));
  }
  return `${lines.join('\n')}\n`;
}

function line({ message, detail, left, right }: Difference, links: ComparisonLinks): string {
  const places = [
    ...(left ? [`${escape(links.left)}: ${links.place(left, 'left')}`] : []),
    ...(right ? [`${escape(links.right)}: ${links.place(right, 'right')}`] : []),
  ];
  return `- ${escape([message, detail].filter(Boolean).join(' '))} ${places.join(l10n.t('; '))}`;
}
