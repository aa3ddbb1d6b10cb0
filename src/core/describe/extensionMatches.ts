import * as l10n from '@vscode/l10n';
import type { ExtensionMatch } from '../rules/extensionMatch';
import { list } from '../list';

/** What a match of IPv6's extension headers asks for: parts that are joined by "and". */
export function extensionInWords(match: ExtensionMatch): string[] {
  switch (match.kind) {
    case 'ipv6header': {
      const which = match.soft ? l10n.t('among others the headers') : l10n.t('exactly the headers');
      return [
        `${match.negated ? l10n.t('does not have') : l10n.t('has')} ${which} ${list(match.headers, 'row')}`,
      ];
    }
    case 'frag':
      return [l10n.t`has a fragment header${asked(match.text)}`];
    case 'rt':
      return [l10n.t`has a routing header${asked(match.text)}`];
    case 'hbh':
      return [l10n.t`has a hop-by-hop header${asked(match.text)}`];
    case 'dst':
      return [l10n.t`has a destination options header${asked(match.text)}`];
    case 'ah':
      return [l10n.t`has an authentication header${asked(match.text)}`];
    case 'esp':
      return [l10n.t`is encrypted (ESP)${asked(match.text)}`];
    case 'mh':
      return [l10n.t`is a Mobile IPv6 message${asked(match.text)}`];
    case 'eui64':
      return [l10n.t('has a source that is made of the MAC address of its frame (EUI-64)')];
  }
}

function asked(text: string): string {
  return text === '' ? '' : l10n.t` with ${text}`;
}
