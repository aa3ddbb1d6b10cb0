import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { allNodes } from '../../src/flow/protocol';
import { edge, entry, loadBalancer, manyEndpoints, node } from '../webview/graphs';
import { messagesIn, webviewSources } from '../webview/literals';
import { overviewLine } from '../webview/overviewLines';
import { panelSuite, type PanelPage } from './page';

/** A language in which each text stands in brackets. */
const pseudo = Object.fromEntries(
  webviewSources()
    .flatMap(messagesIn)
    .map((message) => [message, `\u27e6${message}\u27e7`]),
);

/** All that people see or hear of the page, but for what is in `ours`: the host's texts. */
function english(ours: string): string {
  return `(() => {
    const texts = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { parentElement: parent, data } = walker.currentNode;
      if (!parent.closest(${JSON.stringify(ours)}) && parent.localName !== 'script') texts.push(data);
    }
    for (const element of document.body.querySelectorAll('[aria-label], [title], [placeholder]')) {
      if (element.closest(${JSON.stringify(ours)})) continue;
      for (const name of ['aria-label', 'title', 'placeholder']) {
        texts.push(element.getAttribute(name) ?? '');
      }
    }
    return texts.filter((text) => /[A-Za-z]{2,}/.test(text) && !text.includes('\u27e6'));
  })()`;
}

suite('the page in another language', () => {
  const openPanel = panelSuite();
  let panel: PanelPage;

  setup(async () => {
    panel = await openPanel('dark', pseudo);
  });

  test('the graph, its list and its toolbar', async () => {
    const graph = loadBalancer();
    await panel.show({ ...graph, assumptions: ['x'] }, { entry: 'lb' });
    const own = await panel.page.evaluate(
      english(
        'h1, .warnings, .label, .words, .detail, .edge-label, .entry, .step, option, vscode-option, .node > title, li',
      ),
    );
    assert.deepEqual(own, []);
    const titles = await panel.page.locator('.node > title, .edge > title').allTextContents();
    assert.ok(titles.length > 10);
    assert.match(titles.join('\n'), /\u27e6Endpoint\u27e7/);
    assert.match(titles.join('\n'), /\u27e633\.3 % of new connections\u27e7|\u27e633\.3 % of the/);
    assert.deepEqual(
      await panel.page
        .locator('.lanes text')
        .allTextContents()
        .then((all) => all.filter((text) => !text.includes('\u27e6'))),
      [],
    );
  });

  test('groups, what is unknown, and the choosers', async () => {
    await panel.show(manyEndpoints(60));
    const choosers = panel.page.locator('.chooser label');
    const labels = await choosers.allTextContents();
    assert.deepEqual(
      labels,
      ['Service port', 'Node', 'Entry', 'Group by'].map((text) => pseudo[text]),
    );
    const group = panel.page.locator('#choose-group-by vscode-option');
    assert.deepEqual(await group.allTextContents(), [pseudo['node'], pseudo['share']]);
    const all = panel.page.locator('#choose-entry vscode-option').first();
    assert.equal(await all.textContent(), pseudo['All']);
    const unknown = {
      ...loadBalancer(),
      nodes: [node('a', 'entry'), node('b', 'unknown')],
      edges: [edge('a', 'b', { unknown: 'x', share: undefined })],
      entries: [entry('a', 'A', [['a', 'b']])],
    };
    await panel.show(unknown);
    const title = panel.page.locator('.edge > title');
    assert.match((await title.first().textContent())!, /\u27e6unknown: x\u27e7/);
  });

  test('the table of all nodes', async () => {
    await panel.post({
      type: 'overview',
      lines: [
        overviewLine('1', { missing: ['7'] }),
        overviewLine('2'),
        overviewLine('3'),
        { node: '4', state: 'not-fetched' },
        { node: '5', state: 'failed', reason: '9' },
        { node: '6', state: 'waiting' },
        { node: '8', state: 'fetching' },
      ],
      services: [{ id: 'a', label: '0' }],
      nodes: [{ id: allNodes, label: '0' }],
      canFetch: true,
      state: { uri: 'file:///a', service: 'a', pinned: false, overview: true },
    });
    await panel.page.locator('tbody tr').first().waitFor();
    // The cells and the summary are the host's sentences.
    const own = 'h1, td[data-column], .overview [role=status], .content';
    assert.deepEqual(await panel.page.evaluate(english(own)), []);
    const differs = panel.page.locator('.differs:visible');
    assert.match((await differs.textContent())!, /^\u27e6differs: /);
  });
});

suite('the page in Chinese', () => {
  const openPanel = panelSuite({ width: 700, height: 820 });

  test('lists, blanks and the date are as Chinese has them', async () => {
    const texts = JSON.parse(readFileSync('l10n/bundle.l10n.zh-cn.json', 'utf8')) as Record<
      string,
      string
    >;
    const { page, show } = await openPanel('light', texts, 'zh-cn');
    await show(loadBalancer());
    assert.match(
      (await page.locator('h1 .verdict').textContent()) ?? '',
      /^Pod\u3001\u8282\u70b9\u548c\u5916\u90e8\u5ba2\u6237\u7aef\u53ef\u4ee5\u8bbf\u95ee\uff1b/,
    );
    assert.match((await page.locator('h1 .facts').textContent()) ?? '', /11\u670821\u65e5 13:42/);
    await page.screenshot({ path: 'out/screenshots/panel-zh-cn.png' });
  });
});
