import { hostPort } from '../core/address';
import type { ServiceObject, ServicePort } from '../core/objects/types';
import {
  endpointHashes,
  formatServicePortName,
  nftChainName,
  servicePortHashes,
} from '../core/kubeproxy/names';
import type { ListedEndpoint } from '../core/objects/endpoints';

/** How dumps name a Service port, or one of its endpoints. */
export interface ServiceNames {
  /** As the command "Trace Service" takes it: `kube-system/kube-dns:dns/UDP`. */
  readonly id: string;
  /** `KUBE-SVC-...` or `KUBE-SEP-...`, the spelling of recent releases first. */
  readonly chains: readonly string[];
  /** What to look for in a dump, the best first. */
  readonly marks: readonly string[];
}

export function portNames({ metadata }: ServiceObject, port: ServicePort): ServiceNames {
  const servicePort = { namespace: metadata.namespace, name: metadata.name, port: port.name };
  const protocol = port.protocol.toLowerCase();
  const hashes = servicePortHashes(servicePort, protocol);
  const title = formatServicePortName(servicePort);
  const chains = hashes.map((hash) => `KUBE-SVC-${hash}`);
  return {
    id: `${title}/${port.protocol}`,
    chains,
    marks: [
      ...chains.map((chain) => `:${chain} `),
      ...hashes,
      `chain ${nftChainName('service', servicePort, protocol)} `,
      // A Service without endpoints has no chain, only a refusal with its name.
      `"${title} `,
    ],
  };
}

export function endpointNames(
  { metadata }: ServiceObject,
  port: ServicePort,
  endpoint: ListedEndpoint,
): ServiceNames {
  const servicePort = { namespace: metadata.namespace, name: metadata.name, port: port.name };
  const protocol = port.protocol.toLowerCase();
  const number = endpoint.ports.find(({ name }) => name === port.name)?.port ?? port.port;
  const address = hostPort(endpoint.address, number);
  const chains = endpointHashes(servicePort, protocol, address).map((hash) => `KUBE-SEP-${hash}`);
  const nft = nftChainName('endpoint', servicePort, protocol, {
    address: endpoint.address,
    port: number,
  });
  return {
    id: portNames({ metadata } as ServiceObject, port).id,
    chains,
    marks: [...chains.map((chain) => `:${chain} `), ...chains, `chain ${nft} `, address],
  };
}
