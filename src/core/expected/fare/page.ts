import * as l10n from '@vscode/l10n';
import { headerText } from '../../trace/headerText';
import { escapeReadable } from '../../escapeMarkdown';
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

/** Differences of one kind with the same two fates are told once. */
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
  return [...groups.values()].sort((a, b) => b.members.length - a.members.length);
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
  const { title, notes, packets, differences } = page;
  const verdict =
    differences.length === 0
      ? l10n.t('All {0} packets fare the same.', packets)
      : l10n.t('{0} of {1} packets fare differently.', differences.length, packets);
  const sections = sectionsOf(groupFares(differences));
  const lines = [
    `# ${escapeReadable(title)}`,
    '',
    `**${verdict}**`,
    '',
    ...sections.map((section) => `- ${summaryOf(section)}`),
    ...(sections.length > 0 ? [''] : []),
    ...notes.map((note) => `> ${escapeReadable(note)}  `),
  ];
  for (const { effect, groups } of sections) {
    lines.push('', `## ${effectTitle(effect)}`);
    for (const group of groups) lines.push(...groupLines(group, page));
  }
  return lines;
}

/** The groups of one effect. */
interface FareSection {
  readonly effect: FareEffect;
  readonly groups: readonly FareGroup[];
}

function sectionsOf(groups: readonly FareGroup[]): readonly FareSection[] {
  return fareEffects
    .map((effect) => ({ effect, groups: groups.filter((group) => group.effect === effect) }))
    .filter((section) => section.groups.length > 0);
}

/** `**No longer answered by an endpoint** (39 packets): the node to the NodePort on localhost; ...`. */
function summaryOf({ effect, groups }: FareSection): string {
  const packets = groups.reduce((sum, { members }) => sum + members.length, 0);
  const kinds = [...new Set(groups.map(({ kind }) => kind))];
  return `**${effectTitle(effect)}**${times(packets)}: ${escapeReadable(kinds.join(l10n.t('; ')))}`;
}

function groupLines(group: FareGroup, { left, right, ruleAt }: FarePage): readonly string[] {
  const { kind, members, left: here, right: there } = group;
  const [first] = members;
  const shown = members.slice(0, mostExamples).map(exampleText);
  const more = members.length - shown.length;
  return [
    '',
    `### ${escapeReadable(capital(kind))}${times(members.length)}`,
    '',
    `- ${escapeReadable(left)}: ${escapeReadable(here)}`,
    ...ruleLine(first?.left.rule, 'left', ruleAt),
    `- ${escapeReadable(right)}: ${escapeReadable(there)}`,
    ...ruleLine(first?.right.rule, 'right', ruleAt),
    '',
    ...shown,
    ...(more > 0 ? [`- ${l10n.t('and {0} more', more)}`] : []),
  ];
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
  const of = service === undefined ? '' : `${escapeReadable(service)}: `;
  const from =
    packet.inInterface === undefined
      ? l10n.t('from the node')
      : l10n.t('in by {0}', packet.inInterface);
  return `- ${of}\`${headerText(packet)}\` ${escapeReadable(from)}`;
}
