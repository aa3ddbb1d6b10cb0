import * as l10n from '@vscode/l10n';
import type { GroupBy } from '../src/core/flow/group';
import { allNodes, type Choice } from '../src/flow/protocol';
import { control, html } from './dom';
import { createOverflow } from './overflow';

export interface ToolbarEvents {
  service(id: string): void;
  node(id: string): void;
  /** undefined for all entries. */
  entry(id: string | undefined): void;
  groupBy(by: GroupBy): void;
  zoom(factor: number): void;
  fit(): void;
  heat(on: boolean): void;
  /** Counters are read every few seconds. */
  live(on: boolean): void;
  pin(pinned: boolean): void;
  /** A ping to the ClusterIP is drawn, too. */
  ping(on: boolean): void;
  /** Folds the chains of a narrow panel again. */
  fold(): void;
  export(): void;
}

export interface ToolbarState {
  readonly services: readonly Choice[];
  readonly service: string;
  readonly nodes: readonly Choice[];
  readonly node: string | undefined;
  readonly pinned: boolean;
  /** undefined where the table of all nodes is shown. */
  readonly graph:
    | {
        readonly entries: readonly Choice[];
        readonly entry: string | undefined;
        /** undefined where there is nothing to group. */
        readonly groupBy: GroupBy | undefined;
        readonly heat: boolean;
        /** undefined where no cluster answers. */
        readonly live: boolean | undefined;
        /** undefined where there is no ClusterIP to ping. */
        readonly ping: boolean | undefined;
        /** Chains are open that can be folded. */
        readonly unfolded: boolean;
      }
    | undefined;
}

export interface Toolbar {
  show(state: ToolbarState): void;
  pinned(pinned: boolean): void;
  scale(scale: number): void;
}

/** Not empty: the toolkit prefers an empty option to the one that is selected. */
const allEntries = 'all';

/** The choosers and buttons above the graph. */
export function createToolbar(panel: HTMLElement, on: ToolbarEvents): Toolbar {
  const service = createChooser('service-port', l10n.t('Service port'), (id) => on.service(id));
  const node = createChooser('node', l10n.t('Node'), (id) => on.node(id));
  const entry = createChooser('entry', l10n.t('Entry'), (id) =>
    on.entry(id === allEntries ? undefined : id),
  );
  const group = createChooser('group-by', l10n.t('Group by'), (id) => on.groupBy(id as GroupBy));
  const scale = html(
    'span',
    { class: 'scale', role: 'status', 'aria-label': l10n.t('Zoom') },
    '100 %',
  );
  const pin = button(l10n.t('Pin'), l10n.t('Keep this panel when another Service is traced'), () =>
    on.pin(pin.getAttribute('aria-pressed') !== 'true'),
  );
  const heat = button(
    l10n.t('Counters'),
    l10n.t('Colour the edges by what their rules counted'),
    () => on.heat(heat.getAttribute('aria-pressed') !== 'true'),
  );
  const live = button(
    l10n.t('Live'),
    l10n.t('Read the counters every few seconds, and write what passes per second at the edges'),
    () => on.live(live.getAttribute('aria-pressed') !== 'true'),
  );
  const all = button(l10n.t('All Nodes'), l10n.t('Compare this Service port on all nodes'), () =>
    on.node(allNodes),
  );
  const ping = button(l10n.t('Ping'), l10n.t('Draw a ping to the ClusterIP, too'), () =>
    on.ping(ping.getAttribute('aria-pressed') !== 'true'),
  );
  const fold = button(l10n.t('Fold Chains'), l10n.t('Draw the chains as one node again'), () =>
    on.fold(),
  );
  const fit = button(l10n.t('Fit'), l10n.t('Show the whole graph'), () => on.fit());
  const zoom = html(
    'span',
    { class: 'buttons' },
    button('\u2212', l10n.t('Zoom out'), () => on.zoom(1 / 1.25)),
    scale,
    button('+', l10n.t('Zoom in'), () => on.zoom(1.25)),
  );
  const save = button(
    l10n.t('Export…'),
    l10n.t('Save as SVG, PNG, Mermaid or JSON, or copy as text'),
    () => on.export(),
  );
  // The first stay in sight the longest.
  const secondary = [
    entry.element,
    fit,
    all,
    heat,
    live,
    fold,
    zoom,
    save,
    pin,
    group.element,
    ping,
  ];
  const choosers = [service.element, node.element];
  const overflow = createOverflow(panel, choosers, secondary);
  const showPinned = (pinned: boolean) => {
    pin.setAttribute('aria-pressed', String(pinned));
    pin.textContent = pinned ? l10n.t('Pinned') : l10n.t('Pin');
  };
  return {
    show(state) {
      service.show(state.services, state.service);
      node.show(state.nodes.length > 1 ? state.nodes : [], state.node ?? '');
      const { entries = [], entry: chosen, groupBy, heat: hot } = state.graph ?? {};
      const every = { id: allEntries, label: l10n.t('All') };
      entry.show(state.graph ? [every, ...entries] : [], chosen ?? allEntries);
      const groups = [
        { id: 'place', label: l10n.t('node') },
        { id: 'share', label: l10n.t('share') },
      ];
      group.show(groupBy ? groups : [], groupBy ?? '');
      heat.setAttribute('aria-pressed', String(hot === true));
      const { ping: pings, live: runs, unfolded = false } = state.graph ?? {};
      live.setAttribute('aria-pressed', String(runs === true));
      live.hidden = runs === undefined;
      ping.setAttribute('aria-pressed', String(pings === true));
      ping.hidden = pings === undefined;
      fold.hidden = !unfolded;
      heat.hidden = fit.hidden = zoom.hidden = save.hidden = !state.graph;
      all.hidden = !state.graph || !state.nodes.some(({ id }) => id === allNodes);
      showPinned(state.pinned);
      overflow.fit();
    },
    pinned: showPinned,
    scale(value) {
      scale.textContent = `${Math.round(value * 100)} %`;
    },
  };
}

function button(text: string, label: string, press: () => void): HTMLElement {
  // A sign says nothing by itself; a word is its own name.
  const name = /\w/.test(text) ? undefined : label;
  const element = control(
    'vscode-button',
    { appearance: 'secondary', title: label, 'aria-label': name },
    text,
  );
  element.addEventListener('click', press);
  return element;
}

/** A labelled dropdown; hidden while it has no choices. */
function createChooser(name: string, label: string, chosen: (id: string) => void) {
  const id = `choose-${name}`;
  const element = html('span', { class: 'chooser' }, html('label', { for: id }, label));
  let dropdown: HTMLElement | undefined;
  let shown = '';
  /** Anew: the toolkit takes a value for one of the options before, until it has seen the new ones. */
  const offer = (choices: readonly Choice[], value: string) => {
    const focused = dropdown?.contains(document.activeElement);
    dropdown?.remove();
    dropdown = control(
      'vscode-dropdown',
      { id, 'aria-label': label, title: label },
      ...choices.map((choice) =>
        control('vscode-option', { value: choice.id, selected: choice.id === value }, choice.label),
      ),
    );
    const made = dropdown as HTMLSelectElement;
    made.addEventListener('change', () => chosen(made.value));
    element.append(made);
    if (focused) made.focus();
  };
  return {
    element,
    show(choices: readonly Choice[], value: string) {
      element.hidden = choices.length === 0;
      const key = JSON.stringify(choices);
      if (key !== shown) {
        shown = key;
        offer(choices, value);
      } else {
        (dropdown as HTMLSelectElement).value = value;
      }
    },
  };
}
