import * as l10n from '@vscode/l10n';
import {
  overviewColumns,
  type OverviewColumn,
  type OverviewLine,
} from '../../src/core/flow/overview/line';
import { html } from '../dom';
import { list } from '../../src/core/list';

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

export const columnLabels = (): Readonly<Record<OverviewColumn | 'node', string>> => ({
  node: l10n.t('Node'),
  mode: l10n.t('Mode'),
  endpoints: l10n.t('Endpoints'),
  missing: l10n.t('Missing'),
  stale: l10n.t('Stale'),
  ends: l10n.t('Dropped or refused'),
  findings: l10n.t('Findings'),
  captured: l10n.t('Captured'),
});

/** One node's row. Native buttons: a thousand of the toolkit's would take seconds to make. */
export function createOverviewRow(node: string, on: RowEvents): OverviewRowView {
  const name = html(
    'button',
    { class: 'link', title: l10n.t('Show the flow graph of {0}', node) },
    node,
  );
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
      const names = columns.map((column) => columnLabels()[column].toLowerCase());
      const text = names.length === 0 ? '' : l10n.t('differs: {0}', list(names, 'row'));
      if (mark.textContent === text) return;
      mark.textContent = text;
      mark.hidden = text === '';
    },
  };
}

/** Columns that list what is wrong. */
export const faultColumns = ['missing', 'stale', 'ends', 'findings'] as const;

/** That there is nothing to list in one of them. */
export function isNone({ cells }: OverviewLine, column: OverviewColumn): boolean {
  const cell = cells?.[column];
  const lists = faultColumns.some((one) => one === column);
  return lists && cell !== undefined && cell.sort === 0 && cell.tone === undefined;
}

function cellsOf(line: OverviewLine, canFetch: boolean, on: RowEvents): HTMLElement[] {
  const { cells, node, partial } = line;
  const again = (text: string, act: () => void) => {
    const button = html('button', { class: 'action', 'aria-label': `${text}: ${node}` }, text);
    button.addEventListener('click', act);
    return button;
  };
  const fetch = () => again(l10n.t('Fetch'), () => on.fetch(node));
  if (cells) {
    const whole =
      partial === undefined
        ? []
        : [
            ' ',
            html('span', { class: 'unknown', title: partial }, l10n.t('not captured whole')),
            ' ',
            ...(canFetch ? [fetch()] : []),
          ];
    return overviewColumns.map((column) => {
      const { text, tone } = cells[column];
      const kind = tone ?? (isNone(line, column) ? 'none' : undefined);
      const more = column === 'captured' ? whole : [];
      const label = l10n.t('{0}: {1}', columnLabels()[column], '');
      return html('td', { class: kind, 'data-column': column, 'data-label': label }, text, ...more);
    });
  }
  const parts: Readonly<Record<Exclude<OverviewLine['state'], 'read'>, (Node | string)[]>> = {
    waiting: [l10n.t('waiting')],
    fetching: [l10n.t('fetching')],
    'not-fetched': [l10n.t('not fetched'), ' ', ...(canFetch ? [fetch()] : [])],
    failed: [
      l10n.t('failed: {0}', line.reason ?? ''),
      ' ',
      canFetch ? fetch() : again(l10n.t('Try Again'), () => on.resume()),
    ],
  };
  const tone = line.state === 'failed' ? 'bad' : 'unknown';
  const words = line.state === 'read' ? [] : parts[line.state];
  return [html('td', { class: tone, colspan: overviewColumns.length }, ...words)];
}
