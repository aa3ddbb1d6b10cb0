import { zoomAt, type View } from './viewport';

/** What the mouse does to the picture. */
export interface Pointing {
  view(): View;
  move(view: View): void;
  click(event: Event): void;
}

/** Pixels that a hand may shake while it presses. */
const still = 4;

/** Drag pans, the wheel pans, with Ctrl or a pinch it zooms; a press that did not move is a click. */
export function followPointer(panel: HTMLElement, graph: SVGSVGElement, pointing: Pointing): void {
  followDrag(graph, pointing);
  followWheel(panel, pointing);
}

function followDrag(graph: SVGSVGElement, pointing: Pointing): void {
  let drag: { x: number; y: number; from: View; moved: boolean } | undefined;
  graph.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    drag = { x: event.clientX, y: event.clientY, from: pointing.view(), moved: false };
  });
  graph.addEventListener('pointermove', (event) => {
    if (!drag || event.buttons === 0) return;
    const dx = event.clientX - drag.x;
    const dy = event.clientY - drag.y;
    if (!drag.moved && Math.hypot(dx, dy) < still) return;
    if (!drag.moved) graph.setPointerCapture(event.pointerId);
    drag.moved = true;
    graph.classList.add('panning');
    pointing.move({ ...drag.from, x: drag.from.x + dx, y: drag.from.y + dy });
  });
  graph.addEventListener('pointerup', () => graph.classList.remove('panning'));
  graph.addEventListener('click', (event) => {
    if (!drag?.moved) pointing.click(event);
    drag = undefined;
  });
}

/** Over the panel: while a large graph is zoomed out its element is smaller. */
function followWheel(panel: HTMLElement, pointing: Pointing): void {
  panel.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const view = pointing.view();
      if (event.ctrlKey || event.metaKey) {
        const { left, top } = panel.getBoundingClientRect();
        const at = { x: event.clientX - left, y: event.clientY - top };
        pointing.move(zoomAt(view, Math.exp(-event.deltaY / 300), at));
      } else {
        const [dx, dy] = event.shiftKey ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
        pointing.move({ ...view, x: view.x - dx, y: view.y - dy });
      }
    },
    { passive: false },
  );
}
