import * as l10n from '@vscode/l10n';
import { kubeProxySet } from '../../core/kubeproxy/ipvs/sets';
import { describeDirections, describeSetType } from '../../core/describe/ipset';
import type { IpSet, IpSetEntry } from '../../core/ipset/types';
import type { NodeState } from '../../core/node';
import {
  code,
  lineLink,
  quiet,
  shortList,
  strong,
  type Block,
  type Span,
} from '../../workspace/hover/content';
import { placeName, type NodeContext } from './context';
import { soughtSet, type RuleLine } from './ruleLines';

/** A set by its name: what it is for, what it holds, and the rules that look it up. */
export async function setBlocks(
  { name, directions }: { readonly name: string; readonly directions?: readonly string[] },
  context: NodeContext,
): Promise<Block[]> {
  const { node } = context;
  const set = node.sets?.get(name);
  const type = set ? [', ', code(set.type)] : [];
  const blocks: Block[] = [[strong(l10n.t('Set')), ' ', code(name), ...type], ...purpose(name)];
  const sentence = set && describeSetType(set.type);
  if (sentence !== undefined) blocks.push([sentence]);
  const looked = set && directions && describeDirections(set.type, directions);
  if (looked !== undefined) {
    blocks.push([code(directions!.join(',')), l10n.t` looks up the ${looked} of the packet.`]);
  } else if (set && directions) {
    const parts = set.type.slice(set.type.indexOf(':') + 1);
    blocks.push([code(directions.join(',')), l10n.t` is too short for ${parts}: nothing matches.`]);
  }
  blocks.push(elementsOf(set, node));
  if (context.text.language === 'iptables-save') return blocks;
  const rules = await context.rulesNaming(soughtSet(name));
  if (rules.length > 0) {
    blocks.push([
      rules.length === 1 ? l10n.t('One rule names it:') : l10n.t`${rules.length} rules name it:`,
    ]);
    blocks.push(shortList(rules, ruleSpans));
  } else if (node.rulesets.length > 0) {
    blocks.push([quiet(l10n.t('No rule of this node names it.'))]);
  } else
    blocks.push([
      quiet(l10n.t('Which rules name it is not known: the rules do not lie beside it.')),
    ]);
  return blocks;
}

/** Why kube-proxy has the set; none for sets of others. */
function purpose(name: string): Block[] {
  const known = kubeProxySet(name);
  if (!known) return [];
  const { holds, effect, note, family } = known;
  const full = known.name.replace(/^KUBE-/, 'KUBE-6-');
  const cut =
    family === 6 && full !== name
      ? l10n.t` The name is ${full}, cut at the 31 characters that a set's name may have.`
      : '';
  const own = family === 6 ? l10n.t`kube-proxy's set for IPv6.${cut}` : l10n.t("kube-proxy's set.");
  return [[`${own} ${holds}`], [effect], ...(note === undefined ? [] : [[quiet(note)]])];
}

function elementsOf(set: IpSet | undefined, { sets, missing }: NodeState): Block {
  if (!set) {
    if (sets) return [strong(l10n.t('The sets of this node have none of this name.'))];
    const reason = missing?.find(({ part }) => part === 'sets');
    return [quiet(l10n.t`What it holds is unknown. ${reason?.reason ?? ''}`)];
  }
  const count = set.entries.length;
  if (!set.complete) return [quiet(l10n.t('This dump does not hold all of its elements.'))];
  const words =
    count === 0
      ? l10n.t('No elements')
      : count === 1
        ? l10n.t('1 element')
        : l10n.t`${count} elements`;
  return [`${words}, `, lineLink(set.range, placeName(set.range)), '.'];
}

/** `KUBE-SERVICES (line 62 of iptables-save.txt)`. */
export function ruleSpans({ text, range }: RuleLine): Span[] {
  const chain = /^(?:\[\d+:\d+\] )?-[AI] (\S+)/.exec(text)?.[1];
  const target = /(?:^| )-[jg] (\S+)/.exec(text)?.[1];
  const place = lineLink(range, placeName(range));
  if (chain === undefined) return [place];
  return [code(chain), ...(target === undefined ? [] : [l10n.t` to `, code(target)]), ', ', place];
}

/** The element on a line of a dump of sets. */
export function entryOn(
  { sets }: NodeState,
  source: string,
  line: number,
): { readonly set: IpSet; readonly entry: IpSetEntry } | undefined {
  for (const set of sets?.values() ?? []) {
    if (set.range.source !== source || set.range.line > line) continue;
    const entry = entryAt(set.entries, line);
    if (entry) return { set, entry };
  }
  return undefined;
}

/** The first entry of a line: those of a dump stand in the order of their lines. */
function entryAt(entries: IpSet['entries'], line: number): IpSetEntry | undefined {
  let low = 0;
  for (let high = entries.length; low < high;) {
    const middle = (low + high) >>> 1;
    if (entries.at(middle)!.range.line < line) low = middle + 1;
    else high = middle;
  }
  const entry = entries.at(low);
  return entry?.range.line === line ? entry : undefined;
}
