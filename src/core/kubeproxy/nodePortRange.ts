/** Whether a port is of the usual --service-node-port-range (30000-32767). */
export function isUsualNodePort(port: number): boolean {
  return port >= 30000 && port <= 32767;
}
