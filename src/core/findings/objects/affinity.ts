import * as l10n from '@vscode/l10n';
import { serviceName } from '../../kubeproxy/serviceId';
import type { Check } from '../check';

/** `timeoutSeconds` of ClientIP affinity (kubernetes#35677): 10800 where it is not set. */
export const affinityDiffers: Check = {
  code: 'affinity-differs',
  severity: 'warning',
  title: l10n.t("session affinity is not the Service's"),
  modes: ['iptables', 'ipvs', 'nftables'],
  certainty: 'certain',
  *find({ objects, programmed: { ports } }) {
    for (const { service } of ports) {
      yield undefined;
      const { servicePort } = service;
      const object = servicePort && objects?.service(servicePort.namespace, servicePort.name);
      if (!object || (yield* service.readEndpoints()).length === 0) continue;
      const { sessionAffinity, sessionAffinityTimeout = 10800 } = object.spec;
      const wanted = sessionAffinity === 'ClientIP' ? sessionAffinityTimeout : undefined;
      if (service.affinity === wanted) continue;
      // A chain that is not there, or of which only a part is, shows no affinity.
      if (service.mode !== 'ipvs' && service.chains.length === 0) continue;
      yield {
        message: l10n.t`${service.title}: the rules keep a client at its endpoint for ${inWords(service.affinity)}, the Service asks for ${inWords(wanted)}.`,
        range: service.range,
        service: serviceName(service),
        ...(object.range
          ? { related: [{ message: l10n.t('the Service'), range: object.range }] }
          : {}),
      };
    }
  },
};

function inWords(seconds: number | undefined): string {
  return seconds === undefined ? l10n.t('no time (no affinity)') : `${seconds} s`;
}
