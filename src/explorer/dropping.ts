import * as vscode from 'vscode';
import type { TreeNode } from './tree/node';

const mime = 'text/uri-list';

/**
 * Archives and folders that are dropped on the view are opened.
 *
 * @param open a file or folder; shows its own errors
 */
export function dropController(
  open: (dropped: vscode.Uri) => Thenable<unknown>,
): vscode.TreeDragAndDropController<TreeNode> {
  return {
    dropMimeTypes: [mime],
    dragMimeTypes: [],
    async handleDrop(_target, data) {
      const text = (await data.get(mime)?.asString()) ?? '';
      const lines = text.split('\r\n').filter((line) => line !== '' && !line.startsWith('#'));
      for (const line of lines) {
        const uri = vscode.Uri.parse(line, true);
        if (uri.scheme === 'file' || uri.scheme === 'vscode-remote') await open(uri);
      }
    },
  };
}
