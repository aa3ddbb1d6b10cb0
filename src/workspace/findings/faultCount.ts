import type { L10n } from '../../core/objects/noEndpointText';

/** `1 finding`, `3 findings`. */
export function faultCount({ l10n }: { readonly l10n: L10n }, count: number): string {
  return count === 1 ? l10n.t('1 finding') : l10n.t('{0} findings', count);
}
