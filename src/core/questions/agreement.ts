import { formatAddress, sameAddress } from '../address';
import type { Finding } from '../finding';
import type { IpSetEntry, NodeState } from '../node';
import { addressesOfService } from '../objects/types';
import type { ServiceObject } from '../objects/types';
import { protocolName } from '../protocol';
import type { SourceRange } from '../source';
import { kubeIpvsDevice } from '../trace/ipvs/items';
import { finding } from './answer';
import type { NodeAnswer } from './answer';

/** `10.96.0.1:443/tcp` or, of a node port, `:30089/tcp`, with where it stands. */
type Places = ReadonlyMap<string, SourceRange | undefined>;

/**
 * Is the node in ipvs mode, and do its virtual servers, the entries of kube-proxy's sets, the
 * addresses of kube-ipvs0 and the Services agree, one by one? What no dump holds is not compared.
 */
export function askAgreement(node: NodeState, services?: readonly ServiceObject[]): NodeAnswer {
  const question = 'Is this node in ipvs mode, and do its parts agree?';
  const device = node.interfaces?.find(({ name }) => name === kubeIpvsDevice);
  const used = usesSets(node);
  const servers = node.ipvs?.virtualServers ?? [];
  const signs = [
    `${node.ipvs ? servers.length : 'unknown, no dump:'} virtual servers`,
    node.interfaces ? (device ? 'kube-ipvs0 is there' : 'no kube-ipvs0') : 'no dump of addresses',
    used ? 'rules ask the set KUBE-CLUSTER-IP' : 'no rule asks the set KUBE-CLUSTER-IP',
  ].join(', ');
  if (!used || servers.length === 0) {
    const left = servers.length > 0 || device !== undefined;
    const state = left ? 'No, but ipvs mode has left its traces' : 'No';
    const at = servers[0]?.range ?? device?.range;
    const message = 'Left over from ipvs mode: kube-proxy no longer keeps it up to date.';
    const code = 'ipvs-leftover';
    const findings = left ? finding('warning', code, message, at) : [];
    return { question, answer: `${state}: ${signs}.`, findings };
  }
  const findings = [
    ...compareAddresses(node),
    ...compareSets(node),
    ...(services ? compareServices(node, services) : []),
  ];
  const end = findings.length === 0 ? 'all agree' : `${findings.length} do not agree`;
  return { question, answer: `Yes: ${signs}; ${end}.`, findings };
}

function usesSets({ rulesets }: NodeState): SourceRange | undefined {
  for (const { tables } of rulesets) {
    const chain = tables.get('nat')?.chains.get('KUBE-SERVICES');
    for (let i = 0; chain && i < chain.length; i++) {
      const { matches, range } = chain.rule(i);
      const asks = matches.some(
        (match) => match.kind === 'set' && /^KUBE-(6-)?CLUSTER-IP$/.test(match.name),
      );
      if (asks) return range;
    }
  }
  return undefined;
}

/** Each address of kube-ipvs0 has a virtual server; each virtual server's address is the node's. */
function compareAddresses({ ipvs, interfaces }: NodeState): readonly Finding[] {
  if (!ipvs || !interfaces) return [];
  const own = interfaces.flatMap(({ addresses, name }) =>
    addresses.map((one) => ({ ...one, device: name })),
  );
  const findings: Finding[] = [];
  for (const { address, port, range } of ipvs.virtualServers) {
    if (!address || own.some((one) => sameAddress(one.address, address))) continue;
    const message = `No device of the node holds ${formatAddress(address)}: packets to this virtual server (port ${port}) pass IPVS by.`;
    findings.push(...finding('error', 'virtual-server-without-address', message, range));
  }
  for (const { address, range, device, scope } of own) {
    if (device !== kubeIpvsDevice || scope === 'link') continue;
    if (ipvs.virtualServers.some((one) => one.address && sameAddress(one.address, address)))
      continue;
    const message = `kube-ipvs0 holds ${formatAddress(address)}, of which there is no virtual server.`;
    findings.push(...finding('warning', 'address-without-virtual-server', message, range));
  }
  return findings;
}

/** Sets of kube-proxy whose entries are addresses and ports of Services (pkg/proxy/ipvs/ipset.go). */
const portalSet =
  /^KUBE-(6-)?(CLUSTER-IP|EXTERNAL-IP(-LOCAL)?|LOAD-BALANCER|NODE-PORT-(TCP|UDP|SCTP-HASH))$/;

function compareSets({ ipvs, sets, interfaces = [] }: NodeState): readonly Finding[] {
  if (!ipvs || !sets) return [];
  const servers = serverPlaces({ ipvs });
  const inSets = new Set<string>();
  const findings: Finding[] = [];
  for (const { name, entries } of sets.values()) {
    const kind = portalSet.exec(name)?.[2];
    if (!kind) continue;
    for (const entry of entries) {
      const place = placeOf(entry, kind);
      if (place === undefined) continue;
      inSets.add(place);
      if (servers.has(place)) continue;
      const message = `${name} holds ${entry.text}, of which there is no virtual server.`;
      findings.push(...finding('error', 'set-entry-without-virtual-server', message, entry.range));
    }
  }
  const held = interfaces.find(({ name }) => name === kubeIpvsDevice)?.addresses ?? [];
  for (const { address, port, protocol, range } of ipvs.virtualServers) {
    if (!address || protocol === undefined) continue;
    const service = held.some((one) => sameAddress(one.address, address));
    const place = `${service ? formatAddress(address) : ''}:${port}/${protocolName(protocol)}`;
    if (inSets.has(place)) continue;
    const message = `No set of kube-proxy holds ${formatAddress(address)}:${port}/${protocolName(protocol)}.`;
    findings.push(...finding('warning', 'virtual-server-in-no-set', message, range));
  }
  return findings;
}

function placeOf({ parts }: IpSetEntry, kind: string): string | undefined {
  let address = '';
  for (const part of parts) {
    if (part.kind === 'network' && !kind.startsWith('NODE-PORT')) {
      address = formatAddress(part.network.address);
    }
    if (part.kind !== 'port') continue;
    const protocol = part.protocol ?? (kind.endsWith('UDP') ? 17 : 6);
    return `${address}:${part.from}/${protocolName(protocol)}`;
  }
  return undefined;
}

/** Each twice: with its address, and as a port of any address. */
function serverPlaces({ ipvs }: Pick<NodeState, 'ipvs'>): Places {
  const places = new Map<string, SourceRange | undefined>();
  for (const { address, port, protocol, range } of ipvs?.virtualServers ?? []) {
    if (!address || protocol === undefined) continue;
    places.set(`${formatAddress(address)}:${port}/${protocolName(protocol)}`, range);
    places.set(`:${port}/${protocolName(protocol)}`, range);
  }
  return places;
}

/** Each address and port of a Service has a virtual server, and each virtual server a Service. */
function compareServices(
  { ipvs, interfaces = [] }: NodeState,
  services: readonly ServiceObject[],
): readonly Finding[] {
  const servers = serverPlaces({ ipvs });
  const wanted = new Set<string>();
  const findings: Finding[] = [];
  const families = new Set(ipvs!.virtualServers.map(({ address }) => address?.family));
  for (const service of services) {
    const { metadata, spec, range } = service;
    if (metadata.labels['service.kubernetes.io/service-proxy-name'] !== undefined) continue;
    const name = `${metadata.namespace}/${metadata.name}`;
    for (const { port, nodePort, protocol } of spec.ports) {
      const suffix = protocol.toLowerCase();
      const places = addressesOfService(service)
        .filter((address) => families.has(address.includes(':') ? 6 : 4))
        .map((address) => `${address}:${port}/${suffix}`);
      if (nodePort) places.push(`:${nodePort}/${suffix}`);
      for (const place of places) {
        wanted.add(place);
        if (servers.has(place)) continue;
        const message = `Service ${name} has ${place}, of which there is no virtual server.`;
        const at = range ?? ipvs!.virtualServers[0]!.range;
        findings.push(...finding('error', 'service-without-virtual-server', message, at));
      }
    }
  }
  const held = interfaces.find(({ name }) => name === kubeIpvsDevice)?.addresses ?? [];
  for (const { address, port, protocol, range } of ipvs!.virtualServers) {
    if (!address || protocol === undefined) continue;
    const service = held.some((one) => sameAddress(one.address, address));
    const place = `${service ? formatAddress(address) : ''}:${port}/${protocolName(protocol)}`;
    if (wanted.has(place)) continue;
    const message = `No Service has the virtual server ${formatAddress(address)}:${port}/${protocolName(protocol)}.`;
    findings.push(...finding('warning', 'virtual-server-without-service', message, range));
  }
  return findings;
}
