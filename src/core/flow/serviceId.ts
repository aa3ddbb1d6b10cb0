import { protocolName } from '../protocol';
import type { ServiceView } from '../service';

/**
 * `kube-system/kube-dns:dns/UDP`: names a Service port of one node's dumps, for a command's
 * argument or a panel's state. The same name and port may exist once for each protocol.
 */
export function serviceId({ title, protocol }: ServiceView): string {
  const name = protocolName(protocol);
  // Without objects a virtual server is titled by its address: `10.96.0.1:443/tcp`.
  return title.endsWith(`/${name}`) ? title : `${title}/${name.toUpperCase()}`;
}
