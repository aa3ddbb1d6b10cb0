import * as l10n from '@vscode/l10n';
import type { MissingPart } from './node';

/** What a part of a node's state is called in the user's language. */
export function partName(part: MissingPart['part']): string {
  return names[part];
}

const names: Readonly<Record<MissingPart['part'], string>> = {
  'IPv4 rules': l10n.t('IPv4 rules'),
  'IPv6 rules': l10n.t('IPv6 rules'),
  sets: l10n.t('sets'),
  interfaces: l10n.t('interfaces'),
  routes: l10n.t('routes'),
  'routing rules': l10n.t('routing rules'),
  'other nodes': l10n.t('other nodes'),
  IPVS: 'IPVS',
  sysctls: 'sysctls',
};
