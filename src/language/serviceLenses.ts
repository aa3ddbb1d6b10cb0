import { formatServicePortName, splitChainName } from '../core/kubeproxy/names';
import { protocolName } from '../core/protocol';
import type { Ruleset } from '../core/rules/ruleset';
import type { ServiceView } from '../core/service';

/** A lens above a Service's first rule, or above its chain's. */
export interface ServiceLens {
  readonly line: number;
  readonly service: ServiceView;
}

/**
 * Above the first rule that leads to each Service port, and above the first rule of the chain that
 * chooses its endpoint. Reads no endpoint: that is for `lensTitle`, when a lens comes into view.
 */
export function serviceLenses(ruleset: Ruleset, services: readonly ServiceView[]): ServiceLens[] {
  const nat = ruleset.tables.get('nat');
  return services.flatMap((service) => {
    const lines = new Set([service.range.line]);
    for (const name of service.chains) {
      const chain = nat?.chains.get(name);
      const prefix = splitChainName(name)?.prefix;
      if (!chain || chain.length === 0 || prefix === 'KUBE-FW-' || prefix === 'KUBE-EXT-') continue;
      lines.add(chain.rule(0).range.line);
    }
    return Array.from(lines, (line) => ({ line, service }));
  });
}

/** `default/whoami:3000/TCP`: the Service, and the port at which it is reached first. */
export function serviceLabel({ servicePort, title, protocol, entries }: ServiceView): string {
  const entry = entries.find(({ kind }) => kind === 'cluster-ip') ?? entries[0];
  const name = servicePort ? formatServicePortName({ ...servicePort, port: '' }) : title;
  const port = entry === undefined ? '' : `:${entry.port}`;
  return `${name}${port}/${protocolName(protocol).toUpperCase()}`;
}
