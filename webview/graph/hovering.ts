import type { Box } from './cardPlace';

/** How long the mouse rests before a card opens, and may be away before it closes, in ms. */
const opensAfter = 350;
const closesAfter = 250;

export interface Hovered {
  readonly kind: 'node' | 'edge';
  readonly id: string;
  readonly element: Element;
  /** What must not be covered, in pixels of the window. */
  readonly anchor: Box;
}

export interface HoverEvents {
  open(item: Hovered): void;
  close(): void;
}

/**
 * Watches the mouse and the keyboard's focus over the nodes and edges in `graph`. The card may be
 * entered with the mouse: it stays while the mouse is over it (WCAG 1.4.13).
 */
export function followHover(graph: Element, card: Element, on: HoverEvents): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let open: Element | undefined;
  const later = (milliseconds: number, act: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(act, milliseconds);
  };
  const close = () => {
    clearTimeout(timer);
    open = undefined;
    on.close();
  };
  const show = (element: SVGElement, pointer: PointerEvent | undefined) => {
    const { node, edge } = element.dataset;
    const id = node ?? edge;
    if (id === undefined || !element.isConnected) return;
    open = element;
    const anchor = anchorOf(element, pointer);
    on.open({ kind: node === undefined ? 'edge' : 'node', id, element, anchor });
  };

  graph.addEventListener('pointerover', (event) => {
    const pointer = event as PointerEvent;
    const element = itemAt(pointer.target);
    if (!element || pointer.buttons !== 0) return;
    if (element === open) clearTimeout(timer);
    else later(opensAfter, () => show(element, last ?? pointer));
  });
  let last: PointerEvent | undefined;
  graph.addEventListener('pointermove', (event) => {
    last = event as PointerEvent;
  });
  graph.addEventListener('pointerout', (event) => {
    const to = (event as PointerEvent).relatedTarget;
    if (itemAt(to) !== itemAt(event.target)) later(closesAfter, close);
  });
  card.addEventListener('pointerenter', () => clearTimeout(timer));
  card.addEventListener('pointerleave', () => later(closesAfter, close));
  for (const type of ['pointerdown', 'wheel']) {
    graph.addEventListener(type, close, { passive: true });
  }

  // The panel shrinks: the card would stand over another item, or outside.
  window.addEventListener('resize', close);

  graph.addEventListener('focusin', ({ target }) => {
    const element = itemAt(target);
    // A click gives the focus too: the mouse's own hover is enough then.
    if (element?.matches(':focus-visible')) later(0, () => show(element, undefined));
  });
  graph.addEventListener('focusout', () => later(0, close));
}

function itemAt(target: EventTarget | null): SVGElement | undefined {
  if (!(target instanceof Element)) return undefined;
  return target.closest<SVGElement>('[data-node], [data-edge]') ?? undefined;
}

/** The item itself; of an edge, and of what fills the window, the place of the mouse. */
function anchorOf(element: SVGElement, pointer: PointerEvent | undefined): Box {
  const { x, y, width, height } = element.getBoundingClientRect();
  const large = height > innerHeight / 2;
  if (element.dataset.node !== undefined && !large) return { x, y, width, height };
  const at = pointer
    ? { x: pointer.clientX, y: pointer.clientY }
    : { x: x + width / 2, y: y + Math.min(height, innerHeight) / 2 };
  const around = 12;
  return { x: at.x - around, y: at.y - around, width: 2 * around, height: 2 * around };
}
