import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { closeSnapshot, openSample, until } from './samples';

interface Manifest {
  readonly contributes: {
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly id: string;
        readonly description: string;
        readonly completionEvents: readonly string[];
      }[];
    }[];
    readonly viewsWelcome: readonly { readonly contents: string }[];
  };
}

const extension = vscode.extensions.getExtension('kube-proxy-inspector.kube-proxy-inspector')!;
const { walkthroughs, viewsWelcome } = (extension.packageJSON as Manifest).contributes;

/** `[Open Sample](command:kubeProxyInspector.openSample)`. */
function commandsIn(text: string): readonly string[] {
  return [...text.matchAll(/\(command:([\w.]+)\)/g)].map(([, id]) => id!);
}

function closeAll(): Thenable<unknown> {
  return vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

suite('the first minute', () => {
  suiteTeardown(async () => {
    await closeSnapshot(join(extension.extensionPath, 'samples/kubernetes-1.36-iptables'));
    await closeAll();
  });

  test('every step of the walkthrough, and the welcome, names commands that exist', async () => {
    await extension.activate();
    const known = new Set(await vscode.commands.getCommands(true));
    const steps = walkthroughs.flatMap((one) => one.steps);
    assert.equal(steps.length, 5);
    for (const { id, description, completionEvents } of steps) {
      const commands = commandsIn(description);
      assert.ok(commands.length > 0, id);
      assert.deepEqual(
        completionEvents.map((event) => event.replace('onCommand:', '')).sort(),
        [...commands].sort(),
      );
      for (const command of commands) assert.ok(known.has(command), `${id}: ${command}`);
    }
    const welcome = commandsIn(viewsWelcome[0]!.contents);
    assert.equal(welcome.length, 5);
    for (const command of welcome) assert.ok(known.has(command), command);
  });

  test('the sample opens with the rules of a node, and they can be traced from anywhere', async () => {
    await closeAll();
    await vscode.commands.executeCommand('kubeProxyInspector.openSample');
    const { document } = vscode.window.activeTextEditor!;
    assert.equal(document.uri.scheme, 'kube-proxy-dump');
    assert.equal(document.languageId, 'iptables-save');
    assert.match(document.uri.path, /nodes\/node-a\/iptables-save\.txt$/);
    await vscode.commands.executeCommand('kubeProxyInspector.traceService', {
      service: 'default/whoami',
    });
    const panel = await until('a flow panel', () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .find(({ input }) => input instanceof vscode.TabInputWebview),
    );
    assert.match(panel.label, /whoami/);
    // The panel has the focus, not an editor: the dump is found among the tabs.
    await vscode.commands.executeCommand('kubeProxyInspector.copyWhatIsWrong');
    assert.match(await vscode.env.clipboard.readText(), /node-a/);
  });

  test('a pasted dump gets its language and counts for the node that it is given to', async () => {
    await closeAll();
    await openSample('kubernetes-1.36-ipvs/node-a/iptables-save.txt');
    await vscode.env.clipboard.writeText(
      '10: cali7@if2: <BROADCAST,UP> mtu 1500\n    inet 192.0.2.77/32 scope global cali7\n',
    );
    const pasting = vscode.commands.executeCommand('kubeProxyInspector.pasteDump');
    const pasted = await until('the pasted text', () =>
      vscode.workspace.textDocuments.find(({ isUntitled }) => isUntitled),
    );
    assert.equal(pasted.languageId, 'ip-address');
    // The first node offered is that of the open dump.
    let answered = false;
    void pasting.then(() => (answered = true));
    await until('the answer', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return answered;
    });
    const uri = pasted.uri.toString();
    await vscode.commands.executeCommand('kubeProxyInspector.copyWhatIsWrong', { uri });
    const report = await vscode.env.clipboard.readText();
    assert.match(report, /node-a/);
    assert.match(report, /ipvs/);
  });
});
