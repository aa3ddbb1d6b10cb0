import {
  overviewColumns,
  type OverviewColumn,
  type OverviewLine,
} from '../src/core/flow/overview/line';
import { html } from './dom';

export interface RowEvents {
  open(node: string): void;
  fetch(node?: string): void;
  resume(): void;
}

export interface OverviewRowView {
  readonly element: HTMLTableRowElement;
  show(line: OverviewLine, canFetch: boolean): void;
  /** Says in which columns it is not like most others. */
  differs(columns: readonly OverviewColumn[]): void;
}

export const columnLabels: Readonly<Record<OverviewColumn | 'node', string>> = {
  node: 'Node',
  mode: 'Mode',
  endpoints: 'Endpoints',
  missing: 'Missing',
  stale: 'Stale',
  ends: 'Dropped or refused',
  captured: 'Captured',
};

/** One node's row. Native buttons: a thousand of the toolkit's would take seconds to make. */
export function createOverviewRow(node: string, on: RowEvents): OverviewRowView {
  const name = html('button', { class: 'link', title: `Show the flow graph of ${node}` }, node);
  name.addEventListener('click', () => on.open(node));
  const mark = html('span', { class: 'differs', hidden: true });
  const element = html('tr', { 'data-node': node }, html('th', { scope: 'row' }, name, mark));
  return {
    element,
    show(line, canFetch) {
      const focused = element.contains(document.activeElement);
      for (const cell of [...element.children].slice(1)) cell.remove();
      element.append(...cellsOf(line, canFetch, on));
      // The button that was pressed is gone.
      if (focused && !element.contains(document.activeElement)) name.focus();
      element.classList.toggle('faulty', (line.fault ?? '') !== '');
    },
    differs(columns) {
      const names = columns.map((column) => columnLabels[column].toLowerCase());
      const text = names.length === 0 ? '' : `differs: ${names.join(', ')}`;
      if (mark.textContent === text) return;
      mark.textContent = text;
      mark.hidden = text === '';
    },
  };
}

function cellsOf(line: OverviewLine, canFetch: boolean, on: RowEvents): HTMLElement[] {
  const { cells, node } = line;
  if (cells) {
    return overviewColumns.map((column) => {
      const { text, tone } = cells[column];
      return html('td', { class: tone, 'data-column': column }, text);
    });
  }
  const again = (text: string, act: () => void) => {
    const button = html('button', { class: 'action', 'aria-label': `${text} ${node}` }, text);
    button.addEventListener('click', act);
    return button;
  };
  const fetch = () => again('Fetch', () => on.fetch(node));
  const parts: Readonly<Record<Exclude<OverviewLine['state'], 'read'>, (Node | string)[]>> = {
    waiting: ['waiting'],
    fetching: ['fetching'],
    'not-fetched': ['not fetched ', ...(canFetch ? [fetch()] : [])],
    failed: [
      `failed: ${line.reason ?? ''} `,
      canFetch ? fetch() : again('Try Again', () => on.resume()),
    ],
  };
  const tone = line.state === 'failed' ? 'bad' : 'unknown';
  const words = line.state === 'read' ? [] : parts[line.state];
  return [html('td', { class: tone, colspan: overviewColumns.length }, ...words)];
}
