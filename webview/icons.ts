import * as l10n from '@vscode/l10n';
import type { FlowNodeKind } from '../src/core/flow/graph';

/** Line drawings in a box of 16 by 16 pixels, as the `d` of a path. */
export const icons: Readonly<Record<FlowNodeKind, string>> = {
  entry: 'M8 2.5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5M3 13.5c0-3 2-4.5 5-4.5s5 1.5 5 4.5',
  hook: 'M8 2v8.5a2.5 2.5 0 1 1-5 0M5.5 5.5h5',
  chain: 'M2.5 4h11M5 8h8.5M5 12h8.5M2.5 4v8M2.5 8h1M2.5 12h1',
  set: 'M6 2.5c-2 0-1 5.5-3 5.5c2 0 1 5.5 3 5.5M10 2.5c2 0 1 5.5 3 5.5c-2 0-1 5.5-3 5.5',
  'virtual-server': 'M2.5 3h11v3.5h-11zM2.5 9.5h11V13h-11zM5 4.75h.01M5 11.25h.01',
  chains: 'M2.5 4h11M2.5 8h11M2.5 12h11',
  endpoint: 'M8 1.8l5.4 3v6.4L8 14.2l-5.4-3V4.8zM8 8v6M8 8L2.7 5M8 8l5.3-3',
  group: 'M5 2.5h8.5V11M2.5 5h8.5v8.5H2.5z',
  exit: 'M2.5 8h9M8.5 4.5L12 8l-3.5 3.5M14 3v10',
  stray: 'M2.5 8h9M8.5 4.5L12 8l-3.5 3.5',
  drop: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  reject: 'M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12M4.5 8h7',
  unknown: 'M5.5 6a2.5 2.5 0 1 1 3.6 2.2C8.3 8.6 8 9 8 10M8 13h.01',
};

/** For people who can't see the drawing, and for the list. */
export const kindNames = (): Readonly<Record<FlowNodeKind, string>> => ({
  entry: l10n.t('Entry'),
  hook: l10n.t('Hook'),
  chain: l10n.t('Chain'),
  chains: l10n.t('Chains'),
  set: l10n.t('Set'),
  'virtual-server': l10n.t('Virtual server'),
  endpoint: l10n.t('Endpoint'),
  group: l10n.t('Group of endpoints'),
  exit: l10n.t('Leaves'),
  stray: l10n.t('Leaves untouched'),
  drop: l10n.t('Drop'),
  reject: l10n.t('Reject'),
  unknown: l10n.t('Unknown'),
});
