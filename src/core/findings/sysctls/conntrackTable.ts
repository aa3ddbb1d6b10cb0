import * as l10n from '@vscode/l10n';
import type { Check } from '../check';
import { toldSysctl } from './told';

/** Of the table, from which on it is called nearly full. */
const nearlyFull = 0.9;

/**
 * nf_conntrack_count beside nf_conntrack_max. __nf_conntrack_alloc (net/netfilter/nf_conntrack_core.c)
 * takes no connection beyond: one that has seen no answer gives way, else the packet is dropped, "nf_conntrack: table
 * full, dropping packet". A max of 0 sets no limit.
 */
export const conntrackTable: Check = {
  code: 'conntrack-table-full',
  severity: 'warning',
  title: l10n.t('the table of connections is full or nearly so'),
  *find({ node }) {
    const count = toldSysctl(node, 'net.netfilter.nf_conntrack_count');
    const most = toldSysctl(node, 'net.netfilter.nf_conntrack_max', 'net.nf_conntrack_max');
    if (!count || !most) return;
    const [held, limit] = [Number(count.value), Number(most.value)];
    if (!(limit > 0) || !(held >= limit * nearlyFull)) return;
    yield {
      message:
        held >= limit
          ? l10n.t`The table of connections is full: ${held} of ${limit}. New connections, to Services and all others, are dropped where no unanswered one gives way.`
          : l10n.t`The table of connections is nearly full: ${held} of ${limit}. Once it is, new connections are dropped.`,
      range: count.range,
      related: [{ message: l10n.t('its limit'), range: most.range }],
    };
  },
};
