import * as l10n from '@vscode/l10n';
import { byName } from '../../src/core/byName';
import {
  overviewColumns,
  type OverviewColumn,
  type OverviewLine,
} from '../../src/core/flow/overview/line';
import { differences, overviewSummary } from '../../src/core/flow/overview/summary';
import type { OverviewProgress, OverviewSort } from '../../src/flow/protocol';
import { html } from '../dom';
import './overview.css';
import {
  columnLabels,
  createOverviewRow,
  type OverviewRowView,
  faultColumns,
  isNone,
} from './overviewRow';

export interface OverviewEvents {
  /** A node's graph. */
  open(node: string): void;
  /** A node's dumps; without a node those of all. */
  fetch(node?: string): void;
  stop(): void;
  /** Reads what was left or failed. */
  resume(): void;
  sort(sort: OverviewSort): void;
  /** What stands above all: the Service port, and how its nodes are. */
  summary(text: string): void;
}

export interface Overview {
  readonly element: HTMLElement;
  show(table: {
    readonly title: string;
    readonly lines: readonly OverviewLine[];
    readonly canFetch: boolean;
    readonly progress?: OverviewProgress | undefined;
    readonly sort: OverviewSort | undefined;
  }): void;
  update(lines: readonly OverviewLine[], progress: OverviewProgress | undefined): void;
}

const byNode: OverviewSort = { column: 'node', descending: false };
/** Those in which a large number is what one looks for. */
const worstFirst: ReadonlySet<string> = new Set(faultColumns);

/** The table of all nodes. */
export function createOverview(on: OverviewEvents): Overview {
  const caption = html('caption', {});
  const heads = (['node', ...overviewColumns] as const).map((column) => {
    const button = html('button', { class: 'head' }, columnLabels()[column]);
    button.addEventListener('click', () => sortBy(column));
    return { column, cell: html('th', { scope: 'col', 'data-column': column }, button) };
  });
  const body = html('tbody', {});
  const bar = html('div', { class: 'bar' });
  const said = html('p', { class: 'unseen', role: 'status' });
  const table = html(
    'table',
    {},
    caption,
    html('thead', {}, html('tr', {}, ...heads.map(({ cell }) => cell))),
    body,
  );
  const scroll = html(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': l10n.t('All nodes') },
    table,
  );
  const element = html('section', { class: 'overview' }, bar, scroll, said);

  const lines = new Map<string, OverviewLine>();
  const rows = new Map<string, OverviewRowView>();
  let title = '';
  let canFetch = false;
  let sort = byNode;

  const sortBy = (column: OverviewSort['column']) => {
    const descending = column === sort.column ? !sort.descending : worstFirst.has(column);
    sort = { column, descending };
    order();
    on.sort(sort);
  };

  const take = (changed: readonly OverviewLine[]) => {
    for (const line of changed) {
      lines.set(line.node, line);
      let row = rows.get(line.node);
      if (!row) {
        row = createOverviewRow(line.node, on);
        rows.set(line.node, row);
        body.append(row.element);
      }
      row.show(line, canFetch);
    }
    const all = [...lines.values()];
    const odd = differences(all);
    for (const [node, row] of rows) row.differs(odd.get(node) ?? []);
    // A column that says "none" of every node says nothing: the summary has it.
    const read = all.filter(({ cells }) => cells !== undefined);
    for (const column of faultColumns) {
      const folded = read.length > 0 && read.every((line) => isNone(line, column));
      table.classList.toggle(`without-${column}`, folded);
    }
    on.summary(l10n.t('{0}: {1}', title, overviewSummary(all)));
  };

  /** Puts the rows in order; the one with the focus keeps it. */
  const order = () => {
    const focused = document.activeElement;
    const sorted = [...lines.values()].sort(comparison(sort));
    const wanted = sorted.map(({ node }) => rows.get(node)!.element);
    if (wanted.some((row, i) => body.children[i] !== row)) body.replaceChildren(...wanted);
    if (focused instanceof HTMLElement && body.contains(focused)) focused.focus();
    for (const { column, cell } of heads) {
      if (column === sort.column) {
        cell.setAttribute('aria-sort', sort.descending ? 'descending' : 'ascending');
      } else cell.removeAttribute('aria-sort');
    }
  };

  const showBar = (progress: OverviewProgress | undefined) => {
    const focused = bar.contains(document.activeElement);
    bar.replaceChildren(...barOf(progress, [...lines.values()], canFetch, on));
    if (focused) (bar.querySelector('button') ?? scroll).focus();
    // Only the end is told: every row would be too much to hear.
    if (!progress) said.textContent = overviewSummary([...lines.values()]);
  };

  return {
    element,
    show(table) {
      lines.clear();
      rows.clear();
      body.replaceChildren();
      ({ title, canFetch } = table);
      sort = table.sort ?? byNode;
      caption.textContent = l10n.t('{0} on all nodes', title);
      take(table.lines);
      order();
      showBar(table.progress);
    },
    update(changed, progress) {
      const before = rows.size;
      take(changed);
      // Rows that come one after the other stay where they are until all are there.
      if (!progress || rows.size > before) order();
      showBar(progress);
    },
  };
}

function comparison({ column, descending }: OverviewSort) {
  const sign = descending ? -1 : 1;
  return (left: OverviewLine, right: OverviewLine): number => {
    if (column === 'node') return sign * byName(left.node, right.node);
    const [a, b] = [keyOf(left, column), keyOf(right, column)];
    // Nodes that nothing is known of come last either way.
    if (a === undefined || b === undefined) {
      if (a !== b) return a === undefined ? 1 : -1;
      return byName(left.node, right.node);
    }
    const order =
      typeof a === 'number' && typeof b === 'number' ? a - b : byName(String(a), String(b));
    return sign * order || byName(left.node, right.node);
  };
}

function keyOf({ cells }: OverviewLine, column: OverviewColumn): number | string | undefined {
  const cell = cells?.[column];
  return cell?.tone === 'unknown' ? undefined : cell?.sort;
}

/** How far it is, and what to do: stop, go on, fetch. */
function barOf(
  progress: OverviewProgress | undefined,
  lines: readonly OverviewLine[],
  canFetch: boolean,
  on: OverviewEvents,
): Node[] {
  if (progress) {
    const { what, done, of } = progress;
    const text =
      what === 'fetch'
        ? l10n.t('Fetching: {0} of {1} nodes', done, of)
        : l10n.t('Reading: {0} of {1} nodes', done, of);
    return [
      html('progress', { max: of, value: done, 'aria-label': text }),
      html('span', {}, text),
      action(l10n.t('Cancel'), () => on.stop()),
    ];
  }
  const count = (state: OverviewLine['state']) =>
    lines.filter((line) => line.state === state).length;
  const left = count('waiting') + (canFetch ? 0 : count('failed'));
  const partial = lines.some((line) => line.partial !== undefined);
  const lacking = partial || count('not-fetched') + count('failed') > 0;
  return [
    ...(left > 0 ? [action(l10n.t('Continue'), () => on.resume())] : []),
    ...(canFetch
      ? [action(lacking ? l10n.t('Fetch All') : l10n.t('Fetch All Again'), () => on.fetch())]
      : []),
  ];
}

function action(text: string, act: () => void): HTMLElement {
  const button = html('button', { class: 'action' }, text);
  button.addEventListener('click', act);
  return button;
}
