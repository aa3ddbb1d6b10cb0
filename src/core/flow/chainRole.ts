import { l10n } from '../l10n';
import type { ServiceChain } from './graph';

/** `Service default/whoami:http`. */
export function roleText({ kind, service }: ServiceChain): string {
  switch (kind) {
    case 'service':
      return l10n.t`Service ${service}`;
    case 'local':
      return l10n.t`Local endpoints of ${service}`;
    case 'external':
      return l10n.t`From outside to ${service}`;
    case 'firewall':
      return l10n.t`Source ranges of ${service}`;
  }
}
