import * as l10n from '@vscode/l10n';
import type { FlowGraph } from '../src/core/flow/graph';
import type { OutcomeKind } from '../src/core/flow/outcome';
import { outcomeTones, type Tone } from '../src/core/flow/words/verdict';
import { verdictText } from '../src/core/flow/words/verdictText';
import { fileName } from '../src/core/source';
import { html, svg } from './dom';
import { captureTime } from './captureTime';
import type { Caption } from './image';

/** Line drawings in a box of 16 by 16 pixels, as the `d` of a path. */
const signs: Readonly<Record<Tone, string>> = {
  good: 'M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13M4.8 8.2l2.3 2.3l4.2-4.6',
  mixed: 'M8 2L14.5 13.5H1.5zM8 6.2v3.6M8 11.8h.01',
  bad: 'M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2',
  unknown:
    'M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13M6 6.3a2 2 0 1 1 2.8 1.9C8.2 8.5 8 8.8 8 9.6M8 11.6h.01',
};

/** A sign in the colour of a tone; the words beside it say the same. */
export function signOf(tone: Tone | OutcomeKind): SVGSVGElement {
  const shown = tone in signs ? (tone as Tone) : outcomeTones[tone as OutcomeKind];
  return svg(
    'svg',
    { class: `sign ${shown}`, viewBox: '0 0 16 16', 'aria-hidden': 'true' },
    svg('path', { d: signs[shown] }),
  );
}

/** What a picture of the graph is headed with, and what stands below it: the file, the node, the capture. */
export function captionOf({ verdict, facts, nodes }: FlowGraph): Caption {
  const { at, service, mode, node, captured } = facts;
  const what = [at, service, mode && l10n.t('{0} mode', mode)].flatMap((part) => part || []);
  const sources = nodes.flatMap(({ ranges }) => ranges.slice(0, 1));
  const file = sources.map(({ source }) => fileName(source)).find((name) => name !== '');
  const when = captured && captureTime(captured, document.documentElement.lang, new Date());
  return {
    title: verdictText(verdict),
    subtitle: what.join(' \u00b7 '),
    footer: [file, node, when].flatMap((part) => part || []).join(' \u00b7 '),
  };
}

/** The verdict, then what it is of: address, Service, mode, node, and when it was captured. */
export function headline({ verdict, facts }: FlowGraph): (Node | string)[] {
  const { at, service, mode, node, captured } = facts;
  const parts = [
    at,
    service,
    mode && l10n.t('{0} mode', mode),
    node,
    captured && captureTime(captured, document.documentElement.lang, new Date()),
  ].flatMap((part) => part || []);
  return [
    html('span', { class: `verdict ${verdict.tone}` }, signOf(verdict.tone), verdictText(verdict)),
    ' ',
    html(
      'span',
      { class: 'facts' },
      ...parts.flatMap((part, i) => (i === 0 ? [fact(part)] : [' \u00b7 ', fact(part)])),
    ),
  ];
}

function fact(text: string): HTMLElement {
  return html('span', { class: 'whole' }, text);
}

/** A sentence whose names (`node-c`, `10.244.1.5:8080`) stay in one line each, as far as they fit. */
export function unbrokenNames(text: string): (Node | string)[] {
  return text
    .split(/([\w.:/-]+)/)
    .map((part) => (part.includes('-') && part.length > 1 ? fact(part) : part));
}
