import * as l10n from '@vscode/l10n';
import { formatAddress, parseAddress } from '../../address';
import { list } from '../../list';
import { wholeIpvs } from '../../ipvs/wholeIpvs';
import type { NodeState } from '../../node';
import { addressesOfService, type ServiceObject } from '../../objects/types';
import { protocolName, protocolNumber } from '../../protocol';
import { isProxied } from '../../kubeproxy/proxied';
import type { ProgrammedPort } from '../../kubeproxy/programmed';
import { serviceName } from '../../kubeproxy/serviceId';
import { mapInPieces, type Work } from '../../work';
import type { Check } from '../check';

/** A Service whose addresses are not in the rules: nobody takes packets to them. */
export const serviceNotProgrammed: Check = {
  code: 'service-not-programmed',
  severity: 'warning',
  title: l10n.t('a Service or one of its addresses is in no rule'),
  modes: ['iptables', 'ipvs', 'nftables'],
  certainty: 'certain',
  *find({ node, objects, programmed: { ports, mode } }) {
    const families = familiesAtHand(node, mode.mode, ports);
    const at = ports[0]?.service.range;
    if (!objects || families.size === 0 || !at) return;
    const known = yield* entriesOf(ports);
    for (const service of objects.services) {
      if (!isProxied(service)) continue;
      yield undefined;
      const wanted = wantedOf(service, families);
      const lacking = wanted.filter((entry) => !known.has(entry));
      if (lacking.length === 0) continue;
      const name = `${service.metadata.namespace}/${service.metadata.name}`;
      const message =
        lacking.length === wanted.length
          ? l10n.t`The node has no rule for Service ${name}.`
          : l10n.t`The node has rules for Service ${name}, but none for ${list(lacking.slice(0, 5))}.`;
      yield { message, range: service.range ?? at, service: name };
    }
  },
};

/** Rules for a Service that is no more: kube-proxy does not see the API, or the dump is older. */
export const rulesWithoutService: Check = {
  code: 'rules-without-service',
  severity: 'warning',
  title: l10n.t('rules are for a Service that does not exist'),
  modes: ['iptables', 'ipvs', 'nftables'],
  certainty: 'certain',
  *find({ objects, programmed: { ports } }) {
    if (!objects || objects.services.length === 0) return;
    const wanted = new Set<string>();
    const families = new Set([4, 6] as const);
    yield* mapInPieces(objects.services, (service) => {
      if (!isProxied(service)) return;
      for (const entry of wantedOf(service, families)) wanted.add(entry);
    });
    for (const { service } of ports) {
      yield undefined;
      const { servicePort } = service;
      if (servicePort) {
        if (objects.service(servicePort.namespace, servicePort.name)) continue;
      } else if (service.mode !== 'ipvs' || [...keysOf(service)].some((key) => wanted.has(key))) {
        continue;
      }
      yield {
        message: l10n.t`There are rules for ${service.title}, and no such Service.`,
        range: service.range,
        service: serviceName(service),
      };
    }
  },
};

/** Of which families the rules are at hand in full. */
function familiesAtHand(
  node: NodeState,
  mode: string | undefined,
  ports: readonly ProgrammedPort[],
): ReadonlySet<4 | 6> {
  const found = new Set<4 | 6>();
  if (mode === 'nftables') {
    for (const { table, family } of ports) if (table?.complete && family) found.add(family);
    return found;
  }
  if (mode === 'ipvs') {
    for (const { address } of wholeIpvs(node)?.virtualServers ?? [])
      if (address) found.add(address.family);
    return found;
  }
  for (const { family, tables } of node.rulesets) {
    const whole = ['nat', 'filter'].every((name) => tables.get(name)?.complete);
    if (whole && (tables.get('nat')?.chains.get('KUBE-SERVICES')?.length ?? 0) > 0)
      found.add(family);
  }
  return found;
}

/** `10.96.0.1:443/tcp`; a node port is `NodePort 30089/tcp`. */
function* keysOf({ entries, protocol }: ProgrammedPort['service']): Generator<string> {
  for (const { kind, address, port } of entries) {
    const suffix = `${port}/${protocolName(protocol)}`;
    if (address) yield `${formatAddress(address)}:${suffix}`;
    if (kind === 'node-port' || kind === 'virtual') yield `NodePort ${suffix}`;
  }
}

function* entriesOf(ports: readonly ProgrammedPort[]): Work<ReadonlySet<string>> {
  const found = new Set<string>();
  yield* mapInPieces(ports, ({ service }) => {
    for (const key of keysOf(service)) found.add(key);
  });
  return found;
}

function wantedOf(service: ServiceObject, families: ReadonlySet<4 | 6>): string[] {
  return service.spec.ports.flatMap(({ port, nodePort, protocol: text }) => {
    const protocol = protocolName(protocolNumber(text) ?? 6);
    const addresses = addressesOfService(service).flatMap((one) => {
      const address = parseAddress(one);
      return address && families.has(address.family)
        ? [`${formatAddress(address)}:${port}/${protocol}`]
        : [];
    });
    return nodePort && addresses.length > 0
      ? [...addresses, `NodePort ${nodePort}/${protocol}`]
      : addresses;
  });
}
