import { svg } from '../dom';
import type { Measure } from './nodeBox';

/** Measures as the page draws: with the user's fonts. */
export const measureText: Measure = {
  label: (text) => widthOf('label', text),
  words: (text) => widthOf('words', text),
  detail: (text) => widthOf('detail', text),
  badge: (text) => widthOf('badge', text),
};

const contexts = new Map<string, CanvasRenderingContext2D>();

function widthOf(style: keyof Measure, text: string): number {
  let context = contexts.get(style);
  if (!context) {
    context = document.createElement('canvas').getContext('2d')!;
    context.font = fontOf(style);
    context.textRendering = 'geometricPrecision'; // As the style sheet says: no hinted widths.
    contexts.set(style, context);
  }
  return context.measureText(text).width;
}

/** The font that the style sheet gives such a text. */
function fontOf(style: keyof Measure): string {
  const probe = svg('text', { class: style }, 'x');
  const host = svg(
    'svg',
    { class: 'graph', width: 0, height: 0 },
    svg('g', { class: 'node' }, probe),
  );
  document.body.append(host);
  const { fontWeight, fontSize, fontFamily } = getComputedStyle(probe);
  host.remove();
  return `${fontWeight} ${fontSize} ${fontFamily}`;
}
