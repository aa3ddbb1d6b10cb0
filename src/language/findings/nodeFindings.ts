import * as vscode from 'vscode';
import { movedFinding, type Finding } from '../../core/finding';
import { checkedNode, type CheckedNode } from '../../workspace/findings/checkedNode';
import { findingPage } from '../../workspace/findings/findingPage';
import type { NodeFolders } from '../../workspace/nodeFolders';
import { nodeLanguages } from '../../workspace/nodeLanguages';
import { rangeOf, uriNear } from '../../workspace/places';
import { problemAt } from '../../workspace/problems';
import { RestingDocuments } from '../../workspace/restingDocuments';
import { append } from '../../core/append';

/** A node's check reads all of its files: rarer than the look at one document, in milliseconds. */
const quietMs = 600;

/**
 * Shows in the Problems view what the checks find in the node that each open dump is of, in all of
 * its files. What only one dump's shape tells is shown by that dump's own language.
 */
export class NodeFindings implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('kube-proxy-node');
  /** By open dump: the files that its node's findings stand in. */
  private readonly shown = new Map<string, readonly vscode.Uri[]>();
  private readonly listening: vscode.Disposable;
  private readonly checked = new Map<string, CheckedNode>();
  private readonly found = new vscode.EventEmitter<void>();

  /** The node of an open dump was checked: `of` knows more. */
  readonly onDidFind = this.found.event;

  constructor(
    private readonly folders: NodeFolders,
    private readonly extensionUri: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {
    const selector = [...nodeLanguages].map((language) => ({ language }));
    const documents = new RestingDocuments(selector, {
      quietMs,
      look: (document) => void this.show(document),
      closed: (document) => this.forget(document),
    });
    this.listening = vscode.Disposable.from(
      documents,
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('kubeProxyInspector.findings')) documents.all();
      }),
      folders.onDidChange(() => documents.all()),
    );
  }

  dispose(): void {
    vscode.Disposable.from(this.listening, this.collection, this.found).dispose();
  }

  /** What is wrong with the node of an open dump; undefined before it was checked. */
  of(uri: vscode.Uri): CheckedNode | undefined {
    return this.checked.get(uri.toString());
  }

  private forget({ uri }: vscode.TextDocument): void {
    const key = uri.toString();
    const files = this.shown.get(key) ?? [];
    this.shown.delete(key);
    this.checked.delete(key);
    const others = new Set([...this.shown.values()].flat().map((one) => one.toString()));
    for (const file of files) if (!others.has(file.toString())) this.collection.delete(file);
  }

  private async show(document: vscode.TextDocument): Promise<void> {
    const { uri, version } = document;
    try {
      const { state, objects, original } = await this.folders.of(uri);
      const checked = await checkedNode(state, objects);
      const { checkOf } = await import('../../core/findings/all');
      // An edit in between shows its own findings; a closed document has none.
      if (document.isClosed || document.version !== version) return;
      const own = checked.findings.filter(({ code }) => checkOf(code));
      this.checked.set(uri.toString(), checked);
      this.found.fire();
      const files = new Map<string, vscode.Diagnostic[]>();
      for (const finding of own) {
        const file = uriNear(finding.range.source, uri).toString();
        append(files, file, this.diagnosticOf(movedFinding(finding, original), uri));
      }
      for (const file of this.shown.get(uri.toString()) ?? []) {
        if (!files.has(file.toString())) this.collection.delete(file);
      }
      const uris = [...files.keys()].map((file) => vscode.Uri.parse(file, true));
      this.shown.set(uri.toString(), uris);
      for (const file of uris) this.collection.set(file, files.get(file.toString()));
    } catch (error) {
      this.log.error(`Checking the node of ${uri.toString()}:`, error as Error);
    }
  }

  private diagnosticOf(finding: Finding, near: vscode.Uri): vscode.Diagnostic {
    const { code, range, related = [] } = finding;
    const diagnostic = problemAt(rangeOf(range), finding);
    diagnostic.code = { value: code, target: findingPage(this.extensionUri, code) };
    diagnostic.relatedInformation = related.map(
      (one) =>
        new vscode.DiagnosticRelatedInformation(
          new vscode.Location(uriNear(one.range.source, near), rangeOf(one.range)),
          one.message,
        ),
    );
    return diagnostic;
  }
}
