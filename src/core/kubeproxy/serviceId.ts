import { protocolName } from '../protocol';
import type { ServicePortName, ServiceView } from '../service';

/**
 * `kube-system/kube-dns:dns/UDP`: names a Service port of one node's dumps, for a command's
 * argument or a panel's state. The same name and port may exist once for each protocol.
 */
export function serviceId({ title, protocol }: ServiceView): string {
  const name = protocolName(protocol);
  // Without objects a virtual server is titled by its address: `10.96.0.1:443/tcp`.
  return title.endsWith(`/${name}`) ? title : `${title}/${name.toUpperCase()}`;
}

/**
 * `kube-system/kube-dns`: the Service of a port, by its comment where the hash does not fit; the
 * port's title where nothing names it.
 */
export function serviceName({ servicePort, title }: ServiceView): string {
  if (servicePort) return `${servicePort.namespace}/${servicePort.name}`;
  return /^([^:/]+\/[^:/]+)(?::[^:/]*)?$/.exec(title)?.[1] ?? title;
}

/** What stands in an id. */
export interface ServiceIdParts {
  /** Without what tells it from others alike. */
  readonly base: string;
  /** `IPv4` of `... IPv4`: the second of two alike (`drawableServices`). */
  readonly family: 4 | 6 | undefined;
  /** undefined where the id is the address of a virtual server. */
  readonly servicePort: ServicePortName | undefined;
  /** `TCP`. */
  readonly protocol: string;
}

/** Reads what `serviceId` or `drawableServices` made. */
export function parseServiceId(id: string): ServiceIdParts {
  const [, base = id, more = ''] = /^(.*?)(?: (IPv[46]|iptables mode))?$/.exec(id) ?? [];
  const [, namespace = '', name = '', port = '', protocol = ''] =
    /^([a-z0-9-]+)\/([a-z0-9.-]+)(?::([a-z0-9-]+))?\/(TCP|UDP|SCTP)$/.exec(base) ?? [];
  return {
    base,
    family: more === 'IPv4' ? 4 : more === 'IPv6' ? 6 : undefined,
    servicePort: name === '' ? undefined : { namespace, name, port },
    protocol: protocol || base.slice(base.lastIndexOf('/') + 1).toUpperCase(),
  };
}
