import type { Severity } from '../core/finding';
import type { ItemDetails } from '../core/flow/details';
import type { EdgeRate, FlowGraph } from '../core/flow/graph';
import type { GroupBy } from '../core/flow/group';
import type { LiveRates } from '../core/flow/counters/liveHeat';
import type { DecidedBy } from '../core/flow/outcome';
import {
  overviewColumns,
  type OverviewColumn,
  type OverviewLine,
} from '../core/flow/overview/line';
import {
  arrayOf,
  is,
  isBoolean,
  isNumber,
  isString,
  object,
  oneOf,
  optional,
  recordOf,
} from './guards';
import type { Guard } from './guards';

/*
 * What the extension host and the webview say to each other. Both check what they get: messages
 * cross a process boundary, and a panel restored after an update may speak an older protocol.
 */

/** What a panel shows; kept by VS Code over a reload. */
export interface PanelState {
  /** The dump. */
  readonly uri: string;
  /** The Service port, as `FlowSource` names it. */
  readonly service: string;
  /** The node, where the dumps of several nodes lie together. */
  readonly node?: string;
  /** A pinned panel stays when another Service is traced. */
  readonly pinned: boolean;
  /** The id of the selected entry's node. */
  readonly entry?: string;
  readonly groupBy?: GroupBy;
  /** The table of all nodes rather than one node's graph. */
  readonly overview?: boolean;
  /** How that table is sorted; by the nodes' names where it is left out. */
  readonly sort?: OverviewSort;
  /** Counters at the edges, where this was chosen in the panel; else the setting says. */
  readonly heat?: boolean;
  /** Chains that a narrow panel folds were opened. */
  readonly unfolded?: boolean;
  /** A ping to the ClusterIP is drawn, too. */
  readonly ping?: boolean;
}

export interface OverviewSort {
  readonly column: OverviewColumn | 'node';
  readonly descending: boolean;
}

export interface OverviewProgress {
  readonly what: 'read' | 'fetch';
  readonly done: number;
  readonly of: number;
}

/** The id of the choice that leads to the table of all nodes. */
export const allNodes = 'all-nodes';

export interface Choice {
  readonly id: string;
  readonly label: string;
}

/** What a click stands on. The host looks its ranges up in what it sent. */
export type ItemRef =
  | { readonly kind: 'node' | 'edge'; readonly id: string }
  | { readonly kind: 'step'; readonly entry: string; readonly step: number }
  /** By its place in the list of `findings`, from 0. */
  | { readonly kind: 'finding'; readonly at: number };

/** One line of what is wrong, with what of the graph stands for its place. */
export interface ShownFinding {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
}

export type ImageFormat = 'svg' | 'png';

export type ToWebview =
  | {
      readonly type: 'graph';
      readonly graph: FlowGraph;
      readonly services: readonly Choice[];
      readonly nodes: readonly Choice[];
      readonly state: PanelState;
      /** The setting `flow.counterHeat`. */
      readonly heat: boolean;
      /** Whether the counters can be read as they are now. */
      readonly live?: boolean;
    }
  /** Counters are read every few seconds, or no longer: why, and how fast they grow by now. */
  | {
      readonly type: 'live';
      readonly on: boolean;
      readonly text?: string;
      readonly rates?: LiveRates;
    }
  /** What is wrong with what the graph shows, the worst first; it comes some time after the graph. */
  | { readonly type: 'findings'; readonly findings: readonly ShownFinding[] }
  /** All nodes; their rows follow in `overview-rows`. */
  | {
      readonly type: 'overview';
      readonly lines: readonly OverviewLine[];
      readonly services: readonly Choice[];
      readonly nodes: readonly Choice[];
      /** There is somebody to ask for dumps that are not held. */
      readonly canFetch: boolean;
      readonly progress?: OverviewProgress | undefined;
      readonly state: PanelState;
    }
  /** Rows that are new or different; without `progress` nothing goes on any more. */
  | {
      readonly type: 'overview-rows';
      readonly lines: readonly OverviewLine[];
      readonly progress?: OverviewProgress | undefined;
    }
  | { readonly type: 'busy'; readonly text: string }
  /** Nothing to draw: why, and what to do next. */
  | {
      readonly type: 'problem';
      readonly title: string;
      readonly detail: string;
      readonly actions: readonly Choice[];
    }
  /** What the cursor in the dump stands on. */
  | {
      readonly type: 'highlight';
      readonly nodes: readonly string[];
      readonly edges: readonly string[];
    }
  | { readonly type: 'pinned'; readonly pinned: boolean }
  /** The answer to `describe`. */
  | { readonly type: 'details'; readonly request: number; readonly details: ItemDetails }
  /** Answered by `rendered` with the same `request`. */
  | { readonly type: 'render'; readonly request: number; readonly format: ImageFormat };

export type FromWebview =
  | { readonly type: 'ready' }
  | { readonly type: 'reveal'; readonly item: ItemRef; readonly how: 'open' | 'peek' }
  /** What a hover shows; answered by `details` with the same `request`. */
  | {
      readonly type: 'describe';
      readonly request: number;
      readonly kind: 'node' | 'edge';
      /** Several of a group. */
      readonly ids: readonly string[];
    }
  | { readonly type: 'choose'; readonly what: 'service' | 'node'; readonly id: string }
  | { readonly type: 'pin'; readonly pinned: boolean }
  | { readonly type: 'export' }
  | { readonly type: 'ping'; readonly on: boolean }
  | { readonly type: 'live'; readonly on: boolean }
  /** A node's graph, or its dumps; `fetch` without a node: those of all. */
  | {
      readonly type: 'overview';
      readonly action: 'open' | 'fetch' | 'stop' | 'resume';
      readonly node?: string | undefined;
    }
  /** A button of a `problem`. */
  | { readonly type: 'action'; readonly id: string }
  /** `data`: the SVG's text, or the PNG in base64; undefined with `error`. */
  | {
      readonly type: 'rendered';
      readonly request: number;
      readonly data?: string;
      readonly error?: string;
    }
  | { readonly type: 'failed'; readonly message: string };

const isChoice = object<Choice>({ id: isString, label: isString });
const isSourceRange = object({ source: isString, line: isNumber, start: isNumber, end: isNumber });
const isMark = object({ action: oneOf('set', 'test', 'clear'), bits: isNumber });

const isNode = object({
  id: isString,
  kind: isString,
  label: isString,
  detail: optional(isString),
  marks: arrayOf(isMark),
  reason: optional(isString),
  ranges: arrayOf(isSourceRange),
  share: optional(isNumber),
  place: optional(isString),
  role: optional(object({ kind: isString, service: isString })),
  condition: optional(isString),
  regardless: optional(arrayOf(isString)),
});

const isCounters = object({
  packets: isNumber,
  bytes: isNumber,
  unit: oneOf('connections', 'packets'),
  shared: isBoolean,
});

const isRate = (value: unknown): value is EdgeRate =>
  object({ perSecond: isNumber })(value) ||
  object({ connections: isNumber })(value) ||
  object({ reason: isString })(value);

const isEdge = object({
  id: isString,
  from: isString,
  to: isString,
  share: optional(isNumber),
  label: optional(isString),
  marks: arrayOf(isMark),
  unknown: optional(isString),
  partial: optional(isString),
  ranges: arrayOf(isSourceRange),
  counters: optional(isCounters),
  rate: optional(isRate),
});

const isStep = object({
  text: isString,
  depth: isNumber,
  node: optional(isString),
  about: optional(isString),
  range: optional(isSourceRange),
});

const isOutcome = object({
  kind: oneOf('delivered', 'passed', 'refused', 'unreachable', 'silence', 'stolen', 'unknown'),
  share: optional(isNumber),
  endpoints: optional(isNumber),
  each: optional(isNumber),
  by: optional(
    (value: unknown): value is DecidedBy =>
      object({ kind: is('rule'), table: isString, chain: isString, rule: isNumber })(value) ||
      object({ kind: is('ipvs'), text: isString })(value),
  ),
  reason: optional(isString),
  condition: optional(isString),
});

const isVerdict = object({
  tone: oneOf('good', 'mixed', 'bad', 'unknown'),
  parts: arrayOf(
    object({
      fate: isString,
      who: arrayOf(object({ client: isString, via: optional(isString) })),
    }),
  ),
  cause: optional(object({ kind: isString })),
  conditions: arrayOf(isString),
});

const isFacts = object({
  at: isString,
  service: optional(isString),
  mode: optional(isString),
  node: isString,
  captured: optional(isString),
});

const isEntry = object({
  node: isString,
  label: isString,
  outcomes: arrayOf(isOutcome),
  edges: arrayOf(isString),
  shares: recordOf(isNumber),
  steps: arrayOf(isStep),
  source: optional(isString),
});

const isDetails = object<ItemDetails>({
  rules: arrayOf(
    object<ItemDetails['rules'][number]>({
      place: isString,
      text: optional(isString),
      sentence: optional(isString),
      counters: optional(isString),
      rate: optional(isString),
    }),
  ),
  more: isNumber,
});

const isGraph = object({
  title: isString,
  header: isString,
  verdict: isVerdict,
  facts: isFacts,
  nodes: arrayOf(isNode),
  edges: arrayOf(isEdge),
  entries: arrayOf(isEntry),
  warnings: arrayOf(isString),
  assumptions: arrayOf(isString),
  counters: oneOf('none', 'zero', 'counted'),
  ratesNote: optional(isString),
}) as Guard<FlowGraph>;

export const isPanelState: Guard<PanelState> = object<PanelState>({
  uri: isString,
  service: isString,
  node: optional(isString),
  pinned: isBoolean,
  entry: optional(isString),
  groupBy: optional(oneOf('place', 'share')),
  heat: optional(isBoolean),
  unfolded: optional(isBoolean),
  ping: optional(isBoolean),
  overview: optional(isBoolean),
  sort: optional(
    object<OverviewSort>({ column: oneOf('node', ...overviewColumns), descending: isBoolean }),
  ),
});

const isProgress = optional(
  object<OverviewProgress>({ what: oneOf('read', 'fetch'), done: isNumber, of: isNumber }),
);

const isCell = object({
  text: isString,
  sort: (value: unknown): value is number | string => isNumber(value) || isString(value),
  tone: optional(oneOf('bad', 'unknown')),
});

const isLine = object({
  node: isString,
  state: oneOf('waiting', 'not-fetched', 'fetching', 'failed', 'read'),
  reason: optional(isString),
  cells: optional(
    object(Object.fromEntries(overviewColumns.map((column) => [column, isCell as Guard<unknown>]))),
  ),
  programmed: optional(isNumber),
  fault: optional(isString),
  unknown: optional(isString),
});

const toWebview: Record<ToWebview['type'], Guard<unknown>> = {
  graph: object({
    graph: isGraph,
    services: arrayOf(isChoice),
    nodes: arrayOf(isChoice),
    state: isPanelState,
    heat: isBoolean,
    live: optional(isBoolean),
  }),
  findings: object({
    findings: arrayOf(
      object<ShownFinding>({
        severity: oneOf('error', 'warning', 'information'),
        code: isString,
        message: isString,
        nodes: arrayOf(isString),
        edges: arrayOf(isString),
      }),
    ),
  }),
  live: object({ on: isBoolean, text: optional(isString), rates: optional(recordOf(isRate)) }),
  overview: object({
    lines: arrayOf(isLine),
    services: arrayOf(isChoice),
    nodes: arrayOf(isChoice),
    canFetch: isBoolean,
    progress: isProgress,
    state: isPanelState,
  }),
  'overview-rows': object({ lines: arrayOf(isLine), progress: isProgress }),
  busy: object({ text: isString }),
  problem: object({ title: isString, detail: isString, actions: arrayOf(isChoice) }),
  highlight: object({ nodes: arrayOf(isString), edges: arrayOf(isString) }),
  pinned: object({ pinned: isBoolean }),
  details: object({ request: isNumber, details: isDetails }),
  render: object({ request: isNumber, format: oneOf('svg', 'png') }),
};

const isItem = (value: unknown): value is ItemRef =>
  object({ kind: oneOf('node', 'edge'), id: isString })(value) ||
  object({ kind: is('step'), entry: isString, step: isNumber })(value) ||
  object({ kind: is('finding'), at: isNumber })(value);

const fromWebview: Record<FromWebview['type'], Guard<unknown>> = {
  ready: object({}),
  describe: object({ request: isNumber, kind: oneOf('node', 'edge'), ids: arrayOf(isString) }),
  reveal: object({ item: isItem, how: oneOf('open', 'peek') }),
  choose: object({ what: oneOf('service', 'node'), id: isString }),
  pin: object({ pinned: isBoolean }),
  export: object({}),
  ping: object({ on: isBoolean }),
  live: object({ on: isBoolean }),
  overview: object({ action: oneOf('open', 'fetch', 'stop', 'resume'), node: optional(isString) }),
  action: object({ id: isString }),
  rendered: object({ request: isNumber, data: optional(isString), error: optional(isString) }),
  failed: object({ message: isString }),
};

export function isToWebview(value: unknown): value is ToWebview {
  return isMessage(value, toWebview);
}

export function isFromWebview(value: unknown): value is FromWebview {
  return isMessage(value, fromWebview);
}

function isMessage(value: unknown, guards: Readonly<Record<string, Guard<unknown>>>): boolean {
  if (!object({ type: isString })(value)) return false;
  return Object.hasOwn(guards, value.type) && guards[value.type]!(value);
}
