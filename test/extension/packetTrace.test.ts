import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { sampleUri, until } from './samples';

const head =
  'SRC=10.244.0.9 DST=10.99.205.136 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=1 DF PROTO=TCP SPT=47644 DPT=3000 SEQ=1 ACK=0 WINDOW=1 RES=0x00 SYN URGP=0';
const trace = `[1.5] TRACE: nat:PREROUTING:rule:1 IN=cni0 OUT= ${head}
[1.6] TRACE: nat:PREROUTING:policy:2 IN=cni0 OUT= ${head}
[1.7] checked: IN= OUT=lo SRC=10.99.205.136 DST=10.99.205.136 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=2 DF PROTO=TCP SPT=1 DPT=3000 SEQ=2 ACK=0 WINDOW=1 RES=0x00 SYN URGP=0
`;

suite('evidence at hand: kernel traces beside a dump', () => {
  let folder: string;

  suiteSetup(() => {
    folder = mkdtempSync(join(tmpdir(), 'trace-'));
    const sample = sampleUri('kubernetes-1.36-iptables/node-a').fsPath;
    for (const name of ['iptables-save.txt', 'ip-addr.txt', 'ip-route.txt']) {
      cpSync(join(sample, name), join(folder, name));
    }
  });
  suiteTeardown(() => rmSync(folder, { recursive: true }));

  async function open(name: string, text: string): Promise<vscode.TextDocument> {
    const file = join(folder, name);
    writeFileSync(file, text);
    const { document } = await vscode.window.showTextDocument(vscode.Uri.file(file));
    return document;
  }

  async function hoverOf({ uri }: vscode.TextDocument, line: number): Promise<string> {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      uri,
      new vscode.Position(line, 12),
    );
    return hovers
      .flatMap(({ contents }) => contents)
      .map((content) => (typeof content === 'string' ? content : content.value))
      .join('\n')
      .replaceAll('&nbsp;', ' ');
  }

  /** The text that a command opens beside. */
  function laid(what: RegExp): Promise<string> {
    return until(`a text with ${what}`, () =>
      vscode.workspace.textDocuments
        .filter(({ isUntitled }) => isUntitled)
        .map((document) => document.getText())
        .find((text) => what.test(text)),
    );
  }

  test('a trace is a language: hovers tell the rule, the end of a chain, a source not masqueraded', async () => {
    const document = await open('packet-trace.txt', trace);
    assert.equal(document.languageId, 'packet-trace');
    assert.match(await hoverOf(document, 0), /KUBE[^]*SERVICES[^]*rule/);
    assert.match(await hoverOf(document, 1), /The end of PREROUTING/);
    assert.match(await hoverOf(document, 2), /not masqueraded yet/);
  });

  test('"Lay on Rules" opens the steps with their rules beside', async () => {
    const document = await open('packet-trace.txt', trace);
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    await vscode.commands.executeCommand('kubeProxyInspector.layOnRules');
    const text = await laid(/nat PREROUTING rule 1/);
    assert.match(text, /tcp 10.244.0.9:47644 > 10.99.205.136:3000 in by cni0/);
    assert.match(text, /\d of \d steps laid on rules/);
    const drawn = await until('the trace in the flow panel', () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .filter(({ input }) => input instanceof vscode.TabInputWebview)
        .map(({ label }) => label)
        .find((label) => label.includes('packet-trace.txt:1')),
    );
    assert.equal(drawn, 'Flow: packet-trace.txt:1');
  });

  test('"Lay on Rules" on lines of conntrack says where the dump would send them', async () => {
    await open(
      'conntrack-packet-trace.txt',
      'tcp      6 5 CLOSE src=10.244.0.9 dst=10.99.205.136 sport=47644 dport=3000 src=10.244.9.9 dst=10.244.0.9 sport=1 dport=47644 mark=0 use=1\n',
    );
    await vscode.commands.executeCommand('kubeProxyInspector.layOnRules');
    assert.match(await laid(/CLOSE: to 10.244.9.9:1/), /! by the dump it would go to/);
  });
});
