/** What runs in the page, hence JavaScript without imports. */

/**
 * How long the page takes from a message, or a click, until it is painted, in milliseconds.
 *
 * @param {{ message?: unknown, click?: string }} cause `click`: a selector.
 * @returns {Promise<number>}
 */
export function paintOf({ message, click }) {
  return new Promise((resolve) => {
    const start = performance.now();
    const painted = () => {
      // The second frame begins when the first one is done.
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - start)));
    };
    if (message !== undefined) {
      // Behind the page's own listener, which draws at once.
      window.addEventListener('message', painted, { once: true });
      window.postMessage(message, '*');
    } else {
      const at = document.querySelector(click);
      at.dispatchEvent(new MouseEvent('click', { bubbles: true }));
      painted();
    }
  });
}

/**
 * The time between two frames while the graph is panned or zoomed in each of them, as percentiles
 * of 120 frames, in milliseconds.
 *
 * @param {string} how none, pan or zoom.
 * @returns {Promise<{ p50: number, p95: number }>}
 */
export function frames(how) {
  const graph = document.querySelector('.graph');
  const intervals = [];
  return new Promise((resolve) => {
    let last;
    const next = (now) => {
      if (last !== undefined) intervals.push(now - last);
      last = now;
      if (intervals.length === 120) {
        intervals.sort((a, b) => a - b);
        resolve({ p50: intervals[60], p95: intervals[114] });
        return;
      }
      // To and fro, so that the graph stays in view.
      const delta = Math.sin(intervals.length / 10) * 40;
      if (how !== 'none') {
        const wheel = { deltaX: delta, deltaY: delta, clientX: 400, clientY: 400, bubbles: true };
        graph.dispatchEvent(
          new WheelEvent('wheel', { ...wheel, ctrlKey: how === 'zoom', cancelable: true }),
        );
      }
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
}

/**
 * How long a page takes to paint an SVG of so many elements, half of them texts.
 *
 * @param {number} elements
 * @returns {Promise<number>} in milliseconds.
 */
export function plainSvg(elements) {
  document.body.replaceChildren();
  return new Promise((resolve) => {
    const start = performance.now();
    const make = (tag) => document.createElementNS('http://www.w3.org/2000/svg', tag);
    const graph = make('svg');
    graph.setAttribute('width', '1280');
    graph.setAttribute('height', '800');
    for (let i = 0; i < elements; i++) {
      const item = make(i % 2 ? 'text' : 'rect');
      item.setAttribute('x', String((i * 7) % 1280));
      item.setAttribute('y', String((i * 11) % 800));
      if (i % 2) item.textContent = `10.244.0.${i}`;
      else for (const side of ['width', 'height']) item.setAttribute(side, '5');
      graph.append(item);
    }
    document.body.append(graph);
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - start)));
  });
}
