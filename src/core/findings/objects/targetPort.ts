import * as l10n from '@vscode/l10n';
import { isProxied } from '../../kubeproxy/proxied';
import { noEndpointOf } from '../../objects/noEndpoint';
import type { Check } from '../check';

/** A `targetPort` that names no port of the Pods: the EndpointSlice then has addresses and no port. */
export const targetPortUnknown: Check = {
  code: 'target-port-names-no-port',
  severity: 'information',
  title: l10n.t("a Service's targetPort names no port of its Pods"),
  *find({ objects, programmed: { ports } }) {
    const at = ports[0]?.service.range;
    for (const service of objects?.services ?? []) {
      const { metadata, spec, range = at } = service;
      if (!isProxied(service) || !range) continue;
      yield undefined;
      const slices = objects!.slicesOf(metadata.namespace, metadata.name);
      for (const port of spec.ports) {
        const why = noEndpointOf(service, slices, port);
        if (why?.kind !== 'port-unresolved') continue;
        yield {
          message: l10n.t`Service ${metadata.namespace}/${metadata.name}: targetPort ${why.targetPort} names no port of its Pods, so that port ${port.port} has no endpoint although the Pods are there.`,
          range,
          service: `${metadata.namespace}/${metadata.name}`,
        };
      }
    }
  },
};
