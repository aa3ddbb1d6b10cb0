import { formatAddress } from '../../address';
import { isLoopback } from '../../specialAddresses';
import type { NftablesContext } from './context';

/** The sets and maps that every node has, as of 1.30. */
export function addSets({ table, family, release, nodePorts }: NftablesContext): void {
  const address = `ipv${family}_addr`;
  const port = 'inet_proto . inet_service';
  const note = (text: string) => `comment "${text}"`;
  const set = (name: string, type: string, text: string) =>
    table.set(name, [`type ${type}`, note(text)]);
  if (release >= 36) {
    const type = `${address} . ${address} . ${port}`;
    set('hairpin-connections', type, 'service hairpin connections');
  }
  set('cluster-ips', address, 'Active ClusterIPs');
  if (nodePorts.kind !== 'all') {
    const { elements } = set('nodeport-ips', address, 'IPs that accept NodePort traffic');
    for (const own of nodePorts.kind === 'some' ? nodePorts.addresses : []) {
      if (!isLoopback(own)) elements.push({ text: formatAddress(own), role: 'node-ports' });
    }
  }
  const services = `${address} . ${port} : verdict`;
  const nodes = `${port} : verdict`;
  const refused = 'vmap to drop or reject packets to service';
  set('no-endpoint-services', services, `${refused}s with no endpoints`);
  set('no-endpoint-nodeports', nodes, `${refused} nodeports with no endpoints`);
  set('firewall-ips', services, 'destinations that are subject to LoadBalancerSourceRanges');
  set('service-ips', services, 'ClusterIP, ExternalIP and LoadBalancer IP traffic');
  set('service-nodeports', nodes, 'NodePort traffic');
}
