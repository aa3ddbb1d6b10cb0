import type { Programmed } from '../../kubeproxy/programmed';
import type { ServiceView } from '../../service';

/** The Service ports that objects name, by the lines of their virtual servers: rows alone name none. */
export function namedRows({ ports, otherPorts }: Programmed): ReadonlyMap<number, ServiceView> {
  const found = new Map<number, ServiceView>();
  for (const { service } of [...ports, ...otherPorts]) {
    if (service.mode !== 'ipvs' || !service.servicePort) continue;
    for (const { range } of service.entries) found.set(range.line, service);
  }
  return found;
}
