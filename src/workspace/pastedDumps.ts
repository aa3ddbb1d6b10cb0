import * as vscode from 'vscode';

/** The node that a pasted text is of. */
export interface PastedNode {
  readonly name: string;
  /** A dump of the node, which lies beside its others; without it only pasted texts are of the node. */
  readonly near?: string | undefined;
}

const storedKey = 'kubeProxyInspector.pasted';

/**
 * Of which node untitled texts are: they lie beside no files that would tell. Kept with the
 * workspace, as VS Code keeps the texts themselves, until they are closed.
 */
export class PastedDumps implements vscode.Disposable {
  private readonly nodes: Map<string, PastedNode>;
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly closing: vscode.Disposable;

  /** A text was given to a node, or is gone. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly state: vscode.Memento) {
    this.nodes = new Map(state.get<[string, PastedNode][]>(storedKey, []));
    this.closing = vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      // A text that gets another language is closed and opened at once.
      setTimeout(() => {
        if (!isOpen(uri) && this.nodes.has(uri.toString())) void this.set(uri, undefined);
      }, 0);
    });
  }

  dispose(): void {
    vscode.Disposable.from(this.closing, this.changed).dispose();
  }

  /** The node that the text was given to. */
  nodeOf(uri: vscode.Uri): PastedNode | undefined {
    return this.nodes.get(uri.toString());
  }

  /** The texts that are open and were given to a node. */
  textsOf(isNode: (node: PastedNode) => boolean): readonly vscode.TextDocument[] {
    return vscode.workspace.textDocuments.filter((document) => {
      const node = this.nodeOf(document.uri);
      return node !== undefined && isNode(node);
    });
  }

  /** The nodes that texts were given to, each once. */
  all(): readonly PastedNode[] {
    const found = new Map<string, PastedNode>();
    for (const node of this.nodes.values()) found.set(node.near ?? node.name, node);
    return [...found.values()];
  }

  async set(uri: vscode.Uri, node: PastedNode | undefined): Promise<void> {
    if (node) this.nodes.set(uri.toString(), node);
    else this.nodes.delete(uri.toString());
    this.changed.fire(uri);
    await this.state.update(storedKey, [...this.nodes]);
  }
}

function isOpen(uri: vscode.Uri): boolean {
  return vscode.workspace.textDocuments.some((one) => one.uri.toString() === uri.toString());
}
