import type { ServiceEntry } from '../service';

/** Whether a port is of the usual --service-node-port-range (30000-32767). */
export function isUsualNodePort(port: number): boolean {
  return port >= 30000 && port <= 32767;
}

/** Whether it is a NodePort; of a virtual server of which nothing tells the kind: by its port. */
export function mayBeNodePort({ kind, port }: ServiceEntry): boolean {
  return kind === 'node-port' || (kind === 'virtual' && isUsualNodePort(port));
}
