import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Dialog, Frame, FrameLocator, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/vscode/browser.js';
import { startServer, workbenchUrl } from '../../scripts/vscode/server.js';
import { nextFrames, textBox } from '../inPage.js';
import { treeRow } from './liveFolder';

const project = fileURLToPath(new URL('../../', import.meta.url));
/** A window reloads in 7 s on an idle machine and in 50 s on one with 20 others at work. */
const patience = 75_000;
const screenshots = join(project, 'out/screenshots');

/** A VS Code in a browser, with the extension, as a user has it before them. */
export interface Workbench {
  /** For what the methods here don't do. */
  readonly page: Page;
  /**
   * Opens a file by quick open.
   * @param path Relative to the opened folder, or absolute.
   * @param line Where the cursor goes, from 1.
   * @param column The same, for what is right of the window in a long line.
   */
  openFile(path: string, line?: number, column?: number): Promise<void>;
  /** Runs a command by its title in the palette, such as `View: Close All Editors`. */
  runCommand(title: string): Promise<void>;
  /** Reloads the window as a user does: VS Code writes its state down first, the page alone may not. */
  reload(): Promise<void>;
  /** Filters an open quick pick by a text and chooses the first entry that has it. */
  pick(text: string): Promise<void>;
  /** The first visible place of a text in the editors, in CSS pixels. It may not span two lines. */
  find(text: string): Promise<Box>;
  /** Moves the mouse over a visible text and gives the hover's text. */
  hover(text: string): Promise<string>;
  /** Puts the cursor into a visible text. */
  click(text: string): Promise<void>;
  /** Puts the cursor into a visible text and presses F12 until it has gone to its definition. */
  goToDefinition(text: string): Promise<void>;
  /**
   * Clicks the first visible code lens whose text has `text`, until the click has its effect: VS
   * Code draws lenses anew whenever more is known, and a click just then is lost.
   *
   * @param effect What then appears.
   */
  clickCodeLens(text: string, effect: Locator): Promise<void>;
  /** Opens a line of a tree, by the beginning of its label; it may be drawn anew meanwhile. */
  expand(label: string): Promise<void>;
  /**
   * Right-clicks a place and chooses an entry of the menu that opens.
   *
   * @param effect What then appears: a menu that goes away by itself looks like one that was chosen
   *   from. Where it does not, it is chosen again.
   */
  chooseFromMenu(place: Locator, entry: string, effect: Locator): Promise<void>;
  /** Where the cursor is, both from 1, as the status bar says. */
  cursor(): Promise<{ line: number; column: number }>;
  /** Waits until the cursor is on a line (from 1). */
  cursorOnLine(line: number): Promise<void>;
  /** The title of the active editor. */
  activeTab(): Promise<string>;
  /** The content of the webview that is shown. */
  webview(): FrameLocator;
  /** The same as a frame, to run scripts in. */
  webviewFrame(): Promise<Frame>;
  /** Writes out/screenshots/NAME.png. @returns its path. */
  screenshot(name: string): Promise<string>;
  close(): Promise<void>;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Those not closed yet: hooks.ts takes a picture of them when a test fails. */
export const openWorkbenches = new Set<Workbench>();

let sharedBrowser: Promise<Browser> | undefined;

/**
 * Starts a VS Code of its own (about 5 s): open one in `suiteSetup`, close it in `suiteTeardown`.
 *
 * @param options.folder The folder to open, relative to the project. Default: samples.
 * @param options.others Folders of other extensions, relative to the project.
 * @param options.env Variables for VS Code and so for the extension.
 * @param options.settings User settings, such as `workbench.colorTheme`.
 * @param options.extension `packaged` for what `npm run package` has made. Default: linked.
 */
export async function openWorkbench(
  options: {
    folder?: string;
    settings?: Record<string, unknown>;
    extension?: 'linked' | 'packaged';
    others?: readonly string[];
    env?: Record<string, string>;
  } = {},
): Promise<Workbench> {
  const folder = resolve(project, options.folder ?? 'samples');
  const server = await startServer({
    extension: options.extension ?? 'linked',
    others: (options.others ?? []).map((path) => resolve(project, path)),
    env: options.env ?? {},
    // A tooltip would cover what a test clicks next. Not the editor's hovers.
    settings: { 'workbench.hover.delay': 600_000, ...options.settings },
  });
  const browser = await (sharedBrowser ??= launchBrowser());
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  await page.goto(workbenchUrl(server, { folder }));
  await page.locator('.monaco-workbench .explorer-folders-view .monaco-list-row').first().waitFor();

  const workbench: Workbench = {
    page,
    openFile: (path, line, column) => openFile(page, resolve(folder, path), line, column),
    runCommand: (title) => runCommand(page, title),
    reload: () => until('the window is loaded anew', () => reload(page)),
    pick: (text) => pick(page, text),
    find: (text) => find(page, text),
    hover: (text) => hover(page, text),
    click: (text) => click(page, text),
    goToDefinition: (text) => goToDefinition(page, text),
    clickCodeLens: (text, effect) => clickCodeLens(page, text, effect),
    expand: (label) => expand(page, label),
    chooseFromMenu: (place, entry, effect) => chooseFromMenu(page, place, entry, effect),
    cursor: () => cursor(page),
    cursorOnLine: (line) =>
      page.locator(`#status\\.editor\\.selection`, { hasText: `Ln ${line},` }).waitFor(),
    activeTab: () => activeTab(page),
    webview: () => page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame'),
    async webviewFrame() {
      const root = await workbench.webview().locator('html').elementHandle();
      return (await root!.ownerFrame())!;
    },
    screenshot: (name) => screenshot(page, name),
    async close() {
      openWorkbenches.delete(workbench);
      await context.close();
      server.stop();
    },
  };
  openWorkbenches.add(workbench);
  return workbench;
}

async function openFile(page: Page, path: string, line = 1, column = 1): Promise<void> {
  await typeIntoQuickInput(page, `${path}:${line}:${column}`);
  await choose(quickPickRow(page, basename(path)));
  await page
    .locator('.editor-group-container.active .tab.active', { hasText: basename(path) })
    .waitFor();
  await page.locator('.editor-group-container.active .view-line').first().waitFor();
}

async function runCommand(page: Page, title: string): Promise<void> {
  await typeIntoQuickInput(page, `>${title}`);
  await choose(quickPickRow(page, title));
}

/**
 * While VS Code has state to write down it asks whether to leave, and who does not answer stays: it
 * is written meanwhile, and a second attempt goes through.
 *
 * @throws where it asked.
 */
async function reload(page: Page): Promise<void> {
  let ask!: (reason: Error) => void;
  const asked = new Promise<never>((_, reject) => (ask = reject));
  const stay = async (dialog: Dialog) => {
    await dialog.dismiss();
    ask(new Error(`VS Code asks: ${dialog.type()} ${dialog.message()}`));
  };
  page.once('dialog', stay);
  const left = Promise.race([page.waitForEvent('load'), asked]);
  left.catch(() => undefined); // It may end before it is awaited.
  try {
    await runCommand(page, 'Developer: Reload Window');
    await left;
  } finally {
    page.off('dialog', stay);
  }
}

async function pick(page: Page, text: string): Promise<void> {
  await quickInput(page).fill(text);
  await choose(quickPickRow(page, text));
}

/** Opens the palette and replaces its `>` with the text: a leading `>` makes it a command. */
async function typeIntoQuickInput(page: Page, text: string): Promise<void> {
  const input = quickInput(page);
  await until('the command palette opens', async () => {
    await page.keyboard.press('F1');
    await input.waitFor({ timeout: 1500 });
  });
  await input.fill(text);
}

function quickInput(page: Page): Locator {
  return page.locator('.quick-input-widget:visible .quick-input-box input').first();
}

function quickPickRow(page: Page, text: string): Locator {
  return page.locator('.quick-input-widget:visible .quick-input-list .monaco-list-row', {
    hasText: text,
  });
}

/** Clicks an entry until the list closes: while it is being filled it moves under the mouse. */
async function choose(row: Locator): Promise<void> {
  await row.first().waitFor();
  await until('the list closes', async () => {
    if (await row.first().isVisible()) {
      await row.first().click({ timeout: 1500 });
    }
    await row.first().waitFor({ state: 'hidden', timeout: 1500 });
  });
}

async function find(page: Page, text: string): Promise<Box> {
  let box: Box | undefined;
  await until(`"${text}" is visible in the editor`, async () => {
    box = await page.evaluate(textBox, text);
    assert.ok(box, 'not visible');
  });
  assert.ok(box);
  return box;
}

async function hover(page: Page, text: string): Promise<string> {
  const content = page.locator('.monaco-hover:visible .hover-contents');
  let shown = '';
  await until(`a hover over "${text}"`, async () => {
    const { x, y, width, height } = await find(page, text);
    await page.mouse.move(x, 1); // Off the editor: an earlier hover goes away.
    await content.first().waitFor({ state: 'hidden', timeout: 3000 });
    await page.mouse.move(x + width / 2, y + height / 2, { steps: 3 });
    // Patience: moving the mouse again would begin anew.
    const loaded = content.filter({ hasText: /\S/, hasNotText: 'Loading...' });
    await loaded.first().waitFor({ timeout: 10_000 });
    shown = (await content.allInnerTexts()).join('\n');
  });
  return shown;
}

async function click(page: Page, text: string): Promise<void> {
  const { x, y, width, height } = await find(page, text);
  await page.mouse.click(x + width / 2, y + height / 2);
  // The status bar tells the cursor's place one frame after the editor shows it.
  await page.evaluate(nextFrames);
}

/** The language may not be loaded yet, in which case F12 does nothing. */
async function goToDefinition(page: Page, text: string): Promise<void> {
  await click(page, text);
  const status = page.locator('#status\\.editor\\.selection');
  const before = await status.innerText();
  await until(`the definition of "${text}"`, async () => {
    await page.keyboard.press('F12');
    await status.filter({ hasNotText: before }).waitFor({ timeout: 1500 });
  });
}

async function clickCodeLens(page: Page, text: string, effect: Locator): Promise<void> {
  const lens = page.locator('.codelens-decoration a:visible', { hasText: text }).first();
  const appeared = effect.first();
  await lens.waitFor();
  await until(`a click on the lens "${text}" has its effect`, async () => {
    if (await appeared.isVisible()) return;
    // A lens that VS Code has drawn anew keeps its old command, which is gone, until it is resolved:
    // that happens when the editor is scrolled.
    await page.mouse.wheel(0, 20);
    await page.mouse.wheel(0, -20);
    // It may be gone by its own click.
    if (await lens.isVisible()) await lens.click({ timeout: 1500 });
    await appeared.waitFor({ timeout: 5000 });
  });
}

async function expand(page: Page, label: string): Promise<void> {
  const row = treeRow(page, label);
  await row.waitFor();
  await until(`"${label}" is open`, async () => {
    if ((await row.getAttribute('aria-expanded', { timeout: 1500 })) === 'false') {
      await row.locator('.monaco-tl-twistie').click({ timeout: 1500 });
    }
    // On a busy machine it takes a while: a second click would close what the first one opens.
    await row.and(page.locator('[aria-expanded="true"]')).waitFor({ timeout: 8000 });
  });
}

/**
 * A menu ignores the mouse for a moment after it opened, and goes away when what it is of is drawn
 * anew: it is opened and clicked until it closes by the click.
 */
async function chooseFromMenu(
  page: Page,
  place: Locator,
  entry: string,
  effect: Locator,
): Promise<void> {
  const item = page
    .locator('.monaco-menu:visible, .context-view:visible')
    .getByText(entry, { exact: true })
    .first();
  await place.waitFor();
  await until(`${entry} is chosen`, async () => {
    if (!(await item.isVisible())) {
      await place.click({ button: 'right', timeout: 3000 });
      await item.waitFor({ timeout: 3000 });
    }
    await item.click({ timeout: 1500 });
    await item.waitFor({ state: 'hidden', timeout: 1500 });
    await effect.first().waitFor({ timeout: 10_000 });
  });
}

async function cursor(page: Page): Promise<{ line: number; column: number }> {
  const status = await page.locator('#status\\.editor\\.selection').innerText();
  const [, line, column] = /Ln (\d+), Col (\d+)/.exec(status) ?? [];
  return { line: Number(line), column: Number(column) };
}

async function activeTab(page: Page): Promise<string> {
  const tab = page.locator('.editor-group-container.active .tab.active');
  return (await tab.getAttribute('data-resource-name')) ?? '';
}

async function screenshot(page: Page, name: string): Promise<string> {
  mkdirSync(screenshots, { recursive: true });
  const path = join(screenshots, `${name}.png`);
  await page.screenshot({ path, timeout: 20_000 });
  return path;
}

/** Retries an attempt, which throws while it does not succeed, as long as anything is waited for. */
export async function until(what: string, attempt: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) {
        throw new Error(`Waited in vain: ${what}.`, { cause: error });
      }
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}
