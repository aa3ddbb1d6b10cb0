import { protocolName } from '../protocol';
import type { ServiceView } from '../service';

/**
 * `kube-system/kube-dns:dns/UDP`: names a Service port of one node's dumps, for a command's
 * argument or a panel's state. The same name and port may exist once for each protocol.
 */
export function serviceId({ title, protocol }: ServiceView): string {
  return `${title}/${protocolName(protocol).toUpperCase()}`;
}
