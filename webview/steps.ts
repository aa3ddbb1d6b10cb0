import * as l10n from '@vscode/l10n';
import type { FlowEntry, FlowGraph, FlowStep } from '../src/core/flow/graph';
import type { SourceRange } from '../src/core/source';
import { hex } from '../src/core/hex';
import type { Outcome } from '../src/core/flow/outcome';
import { outcomeReason, outcomeText } from '../src/core/flow/words/verdictText';
import { html } from './dom';
import { signOf } from './headline';

export interface StepEvents {
  select(entry: FlowEntry | undefined): void;
  /** The keyboard or the mouse reached a step. */
  reached(entry: FlowEntry, step: number): void;
  /** Enter, or a click: open its rule. */
  open(entry: FlowEntry, step: number): void;
}

export interface StepList {
  show(graph: FlowGraph, selected: FlowEntry | undefined): void;
}

/**
 * The list beside the graph: a tree of the entries, the selected one with its steps, and what all
 * of them take for granted.
 */
export function createStepList(panel: HTMLElement, on: StepEvents): StepList {
  const tree = html('div', {
    role: 'tree',
    'aria-label': l10n.t('Who asks, and the steps of their packets'),
  });
  const assumed = html('section', { class: 'assumed', hidden: true });
  panel.append(tree, assumed);

  const items = () => [...tree.querySelectorAll<HTMLElement>('[role=treeitem]')];
  const act = new WeakMap<Element, { enter(): void; reached(): void; collapse?(): void }>();

  const focus = (item: HTMLElement | undefined) => {
    if (!item) return;
    for (const other of items()) other.tabIndex = other === item ? 0 : -1;
    item.focus();
    act.get(item)?.reached();
  };
  tree.addEventListener('keydown', (event) => {
    const all = items();
    const item = (event.target as Element).closest<HTMLElement>('[role=treeitem]');
    const at = item ? all.indexOf(item) : -1;
    if (!item) return;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => focus(all[at + 1]),
      ArrowUp: () => focus(all[at - 1]),
      Home: () => focus(all[0]),
      End: () => focus(all.at(-1)),
      Enter: () => act.get(item)?.enter(),
      ' ': () => act.get(item)?.enter(),
      ArrowRight: () => {
        if (item.getAttribute('aria-expanded') === 'false') act.get(item)?.enter();
        else focus(all[at + 1]);
      },
      ArrowLeft: () => {
        if (item.getAttribute('aria-expanded') === 'true') act.get(item)?.collapse?.();
        else focus(all.slice(0, at).findLast((other) => other.ariaLevel === '1'));
      },
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    moves[event.key]!();
  });
  tree.addEventListener('click', (event) => {
    const item = (event.target as Element).closest<HTMLElement>('[role=treeitem]');
    if (!item) return;
    focus(item);
    act.get(item)?.enter();
  });

  const entryItem = (entry: FlowEntry, selected: boolean, graph: FlowGraph) => {
    const node = graph.nodes.find(({ id }) => id === entry.node);
    const item = html(
      'div',
      {
        class: 'entry',
        role: 'treeitem',
        tabindex: -1,
        'aria-level': 1,
        'aria-expanded': String(selected),
        'aria-selected': String(selected),
        'data-entry': entry.node,
      },
      html('span', { class: 'twistie', 'aria-hidden': 'true' }),
      html(
        'span',
        { class: 'head' },
        ...entry.outcomes.map(outcomeItem),
        html('span', { class: 'title' }, entry.label),
      ),
      ...(node?.detail ? [html('span', { class: 'detail packet' }, node.detail)] : []),
      ...[...entry.outcomes.map((one) => outcomeReason(one)), entry.source ?? ''].flatMap((text) =>
        text ? [html('span', { class: 'detail' }, text)] : [],
      ),
    );
    const toggle = () => on.select(selected ? undefined : entry);
    act.set(item, { enter: toggle, collapse: toggle, reached: () => undefined });
    return item;
  };

  const stepItem = (entry: FlowEntry, step: FlowStep, i: number, counts: Counts) => {
    const where = [placeOf(step), step.range && counts.get(keyOf(step.range)), step.about]
      .filter(Boolean)
      .join(l10n.t(', '));
    const mark = markOf(step);
    const item = html(
      'div',
      {
        class: `step depth-${Math.min(step.depth, 4)}`,
        role: 'treeitem',
        tabindex: -1,
        'aria-level': 2 + step.depth,
        'aria-selected': 'false',
        'data-step': i,
      },
      html('span', { class: 'title' }, step.text),
      ...(where ? [html('span', { class: 'detail' }, where)] : []),
      ...(mark ? [html('span', { class: 'mark' }, mark)] : []),
    );
    const reached = () => {
      for (const other of tree.querySelectorAll('.step[aria-selected=true]')) {
        other.setAttribute('aria-selected', 'false');
      }
      item.setAttribute('aria-selected', 'true');
      on.reached(entry, i);
    };
    act.set(item, { enter: () => on.open(entry, i), reached });
    return item;
  };

  return {
    show(graph, selected) {
      const hadFocus = tree.contains(document.activeElement);
      const counts = countsOf(graph);
      tree.replaceChildren(
        ...graph.entries.flatMap((entry) => {
          const open = entry === selected;
          const steps = open ? entry.steps.map((step, i) => stepItem(entry, step, i, counts)) : [];
          return [entryItem(entry, open, graph), ...steps];
        }),
      );
      assumed.hidden = graph.assumptions.length === 0;
      assumed.replaceChildren(
        html('h2', {}, l10n.t('Assumed')),
        html('ul', {}, ...graph.assumptions.map((text) => html('li', {}, text))),
      );
      const home = tree.querySelector<HTMLElement>('[aria-expanded=true]') ?? items()[0];
      if (home) home.tabIndex = 0;
      if (hadFocus) home?.focus();
    },
  };
}

/** `delivered 3 × 33.3 %`, in its colour and with its sign. */
function outcomeItem(outcome: Outcome): HTMLElement {
  return html(
    'span',
    { class: `outcome ${outcome.kind}` },
    signOf(outcome.kind),
    outcomeText(outcome),
  );
}

/** What is drawn at the edges, by the place of their rules. */
type Counts = ReadonlyMap<string, string>;

function countsOf({ edges }: FlowGraph): Counts {
  const counts = new Map<string, string>();
  for (const { heat, ranges, members } of edges) {
    // Of a group of endpoints the sum is no step's.
    if (!heat || members) continue;
    const text =
      ranges.length > 1 ? l10n.t('{0} ({1} rules together)', heat.text, ranges.length) : heat.text;
    for (const range of ranges) counts.set(keyOf(range), text);
  }
  return counts;
}

function keyOf({ source, line }: SourceRange): string {
  return `${line} ${source}`;
}

/** `prerouting, nat KUBE-SERVICES rule 12`. */
function placeOf({ hook, table, chain, rule }: FlowStep): string {
  const rules = [table, chain, rule === undefined ? undefined : l10n.t('rule {0}', rule)];
  return [hook, rules.filter(Boolean).join(' ')].filter(Boolean).join(l10n.t(', '));
}

function markOf({ markBefore, markAfter }: FlowStep): string | undefined {
  if (markAfter === undefined || markAfter === markBefore) return undefined;
  return l10n.t('mark {0}', `${hex(markBefore ?? 0)} \u2192 ${hex(markAfter)}`);
}
