import * as l10n from '@vscode/l10n';
import { formatNetwork, parseNetwork } from '../../address';
import { list } from '../../list';
import { serviceName } from '../../kubeproxy/serviceId';
import { matchOf } from '../../rules/lookUp';
import type { Table } from '../../rules/ruleset';
import type { Work } from '../../work';
import type { Check } from '../check';
import { readRules } from '../tables';

/** loadBalancerSourceRanges against the rules of KUBE-FW-. */
export const sourceRangesDiffer: Check = {
  code: 'source-ranges-differ',
  severity: 'warning',
  title: l10n.t("the allowed sources of a load balancer are not the Service's"),
  modes: ['iptables'],
  certainty: 'certain',
  *find({ objects, programmed: { ports } }) {
    for (const { service, ruleset } of ports) {
      yield undefined;
      const { servicePort, chains } = service;
      const object = servicePort && objects?.service(servicePort.namespace, servicePort.name);
      const nat = ruleset?.tables.get('nat');
      const chain = chains.find((name) => name.startsWith('KUBE-FW-'));
      if (!object || !nat || chain === undefined) continue;
      const own = new Set(object.status.loadBalancer.ingress.map(({ ip }) => `${ip}/32`));
      const has = [...new Set(yield* sourcesOf(nat, chain))].filter((text) => !own.has(text));
      const wanted = object.spec.loadBalancerSourceRanges.flatMap((text) => {
        const network = parseNetwork(text.trim());
        return network?.address.family === ruleset!.family ? [formatNetwork(network)] : [];
      });
      if (same(has, wanted)) continue;
      yield {
        message: l10n.t`${service.title}: ${chain} lets ${list(has) || l10n.t('everybody')} through, the Service asks for ${list(wanted) || l10n.t('everybody')}.`,
        range: nat.chains.get(chain)!.declared ?? service.range,
        service: serviceName(service),
        ...(object.range
          ? { related: [{ message: l10n.t('the Service'), range: object.range }] }
          : {}),
      };
    }
  },
};

function* sourcesOf(nat: Table, chain: string): Work<readonly string[]> {
  const rules = yield* readRules(nat, chain);
  return rules.flatMap((rule) => {
    const source = matchOf(rule, 'source');
    return source && !source.negated ? [formatNetwork(source.network)] : [];
  });
}

/** `0.0.0.0/0` is written as no `-s` at all. */
function same(has: readonly string[], wanted: readonly string[]): boolean {
  const plain = (texts: readonly string[]) =>
    texts.some((text) => text.endsWith('/0')) ? '' : [...new Set(texts)].sort().join();
  return plain(has) === plain(wanted);
}
