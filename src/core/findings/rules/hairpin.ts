import * as l10n from '@vscode/l10n';
import { formatAddress, sameAddress } from '../../address';
import { destinationRewrite, endpointsOf } from '../../kubeproxy/iptables/endpoints';
import { marksItsEndpoint } from '../../kubeproxy/iptables/usualChains';
import type { ProgrammedPort } from '../../kubeproxy/programmed';
import { serviceName } from '../../kubeproxy/serviceId';
import { jumpsTo, matchOf } from '../../rules/lookUp';
import type { Chain, Table } from '../../rules/ruleset';
import type { Work } from '../../work';
import type { Check } from '../check';

/** Chains whose texts are read between two looks at the clock. */
const chainsAtOnce = 500;

/** A pod that reaches itself through its Service must be masqueraded (kubernetes#25555). */
export const hairpin: Check = {
  code: 'hairpin-not-masqueraded',
  severity: 'warning',
  title: l10n.t('a pod does not reach itself through its Service'),
  modes: ['iptables'],
  certainty: 'certain',
  *find({ programmed: { ports } }) {
    const unusual = yield* unusualChains(ports);
    for (const { service, ruleset } of unusual.size > 0 ? ports : []) {
      yield undefined;
      const nat = ruleset?.tables.get('nat');
      // `grep` may have taken the rule that marks.
      if (!nat?.complete) continue;
      for (const { chain: name } of yield* service.readEndpoints()) {
        const chain = nat.chains.get(name ?? '');
        if (!chain || !unusual.delete(chain)) continue;
        const dnat = destinationRewrite(chain);
        if (!dnat?.addresses || marksOwn(chain, nat)) continue;
        const { range } = chain.rule(chain.length - 1);
        const own = formatAddress(dnat.addresses.from);
        yield {
          message: l10n.t`${chain.name} does not mark what ${own} itself sends (-s ${own} -j KUBE-MARK-MASQ): that pod does not reach ${service.title} where it is chosen itself.`,
          range,
          service: serviceName(service),
        };
      }
    }
  },
};

/** Chains of endpoints whose texts do not say that they are as they should be. */
function* unusualChains(ports: readonly ProgrammedPort[]): Work<Set<Chain>> {
  const unusual = new Set<Chain>();
  const tables = new Set(ports.flatMap(({ ruleset }) => ruleset?.tables.get('nat') ?? []));
  for (const { chains } of tables) {
    let read = 0;
    for (const chain of chains.values()) {
      if (!chain.name.startsWith('KUBE-SEP-')) continue;
      if (++read % chainsAtOnce === 0) yield;
      if (!marksItsEndpoint(chain)) unusual.add(chain);
    }
  }
  return unusual;
}

function marksOwn(chain: Chain, table: Table): boolean {
  const to = destinationRewrite(chain)!.addresses!.from;
  for (let i = 0; i < chain.length; i++) {
    const rule = chain.rule(i);
    if (rule.findings.length > 0) return true;
    const source = matchOf(rule, 'source');
    const marks = jumpsTo(rule) === 'KUBE-MARK-MASQ' || rule.target?.kind === 'MARK';
    if (marks && (!source || sameAddress(source.network.address, to))) return true;
  }
  return endpointsOf(table, chain.name).length === 0;
}
