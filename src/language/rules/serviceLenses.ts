import { formatServicePortName, splitChainName } from '../../core/kubeproxy/names';
import { protocolName } from '../../core/protocol';
import type { ServiceView } from '../../core/service';
import type { DumpDocument } from '../../workspace/dumpDocument';
import type { DumpFacts } from './dumpFacts';

/** A lens above a Service's first rule, or above its chain's. */
export interface ServiceLens {
  readonly line: number;
  readonly service: ServiceView;
}

/**
 * Above the first rule that leads to each Service port, and above the first rule of the chain that
 * chooses its endpoint. Decodes no rule: what `serviceLabel` is followed by, is for when the lens
 * comes into view.
 */
export function serviceLenses(
  { structure, rulesets }: DumpDocument,
  { services }: DumpFacts,
): ServiceLens[] {
  const { chains, dumps, tables } = structure;
  return rulesets.flatMap((ruleset, i) => {
    const nat = tables.findIndex(
      (table) => table.name === 'nat' && dumps[i]?.tables.includes(table),
    );
    return (services.get(ruleset)?.services ?? []).flatMap((service) => {
      const lines = new Set([service.range.line]);
      for (const name of service.chains) {
        const prefix = splitChainName(name)?.prefix;
        if (prefix === 'KUBE-FW-' || prefix === 'KUBE-EXT-') continue;
        const chain = chains.find(nat, name);
        const [first] = chain === undefined ? [] : chains.rules(chain);
        if (first !== undefined) lines.add(first);
      }
      return Array.from(lines, (line) => ({ line, service }));
    });
  });
}

/** `default/whoami:3000/TCP`: the Service, and the port at which it is reached first. */
export function serviceLabel({ servicePort, title, protocol, entries }: ServiceView): string {
  const entry = entries.find(({ kind }) => kind === 'cluster-ip') ?? entries[0];
  const name = servicePort ? formatServicePortName({ ...servicePort, port: '' }) : title;
  const port = entry === undefined ? '' : `:${entry.port}`;
  return `${name}${port}/${protocolName(protocol).toUpperCase()}`;
}
