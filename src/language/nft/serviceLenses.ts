import { tableServicesOf } from '../../core/kubeproxy/programmed';
import { nftNameParts } from '../../core/kubeproxy/nftables/known';
import { proxyTablesOf } from '../../core/kubeproxy/nftables/services';
import type { NftRuleset } from '../../core/rules/ruleset';
import type { ServiceView } from '../../core/service';
import type { Work } from '../../core/work';
import type { ServiceLens } from '../rules/serviceLenses';

/**
 * Above the chains that choose a Service port's endpoint, and above the first element of a map that
 * has its address. Reads no endpoint: they are counted when a lens comes into view.
 */
export function* nftServiceLenses(ruleset: NftRuleset): Work<readonly ServiceLens[]> {
  const lenses: ServiceLens[] = [];
  for (const table of proxyTablesOf(ruleset)) {
    const services: readonly ServiceView[] = yield* tableServicesOf(table);
    for (const service of services) {
      const lines = new Set([service.range.line]);
      for (const name of service.chains) {
        const kind = nftNameParts(name)?.kind;
        if (kind === 'external' || kind === 'firewall') continue;
        const line = table.chains.get(name)?.declared?.line;
        if (line !== undefined) lines.add(line);
      }
      for (const line of lines) lenses.push({ line, service });
    }
  }
  return lenses;
}
