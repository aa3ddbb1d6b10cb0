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
  const textsOf = (item, which) => [...item.querySelectorAll(which)].map((text) => text.textContent);
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
