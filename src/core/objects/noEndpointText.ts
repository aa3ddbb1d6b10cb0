import type { NoEndpoint } from './noEndpoint';

/** Each surface gives its own. */
export interface L10n {
  t(message: string, ...parts: (string | number)[]): string;
}

/** `its selector matches no Pod`, to follow a colon. */
export function noEndpointText(why: NoEndpoint, l10n: L10n): string {
  switch (why.kind) {
    case 'none':
      return l10n.t('no endpoints');
    case 'selects-nothing':
      return l10n.t('its selector matches no Pod');
    case 'no-selector':
      return l10n.t('it has no selector and no EndpointSlice with addresses');
    case 'none-ready':
      return why.count === 1
        ? l10n.t('its only endpoint is not ready')
        : l10n.t('none of its {0} endpoints is ready', why.count);
    case 'port-unresolved':
      return l10n.t('no endpoint has a port named {0} (its targetPort)', why.targetPort);
    case 'port-missing':
      return l10n.t('no endpoint has the port {0}', why.port);
    case 'none-local':
      return l10n.t('{0} is Local, and no ready endpoint is on this node', why.policy);
  }
}
