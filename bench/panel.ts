import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../scripts/vscode/browser.js';
import { serviceGraph } from '../src/core/flow/serviceGraph';
import type { FlowGraph } from '../src/core/flow/graph';
import type { ToWebview } from '../src/flow/protocol';
import { nodeOf } from '../test/core/flow/sampleNode';
import { withEndpoints } from '../test/ui/derivedDumps';
import { openPanel } from '../test/page/page';
import { formatMs, median } from './measure';
import { frames, paintOf, plainSvg } from './panelPage.js';

const runs = 5;

/**
 * The flow panel's page with a Service of 1,000 endpoints, in a real browser: until it is painted,
 * until its group is open, and how evenly it pans and zooms then; beside a page that only paints as
 * many SVG elements, and the frames of an empty page. Rows as the other benches print them.
 */
export async function measurePanel(): Promise<[string, string, string][]> {
  const graph = await thousandEndpoints();
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const empty = await context.newPage();
    const still = await empty.evaluate(frames, 'none');

    const first: number[] = [];
    const opening: number[] = [];
    let page: Page = empty;
    for (let i = 0; i < runs; i++) {
      await page.close();
      const panel = await openPanel(context, 'dark');
      page = panel.page;
      const state = { uri: 'file:///a', service: 'a', pinned: false };
      const message: ToWebview = {
        type: 'graph',
        graph,
        services: [],
        nodes: [],
        heat: false,
        state,
      };
      first.push(await page.evaluate(paintOf, { message }));
      opening.push(await page.evaluate(paintOf, { click: '.node.group' }));
    }
    const pan = await page.evaluate(frames, 'pan');
    const zoom = await page.evaluate(frames, 'zoom');
    const elements = await page.locator('.graph *').count();

    const plain = await context.newPage();
    const painted: number[] = [];
    for (let i = 0; i < runs; i++) painted.push(await plain.evaluate(plainSvg, elements));
    const [firstMs, openMs, plainMs] = [first, opening, painted].map(median) as [
      number,
      number,
      number,
    ];
    const name = '1,000 endpoints';
    const of = (what: string, { p50, p95 }: Frames): [string, string, string][] => [
      [`${name}: ${what}, frame / empty page's, p50`, (p50 / still.p50).toFixed(1), '1'],
      [`${name}: ${what}, frame / empty page's, p95`, (p95 / still.p95).toFixed(1), ''],
    ];
    return [
      [`${name}: first paint`, formatMs(firstMs), '1 s'],
      [`${name}: first paint, first time`, formatMs(first[0]!), '1 s'],
      [`${name}: group opened`, formatMs(openMs), ''],
      [`plain SVG of ${elements} elements`, formatMs(plainMs), ''],
      [`${name}: group opened / plain SVG`, (openMs / plainMs).toFixed(1), ''],
      [`frame of an empty page, p50`, formatMs(still.p50), ''],
      ...of('pan', pan),
      ...of('zoom', zoom),
    ];
  } finally {
    await browser.close();
  }
}

/** Between two frames, in milliseconds. */
interface Frames {
  readonly p50: number;
  readonly p95: number;
}

/** Of a real node, one Service's rules made into those of 1,000 endpoints. */
async function thousandEndpoints(): Promise<FlowGraph> {
  const folder = new URL('../samples/kubernetes-1.36-iptables/node-a/', import.meta.url);
  const names = readdirSync(folder).filter((name) => name !== 'iptables-save-c.txt');
  const texts = new Map(names.map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]));
  const dump = texts.get('iptables-save.txt')!;
  texts.set('iptables-save.txt', withEndpoints(dump, 'KUBE-SVC-DC3OOLRZIWFKJHLB', 1000));
  const { node, ruleset, service } = await nodeOf(texts);
  return serviceGraph(node, { service: service('default/whoami'), family: ruleset.family, ruleset })
    .graph;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(await measurePanel());
