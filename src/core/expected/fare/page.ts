import * as l10n from '@vscode/l10n';
import { headerText } from '../../trace/headerText';
import { escapeMarkdown } from '../../report/escape';
import type { SourceRange } from '../../source';
import type { FareDifference } from './compareFares';
import { effectOf, effectTitle, fareEffects, type FareEffect } from './effect';
import { fareText } from './words';
import { capital } from '../../sentence';

/** The packets that fare differently in one way. */
export interface FareGroup {
  readonly effect: FareEffect;
  readonly kind: string;
  readonly left: string;
  readonly right: string;
  readonly members: readonly FareDifference[];
}

/** Differences of one kind with the same two fates are told once: what works no longer first. */
export function groupFares(differences: readonly FareDifference[]): readonly FareGroup[] {
  const groups = new Map<string, FareGroup & { readonly members: FareDifference[] }>();
  for (const one of differences) {
    const sides = [one.left, one.right].map(({ fares }) =>
      [...new Set(fares.map(({ hears, reply = '' }) => `${hears} ${reply}`))].sort().join(),
    );
    const key = [one.kind, ...sides, one.aspects.join()].join('|');
    const group = groups.get(key);
    if (group) group.members.push(one);
    else {
      const [left, right] = [fareText(one.left.fares), fareText(one.right.fares)];
      groups.set(key, { effect: effectOf(one), kind: one.kind, left, right, members: [one] });
    }
  }
  const rank = ({ effect }: FareGroup) => fareEffects.indexOf(effect);
  return [...groups.values()].sort(
    (a, b) => rank(a) - rank(b) || b.members.length - a.members.length,
  );
}

/** What a page on two sets of rules says of them. */
export interface FarePage {
  readonly title: string;
  /** One sentence each: what was compared, and what was left out. */
  readonly notes: readonly string[];
  /** How the two sides are called: `iptables mode`. */
  readonly left: string;
  readonly right: string;
  readonly packets: number;
  readonly differences: readonly FareDifference[];
  /** The rule's text at a place of either side. */
  readonly ruleAt: (side: 'left' | 'right', range: SourceRange) => string | undefined;
}

/** Examples of one group. */
const mostExamples = 5;

/** The list of packets that fare differently, each kind with both rules, as Markdown lines. */
export function fareMarkdown(page: FarePage): string[] {
  const { title, notes, left, right, packets, differences, ruleAt } = page;
  const verdict =
    differences.length === 0
      ? l10n.t('All {0} packets fare the same.', packets)
      : l10n.t('{0} of {1} packets fare differently.', differences.length, packets);
  const groups = groupFares(differences);
  const effects = fareEffects.filter((each) => groups.some(({ effect }) => effect === each));
  const lines = [
    `# ${escapeMarkdown(title)}`,
    '',
    `**${verdict}**`,
    '',
    ...effects.map((effect) => `- ${effectSummary(effect, groups)}`),
    ...(effects.length > 0 ? [''] : []),
    ...notes.map((note) => `> ${escapeMarkdown(note)}  `),
  ];
  let told: FareEffect | undefined;
  for (const { effect, kind, members, left: here, right: there } of groups) {
    if (effect !== told) lines.push('', `## ${effectTitle(effect)}`);
    told = effect;
    const [first] = members;
    lines.push('', `### ${escapeMarkdown(capital(kind))}${times(members.length)}`, '');
    lines.push(
      `- ${escapeMarkdown(left)}: ${escapeMarkdown(here)}`,
      ...ruleLine(first?.left.rule, 'left', ruleAt),
    );
    lines.push(
      `- ${escapeMarkdown(right)}: ${escapeMarkdown(there)}`,
      ...ruleLine(first?.right.rule, 'right', ruleAt),
    );
    const shown = members.slice(0, mostExamples).map(exampleText);
    const more = members.length - shown.length;
    lines.push('', ...shown, ...(more > 0 ? [`- ${l10n.t('and {0} more', more)}`] : []));
  }
  return lines;
}

/** `**No longer answered by an endpoint** (39 packets): the node to the NodePort on localhost; ...`. */
function effectSummary(effect: FareEffect, groups: readonly FareGroup[]): string {
  const of = groups.filter((group) => group.effect === effect);
  const packets = of.reduce((sum, { members }) => sum + members.length, 0);
  const kinds = [...new Set(of.map(({ kind }) => kind))];
  return `**${effectTitle(effect)}**${times(packets)}: ${escapeMarkdown(kinds.join('; '))}`;
}

function times(packets: number): string {
  return packets === 1 ? '' : ` (${l10n.t('{0} packets', packets)})`;
}

function ruleLine(
  range: SourceRange | undefined,
  side: 'left' | 'right',
  ruleAt: FarePage['ruleAt'],
): string[] {
  const text = range && ruleAt(side, range);
  return text === undefined ? [] : ['', `  \`\`\`text`, `  ${text.replaceAll('`', "'")}`, '  ```'];
}

function exampleText({ packet, service }: FareDifference): string {
  const of = service === undefined ? '' : `${escapeMarkdown(service)}: `;
  const from =
    packet.inInterface === undefined
      ? l10n.t('from the node')
      : l10n.t('in by {0}', packet.inInterface);
  return `- ${of}\`${headerText(packet)}\` ${escapeMarkdown(from)}`;
}
