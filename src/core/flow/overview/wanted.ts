import type { Family } from '../../address';
import type { ObjectIndex } from '../../objects/types';
import { parseServiceId } from '../../kubeproxy/serviceId';
import type { WantedPort } from '../../expected/agreement/endpoints';

/**
 * Of which family a Service port is compared on all nodes: that of the dump it was found in, but
 * for one of the other family alone.
 *
 * @param family of the dump
 */
export function wantedPort(
  id: string,
  family: Family,
  objects?: Pick<ObjectIndex, 'service'>,
): WantedPort {
  const { servicePort, family: told, base } = parseServiceId(id);
  if (told) return { id, family: told };
  if (!servicePort) return { id, family: base.startsWith('[') ? 6 : family };
  const spec = objects?.service(servicePort.namespace, servicePort.name)?.spec;
  const addresses = (spec?.clusterIPs ?? []).filter((address) => address !== 'None');
  const families = addresses.map((address): Family => (address.includes(':') ? 6 : 4));
  const [first] = families;
  return { id, family: first && !families.includes(family) ? first : family };
}
