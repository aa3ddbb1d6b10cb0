import * as l10n from '@vscode/l10n';
import { countersText } from '../../../core/flow/counters/countText';
import { code, strong, type Block } from '../../../workspace/hover/content';

const tables: Readonly<Record<string, string>> = {
  raw: l10n.t('Asked first, before connection tracking; can leave packets out of it.'),
  mangle: l10n.t('Changes packets and marks, before nat and filter at each hook.'),
  nat: l10n.t(
    'Rewrites addresses. Only the first packet of a connection is asked; all others follow it.',
  ),
  filter: l10n.t('Accepts, drops or rejects packets to, through and from this node.'),
  security: l10n.t('Sets SELinux marks; asked after filter.'),
};

/** `*nat`: what the table is for. */
export function tableBlocks(name: string): Block[] {
  const sentence = Object.hasOwn(tables, name)
    ? tables[name]!
    : l10n.t('Not a table of the kernel.');
  return [[strong(l10n.t('Table')), ' ', code(name)], [sentence]];
}

/** `[12:720]`, before a rule or behind a chain: packets and bytes. */
export function counterBlocks(text: string): Block[] | undefined {
  const counters = /^\[(\d+):(\d+)\]$/.exec(text);
  if (!counters) return undefined;
  const counted = countersText({ packets: Number(counters[1]), bytes: Number(counters[2]) });
  return [[l10n.t`Counted here: ${counted}.`]];
}
