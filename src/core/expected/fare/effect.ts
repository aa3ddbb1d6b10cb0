import * as l10n from '@vscode/l10n';
import type { FareDifference, FareSide } from './compareFares';

/** What a difference means for whoever sends such packets, the worst first: in this order they are told. */
export const fareEffects = ['lost', 'partly', 'elsewhere', 'gained', 'unserved'] as const;

export type FareEffect = (typeof fareEffects)[number];

/** Judged by whether an endpoint answers: on all ways of the packet, on some, or on none. */
export function effectOf({ left, right }: Pick<FareDifference, 'left' | 'right'>): FareEffect {
  const [before, after] = [reach(left), reach(right)];
  if (after < before) return after === 0 ? 'lost' : 'partly';
  if (after > before) return 'gained';
  return after === 0 ? 'unserved' : 'elsewhere';
}

/** 0 where no way leads to an endpoint, 1 where some do, 2 where all do. */
function reach({ fares }: FareSide): 0 | 1 | 2 {
  const served = fares.filter(({ hears }) => hears === 'endpoint').length;
  if (served === 0) return 0;
  return served === fares.length ? 2 : 1;
}

/** A heading: `No longer answered by an endpoint`. */
export function effectTitle(effect: FareEffect): string {
  switch (effect) {
    case 'lost':
      return l10n.t('No longer answered by an endpoint');
    case 'partly':
      return l10n.t('Not always answered by an endpoint any more');
    case 'elsewhere':
      return l10n.t('Answered by other endpoints, or from another source');
    case 'gained':
      return l10n.t('Now answered by an endpoint');
    case 'unserved':
      return l10n.t('Answered by no endpoint before or after, but differently');
  }
}
