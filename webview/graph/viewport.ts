import type { Point, Size } from '../layout/placed';

type Placed = Size & Point;

/** What part of the graph is seen: the graph's origin lies at (x, y) of the panel, in pixels. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** Kept free around what is shown, in pixels. */
export const margin = 16;
const smallest = 0.1;
const largest = 4;
/** Below this the text can't be read: a first look then shows the start of the graph instead, */
export const readable = 0.6;
/** at this scale. */
const comfortable = 0.8;

/** All of the graph, in the middle. */
export function fit(graph: Size, panel: Size): View {
  const scale = clamp(Math.min(panel.width / graph.width, panel.height / graph.height, 1.25));
  return {
    scale,
    x: (panel.width - graph.width * scale) / 2,
    y: (panel.height - graph.height * scale) / 2,
  };
}

/**
 * All of the graph where it can be read then, else its left part, large enough to read.
 *
 * @param start Who asks: as much of it as there is room for is seen, its top before all.
 * @param end What must be seen in any case: an endpoint.
 */
export function firstLook(graph: Size, panel: Size, start: Placed, end?: Placed): View {
  const whole = fit(graph, panel);
  if (whole.scale >= readable) return whole;
  const look = lookAtStart(graph, panel, start, end ? scaleFor(graph, panel, end) : comfortable);
  return end ? reveal(look, end, panel) : look;
}

/**
 * Small, so that start and end are seen together. An end that is higher than the panel, as an opened
 * group is, can't be: it is read from its top, as large as the width allows.
 */
function scaleFor(graph: Size, panel: Size, end: Size): number {
  if (end.height * readable <= panel.height) return readable;
  return Math.max(readable, Math.min(1, panel.width / graph.width));
}

function lookAtStart(graph: Size, panel: Size, start: Placed, scale: number): View {
  const x = Math.max(0, (panel.width - graph.width * scale) / 2);
  const spare = panel.height - graph.height * scale;
  if (spare >= 0) return { scale, x, y: spare / 2 };
  const room = panel.height - 2 * margin;
  if (start.height * scale > room) return { scale, x, y: margin - start.y * scale };
  const centred = panel.height / 2 - (start.y + start.height / 2) * scale;
  return { scale, x, y: Math.min(0, Math.max(spare, centred)) };
}

/** Zooms about a point of the panel, which keeps its place. */
export function zoomAt(view: View, factor: number, at: { x: number; y: number }): View {
  const scale = clamp(view.scale * factor);
  const ratio = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio };
}

/** Moves so little that the box, in the graph's coordinates, is seen; the view itself if it is. */
export function reveal(view: View, box: Placed, panel: Size): View {
  const shift = (start: number, length: number, room: number) => {
    if (start < margin || length > room) return margin - start;
    return Math.min(0, room - margin - (start + length));
  };
  const { scale } = view;
  const dx = shift(view.x + box.x * scale, box.width * scale, panel.width);
  const dy = shift(view.y + box.y * scale, box.height * scale, panel.height);
  return dx === 0 && dy === 0 ? view : { scale, x: view.x + dx, y: view.y + dy };
}

function clamp(scale: number): number {
  return Math.min(largest, Math.max(smallest, scale));
}
