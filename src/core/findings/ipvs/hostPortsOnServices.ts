import * as l10n from '@vscode/l10n';
import { jumpsTo, placeOf } from '../../rules/lookUp';
import { kubeIpvsDevice } from '../../trace/ipvs/items';
import type { Check } from '../check';
import { isWhole, readRules, tablesOf } from '../tables';

/** kube-ipvs0 makes every Service address one of the node's: its own ports answer there (#72236). */
export const hostPortsOnServices: Check = {
  code: 'host-ports-on-service-addresses',
  severity: 'information',
  title: l10n.t("the node's own ports answer on Service addresses"),
  modes: ['ipvs'],
  certainty: 'certain',
  *find({ node }) {
    const device = node.interfaces?.find(({ name }) => name === kubeIpvsDevice);
    if (!device || device.addresses.length === 0) return;
    const filters = tablesOf(node, 'filter').filter(({ ruleset }) => ruleset.family === 4);
    if (filters.length === 0 || filters.some(({ table }) => !isWhole(table, 'INPUT'))) return;
    for (const { table } of filters) {
      if (table.chains.get('INPUT')!.base?.policy === 'DROP') return;
      const rules = yield* readRules(table, 'INPUT');
      if (rules.some((rule) => jumpsTo(rule) === 'KUBE-IPVS-FILTER')) return;
    }
    const range = placeOf(filters[0]!.table.chains.get('INPUT')!);
    if (!range) return;
    yield {
      message: l10n.t(
        "Nothing keeps connections to Service addresses from the node's own ports (KUBE-IPVS-FILTER does since 1.26): ssh and the kubelet answer on every ClusterIP and load balancer IP.",
      ),
      range,
      related: [{ message: l10n.t('the addresses'), range: device.range }],
    };
  },
};
