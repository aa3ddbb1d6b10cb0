import assert from 'node:assert/strict';
import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/vscode/browser.js';
import type { FlowGraph } from '../../src/core/flow/graph';
import type { FromWebview, ToWebview } from '../../src/flow/protocol';
import { contentSecurityPolicy, pageHtml } from '../../src/flow/html';
import { themes } from './themes';
import type { ThemeName } from './themes';

const origin = 'http://panel.test';

type GraphMessage = Extract<ToWebview, { type: 'graph' }>;

/** The built page, without the extension host: it stands in for acquireVsCodeApi. */
export interface PanelPage {
  readonly page: Page;
  post(message: ToWebview): Promise<void>;
  show(
    graph: FlowGraph,
    state?: Partial<GraphMessage['state']>,
    more?: Partial<GraphMessage>,
  ): Promise<void>;
  /** All that the page posted so far. */
  posted(): Promise<FromWebview[]>;
  /** Violations of the content security policy and errors on the page. */
  readonly complaints: readonly string[];
}

/** What the tests use of the page's window; their own types know no DOM. */
interface Poster {
  postMessage(data: unknown, origin: string): void;
  readonly posted: FromWebview[];
}

/** The one that all suites share. */
let browser: Promise<Browser> | undefined;

let bundle: Promise<Map<string, string>> | undefined;

async function bundled(): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    entryPoints: ['webview/main.ts'],
    bundle: true,
    format: 'esm',
    write: false,
    outdir: 'out',
  });
  return new Map(outputFiles.map(({ path, text }) => [path.endsWith('.css') ? 'css' : 'js', text]));
}

/**
 * The hooks of a suite: a browser context for its tests, and behind each test a page that is closed and
 * has complained of nothing.
 *
 * @returns opens a test's page; of several the last is asked
 */
export function panelSuite(viewport = { width: 1280, height: 720 }) {
  let context: BrowserContext;
  let panel: PanelPage;
  suiteSetup(async () => {
    context = await (await (browser ??= launchBrowser())).newContext({ viewport });
  });
  suiteTeardown(() => context.close());
  teardown(async () => {
    await panel.page.close();
    assert.deepEqual(panel.complaints, [], 'errors or violations of the content security policy');
  });
  return async (
    theme: ThemeName = 'dark',
    texts?: Readonly<Record<string, string>>,
    language?: string,
  ) => (panel = await openPanel(context, theme, texts, language));
}

/**
 * @param texts The bundle of another language.
 * @param language Of the texts, BCP 47.
 */
export async function openPanel(
  context: BrowserContext,
  theme: ThemeName,
  texts: Readonly<Record<string, string>> = {},
  language = 'en',
): Promise<PanelPage> {
  const files = await (bundle ??= bundled());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  const { kind, variables } = themes[theme];
  const style = Object.entries(variables).map(([name, value]) => `--vscode-${name}: ${value};`);
  await page.route(`${origin}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/main.js') {
      return route.fulfill({ contentType: 'text/javascript', body: files.get('js')! });
    }
    if (pathname === '/main.css') {
      return route.fulfill({ contentType: 'text/css', body: files.get('css')! });
    }
    if (pathname === '/theme.css') {
      return route.fulfill({ contentType: 'text/css', body: `:root { ${style.join(' ')} }` });
    }
    return route.fulfill({
      contentType: 'text/html',
      headers: { 'Content-Security-Policy': contentSecurityPolicy(origin, 'test') },
      body: pageHtml({
        cspSource: origin,
        nonce: 'test',
        script: '/main.js',
        style: '/main.css',
        language,
        title: 'Flow graph',
        texts,
      })
        .replace('<link', '<link rel="stylesheet" href="/theme.css"><link')
        .replace('<body', `<body class="${kind}" data-vscode-theme-kind="${kind}"`),
    });
  });
  await page.addInitScript({
    content: `globalThis.posted = [];
      globalThis.acquireVsCodeApi = () => ({
        postMessage: (message) => posted.push(message),
        getState: () => globalThis.state,
        setState: (state) => { globalThis.state = state; },
      });`,
  });
  await page.goto(`${origin}/`);
  const post = (message: ToWebview) =>
    page.evaluate((data) => (globalThis as unknown as Poster).postMessage(data, '*'), message);
  return {
    page,
    complaints,
    post,
    async show(graph, state, more) {
      await post({
        type: 'graph',
        graph,
        services: [{ id: 'a', label: graph.title }],
        nodes: [
          { id: 'node-a', label: 'node-a' },
          { id: 'node-b', label: 'node-b' },
        ],
        heat: false,
        state: { uri: 'file:///a', service: 'a', node: 'node-a', pinned: false, ...state },
        ...more,
      });
      await page.locator('.node').first().waitFor();
    },
    posted: () => page.evaluate(() => (globalThis as unknown as Poster).posted),
  };
}
