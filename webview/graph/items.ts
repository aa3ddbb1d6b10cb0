import { isArrow, walk, type Spot, type Walkable } from './walk';

/** The node or edge that an element is a part of. */
export function spotOf(element: Element): Spot | undefined {
  const { node, edge } = element.closest<SVGElement>('[data-node], [data-edge]')?.dataset ?? {};
  if (node !== undefined) return { kind: 'node', id: node };
  return edge === undefined ? undefined : { kind: 'edge', id: edge };
}

export function elementsOf(graph: SVGSVGElement, id: string): NodeListOf<SVGGElement> {
  return graph.querySelectorAll<SVGGElement>(
    `[data-node="${CSS.escape(id)}"], [data-edge="${CSS.escape(id)}"]`,
  );
}

/** Gives an item the one place in the order of the Tab key that the graph has. */
export function focusItem(graph: SVGSVGElement, id: string): void {
  const [target] = elementsOf(graph, id);
  for (const other of graph.querySelectorAll('[tabindex="0"]')) {
    other.setAttribute('tabindex', '-1');
  }
  target?.setAttribute('tabindex', '0');
  target?.focus({ preventScroll: true });
}

export interface Keys {
  /** What is walked over; undefined before the first graph. */
  graph(): Walkable | undefined;
  press(spot: Spot): void;
  walked(to: Spot): void;
}

/** Enter and blank press an item, arrows walk from one to the next. */
export function followKeys(element: SVGSVGElement, keys: Keys): void {
  element.addEventListener('keydown', (event) => {
    const from = spotOf(event.target as Element);
    const graph = keys.graph();
    if (!from || !graph) return;
    const { key } = event;
    if (key === 'Enter' || key === ' ') {
      keys.press(from);
    } else if (isArrow(key)) {
      const next = walk(graph, from, key, event.shiftKey);
      if (next) keys.walked(next);
    } else {
      return;
    }
    event.preventDefault();
  });
}
