import * as l10n from '@vscode/l10n';
import type { FlowGraph } from '../../src/core/flow/graph';
import { number } from '../../src/core/flow/words/format';
import { heatLegend, heatLevels, mostPackets } from '../../src/core/flow/counters/heat';
import { html } from '../dom';

/** What the colours of the edges mean; hidden without a graph. */
export function drawLegend(legend: HTMLElement, graph: FlowGraph | undefined): void {
  legend.hidden = graph === undefined;
  if (!graph) return;
  const most = mostPackets(graph.edges);
  const levels = heatLevels.map((level) => html('span', { class: `swatch heat-${level}` }));
  const scale = html(
    'span',
    { class: 'levels', role: 'img', 'aria-label': l10n.t('From 0 to {0}', number(most)) },
    html('span', { 'aria-hidden': 'true' }, '0'),
    ...levels,
    html('span', { 'aria-hidden': 'true' }, number(most)),
  );
  legend.replaceChildren(...(most > 0 ? [scale] : []), html('span', {}, heatLegend(graph)));
}
