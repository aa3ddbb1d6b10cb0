import type { Choice } from '../src/flow/protocol';
import { control, html } from './dom';

/** What stands in the place of the graph when there is none: why, and what to do next. */
export function drawProblem(
  title: string,
  detail: string,
  actions: readonly Choice[],
  act: (id: string) => void,
): HTMLElement {
  const buttons = actions.map(({ id, label }, i) => {
    const appearance = i === 0 ? 'primary' : 'secondary';
    const button = control('vscode-button', { appearance }, label);
    button.addEventListener('click', () => act(id));
    return button;
  });
  return html(
    'div',
    { class: 'problem', role: 'alert' },
    html('h2', {}, title),
    html('p', {}, detail),
    html('div', { class: 'buttons' }, ...buttons),
  );
}
