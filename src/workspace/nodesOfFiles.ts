import * as vscode from 'vscode';
import type { DumpKindId } from '../syntax/dumps/kinds';
import { parentOf, pathOf } from './files';

/** What the user said of a file whose name does not tell its node. */
export interface NodeOfFile {
  readonly name: string;
  /** What the file holds: its name may not tell that either. */
  readonly kind: DumpKindId;
}

const storedKey = 'kubeProxyInspector.nodesOfFiles';
const askedKey = 'kubeProxyInspector.foldersAsked';

/** Of which node the files of flat folders are, as the user said; kept with the workspace. */
export class NodesOfFiles implements vscode.Disposable {
  /** By the files' `pathOf`. */
  private readonly nodes: Map<string, NodeOfFile>;
  private readonly asked: Set<string>;
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();

  /** A file was given to a node, or to none any more. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly state: vscode.Memento) {
    this.nodes = new Map(state.get<[string, NodeOfFile][]>(storedKey, []));
    this.asked = new Set(state.get<string[]>(askedKey, []));
  }

  dispose(): void {
    this.changed.dispose();
  }

  /** @param path of the file's `pathOf` */
  nodeOf(path: string): NodeOfFile | undefined {
    return this.nodes.get(path);
  }

  /** Whether the user was asked about the folder, whatever the answer was. */
  wasAsked(folder: vscode.Uri): boolean {
    return this.asked.has(pathOf(folder));
  }

  async setAsked(folder: vscode.Uri): Promise<void> {
    this.asked.add(pathOf(folder));
    await this.state.update(askedKey, [...this.asked]);
  }

  /** Gives files of one folder to nodes; undefined leaves a file to what its name tells. */
  async set(files: ReadonlyMap<string, NodeOfFile | undefined>): Promise<void> {
    const [first] = files.keys();
    if (first === undefined) return;
    for (const [path, node] of files) {
      if (node) this.nodes.set(path, node);
      else this.nodes.delete(path);
    }
    this.changed.fire(vscode.Uri.parse(first, true));
    await this.state.update(storedKey, [...this.nodes]);
    await this.setAsked(parentOf(vscode.Uri.parse(first, true)));
  }
}
