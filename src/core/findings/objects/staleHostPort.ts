import * as l10n from '@vscode/l10n';
import { formatAddress, withPort } from '../../address';
import type { Check } from '../check';
import { readRules, tablesOf } from '../tables';

/** A host port whose Pod is gone: portmap did not clear up, and the first rule wins (calico#3412). */
export const staleHostPort: Check = {
  code: 'host-port-stale',
  severity: 'warning',
  title: l10n.t('a host port leads to a Pod that is gone'),
  *find({ node, objects }) {
    const pods = objects?.pods ?? [];
    // Without the Pods of this node nobody knows which are gone.
    if (!objects || !pods.some(({ nodeName }) => nodeName === node.name)) return;
    for (const { table } of tablesOf(node, 'nat')) {
      for (const name of table.chains.keys()) {
        if (!name.startsWith('CNI-DN-')) continue;
        yield undefined;
        for (const { target, range } of yield* readRules(table, name)) {
          if (target?.kind !== 'DNAT' || !target.addresses) continue;
          const to = target.addresses.from;
          if (objects.podsAt(formatAddress(to)).length > 0) continue;
          yield {
            message: l10n.t`A host port leads to ${withPort(to, target.ports?.from)}, and no Pod has that address: connections to it end nowhere.`,
            range,
          };
          break;
        }
      }
    }
  },
};
