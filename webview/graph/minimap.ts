import { svg } from '../dom';
import type { Layout, Size } from '../layout/placed';
import type { View } from './viewport';

const room: Size = { width: 180, height: 110 };

export interface Minimap {
  readonly element: SVGSVGElement;
  show(view: View, panel: Size): void;
}

/** A small picture of the whole graph; pressing in it calls `goTo` with that point of the graph. */
export function drawMinimap(layout: Layout, goTo: (x: number, y: number) => void): Minimap {
  const scale = Math.min(room.width / layout.width, room.height / layout.height);
  const frame = svg('rect', { class: 'frame' });
  const element = svg(
    'svg',
    {
      class: 'minimap',
      width: layout.width * scale,
      height: layout.height * scale,
      viewBox: `0 0 ${layout.width} ${layout.height}`,
      'aria-hidden': 'true',
    },
    ...layout.nodes.map(({ node, x, y, width, height }) =>
      svg('rect', { class: `spot ${node.kind}`, x, y, width, height }),
    ),
    frame,
  );
  const press = (event: PointerEvent) => {
    if (event.buttons !== 1) return;
    const { left, top } = element.getBoundingClientRect();
    goTo((event.clientX - left) / scale, (event.clientY - top) / scale);
  };
  element.addEventListener('pointerdown', (event) => {
    element.setPointerCapture(event.pointerId);
    press(event);
  });
  element.addEventListener('pointermove', press);
  return {
    element,
    show(view, panel) {
      frame.setAttribute('x', String(-view.x / view.scale));
      frame.setAttribute('y', String(-view.y / view.scale));
      frame.setAttribute('width', String(panel.width / view.scale));
      frame.setAttribute('height', String(panel.height / view.scale));
    },
  };
}
