import { svg } from './dom';
import { plainText } from '../src/core/plainText';
import type { Size } from './layout/placed';

/** What stands above and below an exported picture. */
export interface Caption {
  readonly title: string;
  readonly subtitle: string;
  readonly footer: string;
}

/** What of an element's computed style makes its picture; the theme's colours are in there. */
const painted = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'letter-spacing',
] as const;

const margin = 20;
const lineHeight = 18;

/**
 * The graph as an SVG file of its own: all of it at 100 %, the verdict above, its origin below, the present
 * theme's colours in place of its variables.
 */
export function standaloneSvg(graph: SVGSVGElement, caption: Caption): string {
  // How it looks without the mouse, the keyboard or the cursor in the dump.
  graph.classList.add('still');
  try {
    return drawStandalone(graph, caption);
  } finally {
    graph.classList.remove('still');
  }
}

function drawStandalone(graph: SVGSVGElement, caption: Caption): string {
  const scene = graph.querySelector<SVGGElement>('.scene')!;
  const { x, y, width, height } = scene.getBBox();
  const length = Math.max(60, Math.floor(width / 7));
  const bold = wrap(plainText(caption.title), length);
  const lines = [...bold, ...wrap(plainText(caption.subtitle), length)];
  const below = wrap(plainText(caption.footer), length);
  const top = lines.length * lineHeight + margin;
  const size = {
    width: Math.ceil(width + 2 * margin),
    height: Math.ceil(height + top + 2 * margin + below.length * lineHeight),
  };

  const copy = scene.cloneNode(true) as SVGGElement;
  paint(scene, copy);
  for (const unseen of copy.querySelectorAll('.hit, title:empty')) unseen.remove();
  copy.setAttribute('transform', `translate(${margin - x} ${top + margin - y})`);
  const { fontFamily, color } = getComputedStyle(document.body);
  const written = (line: string, y: number, bold: boolean) =>
    svg(
      'text',
      {
        x: margin,
        y,
        fill: color,
        'font-family': fontFamily,
        'font-size': 13,
        'font-weight': bold ? 600 : 400,
      },
      line,
    );
  const file = svg(
    'svg',
    { viewBox: `0 0 ${size.width} ${size.height}`, ...size },
    svg('title', {}, plainText(caption.title)),
    svg('rect', { ...size, fill: groundColour() }),
    ...lines.map((line, i) => written(line, margin + (i + 0.8) * lineHeight, i < bold.length)),
    copy,
    ...below.map((line, i) =>
      written(line, top + height + 2 * margin + (i + 0.2) * lineHeight, false),
    ),
  );
  for (const text of textsOf(file)) text.data = plainText(text.data);
  return `${new XMLSerializer().serializeToString(file)}\n`;
}

function textsOf(file: Element): Text[] {
  const found: Text[] = [];
  const walker = document.createTreeWalker(file, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) found.push(walker.currentNode as Text);
  return found;
}

function paint(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  for (const property of painted) {
    const value = style.getPropertyValue(property);
    if (value) to.setAttribute(property, value);
  }
  for (const name of ['class', 'role', 'tabindex', 'aria-label', 'aria-expanded']) {
    to.removeAttribute(name);
  }
  if (style.display === 'none') to.setAttribute('display', 'none');
  for (let i = 0; i < from.children.length; i++) paint(from.children[i]!, to.children[i]!);
}

/** The first ground that is not transparent, from the body outwards. */
function groundColour(): string {
  const colour = getComputedStyle(document.body).backgroundColor;
  return colour === 'rgba(0, 0, 0, 0)' ? 'Canvas' : colour;
}

function wrap(text: string, length: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < length) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}

/** The SVG file as a PNG in base64, at twice its size where that is no wider than tickets and chats show. */
export async function pngOf(file: string): Promise<string> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(file)}`;
  await image.decode();
  const { width, height } = fitCanvas({ width: image.width * 2, height: image.height * 2 });
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')!.drawImage(image, 0, 0, width, height);
  return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}

/** What tickets and chats show without scaling it. */
const widestPng = 1600;

/** Chromium draws no canvas with a side of more than 16,384 pixels. */
function fitCanvas({ width, height }: Size): Size {
  const shrink = Math.min(1, widestPng / width, 16_384 / height);
  return { width: Math.floor(width * shrink), height: Math.floor(height * shrink) };
}
