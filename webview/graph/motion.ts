import type { View } from './viewport';

/** From how many elements on the browser can't draw the graph anew in each frame. */
const many = 1500;
/** Milliseconds without a movement, after which the graph is drawn sharp again. */
const restAfter = 150;

export interface Motion {
  /** Shows the view at once. */
  settle(view: View): void;
  /** Shows the view in the course of a pan or zoom. */
  move(view: View): void;
}

/**
 * Moves the graph. To change the scale inside an SVG lays out all of its texts; where there are many,
 * its picture is moved and scaled as it is until the hand rests.
 */
export function createMotion(graph: SVGSVGElement, scene: SVGGElement): Motion {
  let settled: View = { scale: 1, x: 0, y: 0 };
  let rest: ReturnType<typeof setTimeout> | undefined;
  const settle = (view: View) => {
    clearTimeout(rest);
    rest = undefined;
    settled = view;
    scene.setAttribute('transform', `translate(${view.x} ${view.y}) scale(${view.scale})`);
    graph.classList.remove('moving');
    graph.style.transform = '';
  };
  return {
    settle,
    move(view) {
      // Counted once for a movement.
      if (rest === undefined && scene.getElementsByTagName('*').length < many) return settle(view);
      clearTimeout(rest);
      rest = setTimeout(() => settle(view), restAfter);
      const scale = view.scale / settled.scale;
      const [x, y] = [view.x - settled.x * scale, view.y - settled.y * scale];
      graph.classList.add('moving');
      graph.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    },
  };
}
