import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, FrameLocator } from 'playwright-core';
import { seriousFindings } from '../page/accessibility';
import { press, selectEntry, traceService } from './flowPanel';
import { contrastsOf } from '../inPage.js';
import { configureWorkspace, folderWorkbench, suiteFolder } from './sharedWorkbench';
import type { Workbench } from './workbench';

/** VS Code's own themes by their ids, and the class that a webview's body then has. */
const themes = [
  ['Dark Modern', 'vscode-dark'],
  ['Light Modern', 'vscode-light'],
  ['Default High Contrast', 'vscode-high-contrast'],
  ['Default High Contrast Light', 'vscode-high-contrast-light'],
] as const;

suite('the flow panel in VS Code\u2019s themes', () => {
  const folder = suiteFolder('themes');
  const dump = join(folder, 'iptables-save.txt');
  let workbench: Workbench;
  let panel: FrameLocator;
  let frame: Frame;

  suiteSetup(async () => {
    cpSync('samples/kubernetes-1.36-iptables/node-a', folder, { recursive: true });
    // With counters.
    cpSync(join(folder, 'iptables-save-c.txt'), dump);
    workbench = await folderWorkbench(folder);
    panel = await traceService(workbench, dump, 'shop/checkout:https');
    await workbench.runCommand('View: Maximize Editor Group and Hide Side Bars');
    frame = await workbench.webviewFrame();
  });

  suiteTeardown(() => workbench.close());

  async function setTheme([theme, kind]: (typeof themes)[number]): Promise<string> {
    configureWorkspace({ 'workbench.colorTheme': theme });
    await panel.locator(`body.${kind}[data-vscode-theme-id="${theme}"]`).waitFor();
    return theme.toLowerCase().replaceAll(' ', '-');
  }

  const contrasts = () => panel.locator('.graph').evaluate(contrastsOf);

  for (const theme of themes) {
    test(`${theme[0]}: all texts can be read, the focus can be seen, axe finds nothing`, async () => {
      const name = await setTheme(theme);
      await press(panel, 'Fit');
      assert.deepEqual((await contrasts()).faint, []);
      assert.deepEqual(await seriousFindings(frame), []);
      await workbench.screenshot(`flow-${name}`);

      await selectEntry(panel, 'Outside, NodePort');
      assert.deepEqual((await contrasts()).faint, []);
      assert.deepEqual(await seriousFindings(frame), []);

      await press(panel, 'Counters');
      await panel.locator('vscode-button[aria-pressed=true]', { hasText: 'Counters' }).waitFor();
      assert.deepEqual((await contrasts()).faint, []);
      assert.deepEqual(await seriousFindings(frame), []);
      await workbench.screenshot(`flow-${name}-counters`);
      await press(panel, 'Counters');

      // The keyboard: what a click focuses has no ring.
      await panel.locator('.node[tabindex="0"]').focus();
      await workbench.page.keyboard.press('ArrowDown');
      const { ring } = await contrasts();
      assert.ok(ring && ring.width >= 2 && ring.contrast >= 3, JSON.stringify(ring));
      await workbench.screenshot(`flow-${name}-entry`);
      // The hover card, then the selection.
      await workbench.page.keyboard.press('Escape');
      await panel.locator('.hover-card:visible').waitFor({ state: 'detached' });
      await workbench.page.keyboard.press('Escape');
      await panel.locator('.node.dim').first().waitFor({ state: 'detached' });
    });
  }

  test('a Service that went away: said in every theme, and axe finds nothing', async () => {
    const rules = readFileSync(dump, 'utf8').split('\n');
    const others = rules.filter((line) => !/shop\/checkout:https|S6GYCJULEJ2HSKT7/.test(line));
    const told = panel.locator('.problem h2');
    // In a window that others have used, the watch of a folder may begin after the first write.
    do writeFileSync(dump, others.join('\n'));
    while (
      !(await told.waitFor({ timeout: 5000 }).then(
        () => true,
        () => false,
      ))
    );
    for (const theme of themes) {
      const name = await setTheme(theme);
      assert.deepEqual(await seriousFindings(frame), []);
      await workbench.screenshot(`flow-${name}-problem`);
    }
    writeFileSync(dump, rules.join('\n'));
    await panel.locator('.node.endpoint').first().waitFor();
  });
});
