import type { Point, Size } from '../layout/placed';

export interface Box extends Size, Point {}

/** Where the card goes, in pixels of the window; it scrolls where it is higher than `maxHeight`. */
export interface CardPlace {
  readonly left: number;
  readonly top: number;
  readonly maxHeight: number;
}

/** Between the card and what it is of, and the window's border. */
const gap = 6;
const margin = 8;

/**
 * Beside `anchor`, never over it: below, else above, right or left of it where the whole card fits,
 * else where most of its height does.
 */
export function placeCard(anchor: Box, card: Size, window: Size): CardPlace {
  const below = window.height - margin - (anchor.y + anchor.height + gap);
  const above = anchor.y - gap - margin;
  const beside = window.height - 2 * margin;
  const left = clamp(anchor.x, window.width - margin - card.width);
  const top = clamp(anchor.y, window.height - margin - card.height);
  const under = { left, top: anchor.y + anchor.height + gap, maxHeight: below };
  const over = {
    left,
    top: anchor.y - gap - Math.min(card.height, above),
    maxHeight: above,
  };
  if (card.height <= below) return under;
  if (card.height <= above) return over;
  if (card.height <= beside) {
    const right = anchor.x + anchor.width + gap;
    if (right + card.width + margin <= window.width) return { left: right, top, maxHeight: beside };
    const leftOf = anchor.x - gap - card.width;
    if (leftOf >= margin) return { left: leftOf, top, maxHeight: beside };
  }
  return below >= above ? under : over;
}

function clamp(at: number, most: number): number {
  return Math.max(margin, Math.min(at, most));
}
