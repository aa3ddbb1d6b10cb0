import * as l10n from '@vscode/l10n';
import { placeOf } from '../../rules/lookUp';
import type { Check } from '../check';
import { eachTable } from '../tables';
import { jumpsOf } from './jumps';

/** kube-proxy and the kubelet clear up later on, and leave canaries to be looked for. */
const cleared = /^KUBE-/;

/** A chain with rules that nothing leads to: its program lost its jump, or is gone. */
export const unreferencedChain: Check = {
  code: 'chain-unreferenced',
  severity: 'information',
  title: l10n.t('no rule leads to a chain'),
  *find({ node }) {
    for (const { name, table } of eachTable(node)) {
      if (!table.complete) continue;
      const jumps = yield* jumpsOf(table);
      if (!jumps) continue;
      const asked = new Set([...jumps.values()].flatMap((own) => [...own.keys()]));
      for (const chain of table.chains.values()) {
        if (chain.base || chain.length === 0 || cleared.test(chain.name)) continue;
        const range = placeOf(chain);
        if (!range || !chain.declared || asked.has(chain.name)) continue;
        yield {
          message: l10n.t`No rule of ${name} leads to ${chain.name}: its rules are never asked.`,
          range,
        };
      }
    }
  },
};
