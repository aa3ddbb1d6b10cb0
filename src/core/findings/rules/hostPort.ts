import * as l10n from '@vscode/l10n';
import { serviceName } from '../../kubeproxy/serviceId';
import { jumpsTo, matchOf } from '../../rules/lookUp';
import type { Rule, Table } from '../../rules/ruleset';
import { protocolName } from '../../protocol';
import type { ServiceEntry } from '../../service';
import type { Work } from '../../work';
import type { Check } from '../check';
import { readRules, tablesOf } from '../tables';
import { destinationPorts } from './destinationPorts';

/** A hostPort of the same number stands before the NodePort and takes its packets (kubernetes#72522). */
export const hostPort: Check = {
  code: 'host-port-hides-node-port',
  severity: 'warning',
  title: l10n.t('a host port takes the packets of a NodePort'),
  modes: ['iptables'],
  *find({ node, programmed: { ports } }) {
    for (const { ruleset, table } of tablesOf(node, 'nat')) {
      const dispatch = yield* firstDispatch(table);
      if (dispatch === undefined) continue;
      const hosted = new Map<string, Rule>();
      for (const rule of yield* hostPorts(table, dispatch)) {
        for (const port of destinationPorts(rule)) hosted.set(port, rule);
      }
      for (const { service, ruleset: own } of ports) {
        if (own !== ruleset) continue;
        yield undefined;
        const entry = service.entries.find(
          (one) => one.kind === 'node-port' && hosted.has(keyOf(one, service.protocol)),
        );
        if (!entry) continue;
        yield {
          message: l10n.t`A host port ${entry.port}/${protocolName(service.protocol)} stands before the NodePort of ${service.title} and takes its packets.`,
          range: hosted.get(keyOf(entry, service.protocol))!.range,
          service: serviceName(service),
          related: [{ message: l10n.t('the NodePort'), range: entry.range }],
        };
      }
    }
  },
};

/** The chain of host ports that packets come to before the Services. */
function* firstDispatch(table: Table): Work<string | undefined> {
  for (const rule of yield* readRules(table, 'PREROUTING')) {
    const to = jumpsTo(rule);
    if (to === 'CNI-HOSTPORT-DNAT' || to === 'KUBE-HOSTPORTS') return to;
    if (to === 'KUBE-SERVICES') return undefined;
  }
  return undefined;
}

/** A host port with a hostIP is for that address alone. */
function* hostPorts(table: Table, dispatch: string): Work<readonly Rule[]> {
  const rules = yield* readRules(table, dispatch);
  return rules.filter((rule) => jumpsTo(rule) !== undefined && !matchOf(rule, 'destination'));
}

function keyOf({ port }: ServiceEntry, protocol: number): string {
  return `${port}/${protocol}`;
}
