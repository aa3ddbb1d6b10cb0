/*
 * Elements by DOM calls only: whatever a dump says becomes a text node or an attribute's value,
 * never markup.
 */

type Child = Node | string;
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** An HTML element; an attribute that is undefined or false is left out, true is an empty one. */
export function html<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

/** A custom element of the toolkit. */
export function control(
  tag: `vscode-${string}`,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElement {
  return fill(document.createElement(tag), attributes, children);
}

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  return fill(element, attributes, children);
}

/**
 * In the part of an item that takes the mouse: the title of the item names it for a screen reader
 * and in the exported file, and must not become a tooltip over the hover card.
 */
export function noTooltip(): SVGTitleElement {
  return svg('title');
}

function fill<E extends Element>(
  element: E,
  attributes: Attributes,
  children: readonly Child[],
): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(...children);
  return element;
}
