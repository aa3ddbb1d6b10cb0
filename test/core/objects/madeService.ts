import type { ServiceObject } from '../../../src/core/objects/types';

/** shop/web, TCP 80 by the name http, of type ClusterIP; the spec as given. */
export function service(spec: Partial<ServiceObject['spec']> = {}): ServiceObject {
  return {
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop', labels: {} },
    spec: {
      type: 'ClusterIP',
      clusterIPs: ['10.96.0.5'],
      ports: [{ name: 'http', protocol: 'TCP', port: 80 }],
      selector: {},
      externalIPs: [],
      loadBalancerSourceRanges: [],
      publishNotReadyAddresses: false,
      ...spec,
    },
    status: { loadBalancer: { ingress: [] } },
  };
}
