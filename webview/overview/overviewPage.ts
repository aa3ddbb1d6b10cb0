import { unbrokenNames } from '../headline';
import { allNodes } from '../../src/flow/protocol';
import type { ToWebview } from '../../src/flow/protocol';
import type { PageFrame } from '../frame';
import { createOverview } from './overview';
import { withOwnChoices, type Page, type PageView } from '../pageView';
import type { Toolbar } from '../toolbar';

/** The table of all nodes. */
export function createOverviewPage(frame: PageFrame, page: Page, toolbar: Toolbar): PageView {
  let shown = false;
  const overview = createOverview({
    open: (node) => page.post({ type: 'overview', action: 'open', node }),
    fetch: (node) => page.post({ type: 'overview', action: 'fetch', node }),
    stop: () => page.post({ type: 'overview', action: 'stop' }),
    resume: () => page.post({ type: 'overview', action: 'resume' }),
    sort(sort) {
      const state = page.state();
      if (state) page.keep({ ...state, sort });
    },
    summary: (text) => frame.header.replaceChildren(...unbrokenNames(text)),
  });
  frame.content.after(overview.element);

  const show = (to: Extract<ToWebview, { type: 'overview' }>) => {
    const state = withOwnChoices(page, to.state);
    page.keep(state);
    shown = true;
    document.body.classList.add('all-nodes');
    frame.warnings.hidden = frame.legend.hidden = true;
    const title = to.services.find(({ id }) => id === state.service)?.label ?? state.service;
    overview.show({ ...to, title, sort: state.sort });
    toolbar.show({
      services: to.services,
      service: state.service,
      nodes: to.nodes,
      node: allNodes,
      pinned: state.pinned,
      graph: undefined,
    });
  };

  return {
    receive(message) {
      if (message.type === 'overview') show(message);
      // Rows that were under way when the table went away would write into the graph's header.
      if (message.type === 'overview-rows' && shown) {
        overview.update(message.lines, message.progress);
      }
    },
    leave() {
      shown = false;
      document.body.classList.remove('all-nodes');
    },
  };
}
