import './configureL10n';
import { isToWebview } from '../src/flow/protocol';
import type { ToWebview } from '../src/flow/protocol';
import { html } from './dom';
import { createFrame } from './frame';
import { GraphPage } from './graph/graphPage';
import { createOverviewPage } from './overview/overviewPage';
import { connectPage, type PageView } from './pageView';
import { drawProblem } from './problem';
import './styles.css';
import './graph/graph.css';
import './graph/hoverCard.css';
import './steps.css';
import { createToolbar } from './toolbar';
import { defineControls } from './toolkit';

const page = connectPage();
defineControls();
const frame = createFrame();
const toolbar = createToolbar(frame.tools, {
  service: (id) => page.post({ type: 'choose', what: 'service', id }),
  node: (id) => page.post({ type: 'choose', what: 'node', id }),
  pin: (pinned) => page.post({ type: 'pin', pinned }),
  export: () => page.post({ type: 'export' }),
  entry: (id) => graph.tools.entry(id),
  groupBy: (by) => graph.tools.groupBy(by),
  zoom: (factor) => graph.tools.zoom(factor),
  fit: () => graph.tools.fit(),
  heat: (on) => graph.tools.heat(on),
  live: (on) => page.post({ type: 'live', on }),
  ping: (on) => page.post({ type: 'ping', on }),
  fold: () => graph.tools.fold(),
});
const graph = new GraphPage(frame, page, toolbar);
const overview = createOverviewPage(frame, page, toolbar);

/** undefined before the first answer, and where a problem is shown. */
let shown: PageView | undefined;

function show(view: PageView | undefined): void {
  if (shown !== view) shown?.leave();
  shown = view;
}

function receive(to: ToWebview): void {
  switch (to.type) {
    case 'busy':
      if (!shown) frame.say(html('p', { class: 'busy', role: 'status' }, to.text));
      return;
    case 'problem':
      show(undefined);
      frame.say(
        drawProblem(to.title, to.detail, to.actions, (id) => page.post({ type: 'action', id })),
      );
      return;
    case 'pinned': {
      const state = page.state();
      if (state) page.keep({ ...state, pinned: to.pinned });
      toolbar.pinned(to.pinned);
      return;
    }
    case 'graph':
    case 'overview':
      show(to.type === 'graph' ? graph : overview);
      frame.say(undefined);
      break;
    default:
  }
  graph.receive(to);
  overview.receive(to);
}

window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (!isToWebview(data)) {
    // A browser extension or VS Code itself may post here too: what has our shape is ours.
    const type = (data as { type?: unknown } | undefined)?.type;
    if (typeof type === 'string') fail(`The panel does not understand the message "${type}".`);
    return;
  }
  receive(data);
});
window.addEventListener('error', ({ message }) => fail(message));
window.addEventListener('unhandledrejection', ({ reason }) => fail(String(reason)));

function fail(text: string): void {
  page.post({ type: 'failed', message: text });
}

page.post({ type: 'ready' });
