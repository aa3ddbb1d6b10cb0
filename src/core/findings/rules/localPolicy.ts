import * as l10n from '@vscode/l10n';
import { serviceName } from '../../kubeproxy/serviceId';
import { commentOf } from '../../rules/lookUp';
import type { Rule, Table } from '../../rules/ruleset';
import type { Work } from '../../work';
import type { Check } from '../check';
import { readRules, tablesOf } from '../tables';

/** Where kube-proxy says that a Service of policy Local has nobody here (pkg/proxy/iptables). */
const says = / has no local endpoints$/;

/** A Service of policy Local without an endpoint on this node drops what arrives here (#92761). */
export const localPolicy: Check = {
  code: 'no-local-endpoint',
  severity: 'information',
  title: l10n.t('a Service of policy Local has no endpoint on the node'),
  modes: ['iptables'],
  *find({ node, programmed: { ports } }) {
    let names: ReadonlyMap<string, string> | undefined;
    const told = new Set<string>();
    for (const name of ['filter', 'nat']) {
      for (const { table } of tablesOf(node, name)) {
        for (const { rule, inside } of yield* refusals(table)) {
          yield undefined;
          const title = commentOf(rule).replace(says, '');
          if (told.has(`${title} ${inside}`)) continue;
          told.add(`${title} ${inside}`);
          names ??= new Map(ports.map(({ service }) => [service.title, serviceName(service)]));
          const service = names.get(title);
          yield {
            message: inside
              ? l10n.t`${title} has internalTrafficPolicy Local and no endpoint on this node: what the node and its pods send to its ClusterIP is dropped.`
              : l10n.t`${title} has policy Local and no endpoint on this node: what arrives here from outside is dropped, and a load balancer must not send it here (its health check tells).`,
            range: rule.range,
            ...(service === undefined ? {} : { service }),
          };
        }
      }
    }
  },
};

interface Refusal {
  readonly rule: Rule;
  /** Of the ClusterIP: internalTrafficPolicy Local. */
  readonly inside: boolean;
}

/**
 * Up to 1.23 in the KUBE-XLB chain of nat, since then in the filter table: of the ClusterIP in
 * KUBE-SERVICES, of all other addresses in KUBE-EXTERNAL-SERVICES.
 */
function* refusals(table: Table): Work<readonly Refusal[]> {
  const chains =
    table.name === 'nat'
      ? [...table.chains.keys()].filter((name) => name.startsWith('KUBE-XLB-'))
      : ['KUBE-EXTERNAL-SERVICES', 'KUBE-SERVICES'];
  const found: Refusal[] = [];
  for (const chain of chains) {
    const inside = chain === 'KUBE-SERVICES';
    for (const rule of yield* readRules(table, chain)) {
      if (says.test(commentOf(rule))) found.push({ rule, inside });
    }
  }
  return found;
}
