import type { LineParser } from '../syntax/treeSitter';
import type { MarkdownPages } from '../workspace/markdownPages';
import type { NodeFolders } from '../workspace/nodeFolders';
import type { PreviewFiles } from '../workspace/previewFiles';

/** What the commands are answered from. */
export interface WhatIfWorld {
  readonly folders: NodeFolders;
  readonly previews: PreviewFiles;
  readonly pages: MarkdownPages;
  readonly parser: () => Promise<LineParser>;
}
