import * as l10n from '@vscode/l10n';
import { html } from './dom';

/** The places of the page that both views share. */
export interface PageFrame {
  readonly header: HTMLElement;
  readonly warnings: HTMLElement;
  readonly tools: HTMLElement;
  readonly legend: HTMLElement;
  /** Whether counters are read every few seconds, or why no longer. */
  readonly live: HTMLElement;
  readonly picture: HTMLElement;
  readonly side: HTMLElement;
  /** What the graph takes; the table of all nodes comes after it. */
  readonly content: HTMLElement;
  /** Shows a message in the view's place, or the view again. */
  say(element: HTMLElement | undefined): void;
}

/** Puts the page together. */
export function createFrame(): PageFrame {
  const header = html('h1', {});
  const warnings = html('ul', { class: 'warnings', 'aria-label': l10n.t('Warnings') });
  const tools = html('div', {
    class: 'toolbar',
    role: 'toolbar',
    'aria-label': l10n.t('Flow graph'),
  });
  const legend = html('div', { class: 'legend', role: 'note', hidden: true });
  const live = html('div', { class: 'live-status', role: 'status' });
  const picture = html('div', { class: 'picture' });
  const side = html('aside', { class: 'side', 'aria-label': l10n.t('Steps') });
  const content = html('div', { class: 'content' }, picture, side);
  const message = html('div', { class: 'message' });
  const summary = html('div', { class: 'summary' }, header, warnings);
  document.body.append(
    html('main', {}, html('header', {}, summary, tools, legend, live), content, message),
  );
  return {
    header,
    warnings,
    tools,
    legend,
    live,
    picture,
    side,
    content,
    say(element) {
      message.replaceChildren(...(element ? [element] : []));
      document.body.classList.toggle('empty', element !== undefined);
    },
  };
}
