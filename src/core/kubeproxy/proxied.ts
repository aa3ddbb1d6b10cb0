import type { ServiceObject } from '../objects/types';

/**
 * Whether kube-proxy programs it: not headless or ExternalName Services, nor those labelled for
 * another proxy (pkg/proxy/util, ShouldSkipService and the informers' label selector).
 */
export function isProxied({ spec, metadata }: ServiceObject): boolean {
  const forAnother =
    'service.kubernetes.io/service-proxy-name' in metadata.labels ||
    'service.kubernetes.io/headless' in metadata.labels;
  const hasAddress = spec.type !== 'ExternalName' && spec.clusterIP !== 'None';
  return hasAddress && !forAnother && spec.ports.length > 0;
}
