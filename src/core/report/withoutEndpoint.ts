import { wholeIpvs } from '../ipvs/wholeIpvs';
import type { ProgrammedPort } from '../kubeproxy/programmed';
import type { NodeState } from '../node';
import type { Work } from '../work';

/**
 * The Service ports that nobody answers here because no endpoint serves them, each once: in rules those
 * that have no chain but a REJECT or DROP, in ipvs mode virtual servers without real server.
 */
export function* withoutEndpoint(
  node: NodeState,
  ports: readonly ProgrammedPort[],
): Work<readonly string[]> {
  const titles = new Set<string>();
  for (const { service, table } of ports) {
    // Of a part of a table the chains may be missing, and not the endpoints.
    if (service.mode === 'ipvs' ? !wholeIpvs(node) : service.chains.length > 0) continue;
    if (table && !table.complete) continue;
    if ((yield* service.readEndpoints()).length === 0) titles.add(service.title);
  }
  return [...titles];
}
