import * as l10n from '@vscode/l10n';
import { withPort } from '../../address';
import { hasEvenShares, usualChoices } from '../../kubeproxy/iptables/usualChains';
import { serviceName } from '../../kubeproxy/serviceId';
import type { ServiceEndpoint } from '../../service';
import type { Check } from '../check';
import { isWhole } from '../tables';
import { percent } from '../../percent';

/** kube-proxy gives every endpoint the same: a rule that was lost or added by hand shows here. */
export const unevenShares: Check = {
  code: 'uneven-shares',
  severity: 'warning',
  title: l10n.t('endpoints of a Service get unequal shares of its traffic'),
  modes: ['iptables'],
  certainty: 'certain',
  *find({ programmed: { ports } }) {
    for (const { service, ruleset } of ports) {
      yield undefined;
      // Those that only other entries reach have no share of their own.
      const nat = ruleset?.tables.get('nat');
      // `grep` may have taken any rule.
      if (!nat?.complete) continue;
      const chain = nat.chains.get(service.chains[0] ?? '');
      if (chain?.name.startsWith('KUBE-SVC-') && (yield* hasEvenShares(chain))) continue;
      const shares = (yield* service.readEndpoints()).filter(
        (one): one is ServiceEndpoint & { share: number } => one.share !== undefined,
      );
      if (shares.length === 0) continue;
      const sorted = [...shares].sort((left, right) => left.share - right.share);
      const [least, most] = [sorted[0]!, sorted.at(-1)!];
      const total = shares.reduce((sum, { share }) => sum + share, 0);
      // Probabilities are printed with some digits only: an eleventh of a percent is no fault.
      if (most.share - least.share < 0.01 || most.share < 1.1 * least.share) {
        // Of a part of the table the last rule may be what is missing; one that asks for more may take the rest.
        if (
          total < 0.98 &&
          chain &&
          nat &&
          isWhole(nat, chain.name) &&
          (yield* usualChoices(chain))
        ) {
          const message = l10n.t`${service.title}: no rule takes ${percent(1 - total)} of the connections: they go to no endpoint, and nobody answers.`;
          yield { message, range: most.range, service: serviceName(service) };
        }
        continue;
      }
      const lost = total < 0.98 ? l10n.t` ${percent(1 - total)} of it goes to none.` : '';
      yield {
        message: l10n.t`${service.title}: ${withPort(most.address, most.port)} gets ${percent(most.share)} of the connections and ${withPort(least.address, least.port)} ${percent(least.share)}; kube-proxy gives each the same.${lost}`,
        range: most.range,
        service: serviceName(service),
        related: [{ message: l10n.t('gets the least'), range: least.range }],
      };
    }
  },
};
