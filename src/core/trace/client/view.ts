import { l10n } from '../../l10n';
import type { ClientView } from '../trace';

/** What the client sees, in a word or two. */
export function seesText(sees: ClientView['sees']): string {
  switch (sees) {
    case 'refused':
      return l10n.t`refused`;
    case 'unreachable':
      return l10n.t`unreachable`;
    case 'silence':
      return l10n.t`silence`;
    case 'unknown':
      return l10n.t`unknown`;
  }
}
