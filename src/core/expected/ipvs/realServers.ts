import type { Endpoint } from '../endpoints';
import type { ServicePort } from '../servicePorts';

/**
 * The endpoints behind a virtual server of a Service port. Since 1.24 one of policy Local leads to all
 * endpoints where none is on the node (PR 97081), so that pods and the node get an answer.
 *
 * @param isLocal whether the traffic policy of the virtual server's address is Local
 */
export function realServersOf(
  { choice: { cluster, local } }: ServicePort,
  isLocal: boolean,
  release: number,
): readonly Endpoint[] {
  if (!isLocal) return cluster;
  return release >= 24 && local.length === 0 ? cluster : local;
}
