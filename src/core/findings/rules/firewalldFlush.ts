import * as l10n from '@vscode/l10n';
import { placeOf } from '../../rules/lookUp';
import type { Check } from '../check';
import { tablesOf } from '../tables';

/** Chains that only firewalld's iptables backend, or its direct rules, write (ipXtables.py). */
const chains = ['INPUT_ZONES', 'FORWARD_IN_ZONES', 'INPUT_direct', 'FORWARD_direct'];

/** A reload of firewalld clears the tables that kube-proxy writes to, too (rke2#10469). */
export const firewalldFlush: Check = {
  code: 'firewalld-clears-rules',
  severity: 'information',
  title: l10n.t("firewalld keeps its rules in kube-proxy's tables"),
  modes: ['iptables', 'ipvs'],
  *find({ node }) {
    for (const { table } of tablesOf(node, 'filter')) {
      yield undefined;
      const [chain] = chains.flatMap((name) => table.chains.get(name) ?? []);
      const range = chain && placeOf(chain);
      if (!range) continue;
      yield {
        message: l10n.t(
          'firewalld has its rules in the same tables as kube-proxy: when it starts or reloads it clears them, and no Service answers on this node until kube-proxy has written its rules anew.',
        ),
        range,
      };
    }
  },
};
