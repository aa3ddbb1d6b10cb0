import * as l10n from '@vscode/l10n';
import type { ItemDetails, RuleDetails } from '../../src/core/flow/details';
import { placeCard, type Box } from './cardPlace';
import { html } from '../dom';

/** What is known of an item before its rules are asked for. */
export interface CardItem {
  /** Same for the same item of the same graph. */
  readonly key: string;
  readonly title: string;
  readonly lines: readonly string[];
}

export interface HoverCard {
  /**
   * Shows the card beside a box of the window.
   *
   * @param target What the card describes, for a screen reader.
   */
  show(item: CardItem, target: Element, anchor: Box): void;
  /** The rules of the item, which stay known until `forget`. */
  details(key: string, details: ItemDetails): void;
  /** The graph changed: no card is true any more. */
  forget(): void;
  /** @returns false when none was shown. */
  hide(): boolean;
  readonly element: HTMLElement;
}

const id = 'hover-card';

/** @param ask Called once for each item, until `forget`. */
export function createHoverCard(ask: (key: string) => void): HoverCard {
  const element = html('div', { id, class: 'hover-card', role: 'tooltip', hidden: true });
  const known = new Map<string, ItemDetails>();
  const asked = new Set<string>();
  let shown: { item: CardItem; target: Element; anchor: Box } | undefined;

  const draw = () => {
    if (!shown) return;
    const { item, anchor } = shown;
    const details = known.get(item.key);
    element.replaceChildren(
      html('div', { class: 'title' }, item.title),
      ...item.lines.map((line) => html('div', { class: 'line' }, line)),
      ...(details ? detailElements(details) : []),
    );
    element.hidden = false;
    element.style.maxHeight = '';
    const { width, height } = element.getBoundingClientRect();
    const room = { width: document.documentElement.clientWidth, height: innerHeight };
    const { left, top, maxHeight } = placeCard(anchor, { width, height }, room);
    Object.assign(element.style, {
      left: `${left}px`,
      top: `${top}px`,
      maxHeight: `${maxHeight}px`,
    });
  };

  const hide = () => {
    if (!shown) return false;
    shown.target.removeAttribute('aria-describedby');
    shown = undefined;
    element.hidden = true;
    return true;
  };

  return {
    element,
    hide,
    show(item, target, anchor) {
      if (shown?.target !== target) hide();
      shown = { item, target, anchor };
      target.setAttribute('aria-describedby', id);
      draw();
      if (asked.has(item.key)) return;
      asked.add(item.key);
      ask(item.key);
    },
    details(key, details) {
      known.set(key, details);
      if (shown?.item.key === key) draw();
    },
    forget() {
      known.clear();
      asked.clear();
      hide();
    },
  };
}

function detailElements({ rules, more }: ItemDetails): HTMLElement[] {
  const elements = rules.map(ruleElement);
  if (more > 0) {
    const text =
      more === 1
        ? l10n.t('and 1 more rule')
        : l10n.t('and {0} more rules', more.toLocaleString('en'));
    elements.push(html('div', { class: 'line' }, text));
  }
  return elements;
}

function ruleElement({ place, text, sentence, counters, rate }: RuleDetails): HTMLElement {
  return html(
    'div',
    { class: 'rule' },
    html('div', { class: 'place' }, place),
    ...(text ? [html('code', {}, text)] : []),
    ...(sentence ? [html('div', {}, sentence)] : []),
    ...(counters ? [html('div', { class: 'line' }, counters)] : []),
    ...(rate ? [html('div', { class: 'line' }, rate)] : []),
  );
}
