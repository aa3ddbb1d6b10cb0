/** What runs in the page, hence JavaScript without imports. */

/**
 * Measures the first visible place of a text in the editors, which render spaces as U+00A0 and
 * split a line into tokens.
 *
 * @param {string} text
 * @returns {{ x: number, y: number, width: number, height: number } | undefined} in CSS pixels.
 */
export function textBox(text) {
  for (const line of document.querySelectorAll('.monaco-editor .view-line')) {
    const at = (line.textContent ?? '').replaceAll('\u00a0', ' ').indexOf(text);
    if (at < 0) {
      continue;
    }
    const range = document.createRange();
    const nodes = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    let before = 0;
    for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
      const length = node.textContent.length;
      if (at >= before && at < before + length) {
        range.setStart(node, at - before);
      }
      const end = at + text.length - before;
      if (end > 0 && end <= length) {
        range.setEnd(node, end);
      }
      before += length;
    }
    const { x, y, width, height } = range.getBoundingClientRect();
    const seen = document.elementFromPoint(x + width / 2, y + height / 2);
    if (width > 0 && seen?.closest('.view-line')) {
      return { x, y, width, height };
    }
  }
  return undefined;
}

/** Waits until the page has rendered twice. */
export function nextFrames() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(undefined)));
  });
}

/**
 * How many colours a line is written in.
 *
 * @param {Element} line
 */
export function colours(line) {
  const tokens = [...line.querySelectorAll('span[class*=mtk]')];
  return new Set(tokens.map((token) => getComputedStyle(token).color)).size;
}

/**
 * What a flow graph's picture says: its nodes with their texts, and its edges with their labels.
 *
 * @param {SVGSVGElement} graph
 */
export function pictureOf(graph) {
  const textsOf = (item, which) =>
    [...item.querySelectorAll(which)].map((text) => text.textContent);
  const kindOf = ({ classList }) =>
    [...classList].filter((name) => !['node', 'lit', 'dim', 'changed'].includes(name)).join(' ');
  const nodes = [...graph.querySelectorAll('.node')].map((node) => ({
    id: node.dataset.node,
    kind: kindOf(node),
    texts: textsOf(node, ':scope > text'),
    badges: textsOf(node, '.badge text'),
    bright: !node.classList.contains('dim'),
  }));
  const labels = new Map(
    [...graph.querySelectorAll('.edge-label')].map((label) => [
      label.dataset.edge,
      label.textContent,
    ]),
  );
  const edges = [...graph.querySelectorAll('.edge')].map((edge) => ({
    id: edge.dataset.edge,
    label: labels.get(edge.dataset.edge),
    bad: edge.classList.contains('bad'),
    unknown: edge.classList.contains('unknown'),
  }));
  return { nodes, edges };
}

/**
 * How a graph's texts, and the ring of its focused node, stand out from what is painted behind them:
 * WCAG 2.1 asks for 4.5 to 1 (1.4.3, small text) and 3 to 1 (1.4.11). What a selection dims is left
 * out.
 *
 * @param {SVGSVGElement} graph
 * @returns {{ faint: string[], ring?: { width: number, contrast: number } }} `faint`: texts with
 *   less, as `text: ratio`.
 */
export function contrastsOf(graph) {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  /** Any CSS colour as red, green, blue and opacity, each 0 to 1. */
  const read = (colour, opacity = 1) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = [...context.getImageData(0, 0, 1, 1).data].map((value) => value / 255);
    return [r, g, b, a * opacity];
  };
  const over = ([r, g, b, a], ground) =>
    [r, g, b].map((value, i) => value * a + ground[i] * (1 - a));
  const luminance = (colour) => {
    const [r, g, b] = colour.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const fillOf = (element) => {
    let opacity = 1;
    for (let at = element; at instanceof SVGElement; at = at.parentElement) {
      opacity *= Number(getComputedStyle(at).opacity);
    }
    const { fill, fillOpacity } = getComputedStyle(element);
    return read(fill, opacity * Number(fillOpacity));
  };

  const page = over(read(getComputedStyle(document.body).backgroundColor), [1, 1, 1]);
  const texts = [...graph.querySelectorAll('text')].filter((text) => !text.closest('.dim'));
  const faint = texts.flatMap((text) => {
    const card = text.closest('.cell, .node')?.querySelector(':scope > .card');
    const pill = text.closest('.badge, .edge-label')?.querySelector('rect');
    let ground = page;
    for (const under of [card, pill]) if (under) ground = over(fillOf(under), ground);
    const ratio = contrast(over(fillOf(text), ground), ground);
    return ratio < 4.5 ? [`${text.textContent}: ${ratio.toFixed(2)}`] : [];
  });
  const focused = graph.querySelector('.node:focus-visible > .card');
  if (!focused) return { faint };
  const { stroke, strokeWidth } = getComputedStyle(focused);
  const ring = {
    width: parseFloat(strokeWidth),
    contrast: contrast(over(read(stroke), page), page),
  };
  return { faint, ring };
}

/** What has the focus in the flow panel: `node ID`, `entry TITLE`, or the element's name. */
export function focusedItem() {
  const at = document.activeElement;
  const { node, entry } = at?.dataset ?? {};
  if (node !== undefined) return `node ${node}`;
  return entry === undefined ? (at?.localName ?? '') : `entry ${entry}`;
}

/**
 * The texts of a picture with the colour that each is drawn in.
 *
 * @param {SVGElement} graph
 */
export function textColours(graph) {
  return [...graph.querySelectorAll('text')].map((text) => [
    text.textContent,
    getComputedStyle(text).fill,
  ]);
}

/**
 * Whether the middle of an element is in the window, with nothing over it.
 *
 * @param {Element} element
 */
export function isOnTop(element) {
  const { x, y, width, height } = element.getBoundingClientRect();
  const seen = document.elementFromPoint(x + width / 2, y + height / 2);
  return seen !== null && element.contains(seen) && x >= 0 && x + width <= innerWidth;
}
