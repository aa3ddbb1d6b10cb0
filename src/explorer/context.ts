import type * as vscode from 'vscode';
import type { DumpFiles } from '../workspace/clusters/dumpFiles';
import type { Sources } from '../workspace/clusters/sources';
import type { ExplorerProvider } from './provider';
import type { TreeNode } from './tree/node';

/** What the commands of the explorer share. */
export interface ExplorerContext {
  readonly sources: Sources;
  readonly provider: ExplorerProvider;
  readonly view: vscode.TreeView<TreeNode>;
  readonly files: DumpFiles;
  readonly log: vscode.LogOutputChannel;
}

/** The node that a menu was opened on; from the palette or a key, the selected one. */
export function nodeOf({ view }: ExplorerContext, argument: unknown): TreeNode | undefined {
  const given = argument as Partial<TreeNode> | undefined;
  return given?.target ? (given as TreeNode) : view.selection[0];
}
