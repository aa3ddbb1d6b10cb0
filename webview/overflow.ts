import * as l10n from '@vscode/l10n';
import { control, html } from './dom';

export interface Overflow {
  /** What is shown in the toolbar changed. */
  fit(): void;
}

/**
 * Keeps a toolbar in one row: what has no room in it stands behind a button `…`.
 *
 * @param fixed Stays in the row.
 * @param movable The first stay the longest.
 */
export function createOverflow(
  panel: HTMLElement,
  fixed: readonly HTMLElement[],
  movable: readonly HTMLElement[],
): Overflow {
  const menu = html('div', { class: 'more-actions', id: 'more-actions', hidden: true });
  const more = control(
    'vscode-button',
    {
      class: 'more',
      appearance: 'secondary',
      title: l10n.t('More actions'),
      'aria-label': l10n.t('More actions'),
      'aria-expanded': 'false',
      'aria-controls': 'more-actions',
    },
    '\u2026',
  );
  const space = html('span', { class: 'space' });
  panel.append(...fixed, space, ...movable, more, menu);

  const open = (opened: boolean) => {
    menu.hidden = !opened;
    more.setAttribute('aria-expanded', String(opened));
  };
  more.addEventListener('click', () => open(menu.hasAttribute('hidden')));
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || menu.hidden) return;
    open(false);
    more.focus();
    event.stopPropagation();
  });
  document.addEventListener('pointerdown', ({ target }) => {
    if (!menu.contains(target as Node) && !more.contains(target as Node)) open(false);
  });

  const fit = () => {
    const focused = document.activeElement;
    for (const item of movable) panel.insertBefore(item, more);
    const shown = movable.filter((item) => !item.hasAttribute('hidden'));
    more.hidden = true;
    const isTooWide = () => panel.scrollWidth > panel.clientWidth;
    if (isTooWide()) more.hidden = false;
    const moved: HTMLElement[] = [];
    while (isTooWide() && shown.length > 0) {
      const last = shown.pop()!;
      moved.unshift(last);
      menu.prepend(last);
    }
    if (moved.length === 0) open(false);
    if (
      focused instanceof HTMLElement &&
      panel.contains(focused) &&
      focused !== document.activeElement
    ) {
      focused.focus();
    }
  };
  new ResizeObserver(fit).observe(panel);
  return { fit };
}
