import { mapInPieces, type Work } from '../../work';
import type { ServicePort } from '../servicePorts';
import { chainOf, markStatement, type NftablesContext } from './context';
import { duration } from './text';

/** Sets of session affinity and chains of endpoints; since 1.36 only with session affinity. */
export function* addEndpoints(context: NftablesContext, port: ServicePort): Work<void> {
  const { table, ip, release, family } = context;
  const { affinity, protocol, choice } = port;
  if (affinity === undefined && release >= 36) return;
  yield* mapInPieces(choice.reachable, (endpoint) => {
    const subject = { servicePort: port, endpoint };
    const chain = chainOf('endpoint', port, endpoint);
    table.chain(chain, subject);
    if (release < 36) {
      const text = `${ip} saddr ${endpoint.address} ${markStatement(context)}`;
      table.add(chain, text, 'hairpin', subject);
    }
    if (affinity !== undefined) {
      const set = chainOf('affinity', port, endpoint);
      const timeout = `timeout ${duration(affinity)}`;
      const header = [`type ipv${family}_addr`, 'size 65535', 'flags dynamic,timeout', timeout];
      table.set(set, header);
      table.add(chain, `update @${set} { ${ip} saddr }`, 'affinity', subject);
    }
    table.add(chain, `meta l4proto ${protocol} dnat to ${endpoint.text}`, 'dnat', subject);
  });
}

/** Connections of the node's own endpoints to themselves need the node's address as source. */
export function addHairpins({ table }: NftablesContext, port: ServicePort): void {
  const { elements } = table.sets.get('hairpin-connections')!;
  for (const endpoint of port.choice.reachable) {
    if (!endpoint.local) continue;
    const { address } = endpoint;
    const text = `${address} . ${address} . ${port.protocol} . ${endpoint.port}`;
    elements.push({ text, role: 'hairpin', servicePort: port, endpoint });
  }
}
