import * as vscode from 'vscode';
import type { ReportLinks } from '../../core/report/markdown';
import type { SourceRange } from '../../core/source';
import { lastPart, parentOf } from '../../workspace/files';
import { uriNear } from '../../workspace/places';

/**
 * Links of a page to the places in dumps and to the findings' pages.
 *
 * @param near one dump of each node: which capture of a node's dumps is meant
 */
export function linksNear(near: readonly vscode.Uri[]): ReportLinks {
  const captures = new Map(near.map((uri) => [parentOf(uri).path, uri]));
  return {
    place: (range) => {
      const folder = parentOf(vscode.Uri.parse(range.source, true)).path;
      const own = captures.get(folder) ?? near[0];
      return own ? linkTo(range, own) : `${range.source}:${range.line + 1}`;
    },
    // Beside the page itself: MarkdownPages has them there.
    page: (code) => `findings/${code}.md`,
  };
}

/**
 * `[iptables-save.txt:12](/node-a/iptables-save.txt#L12)`: a place in a dump of the capture that `near`
 * is of. VS Code's Markdown preview opens paths alone, below the first folder of the workspace, and shows
 * a link with a scheme of another kind as it is written: elsewhere the place is named without a link.
 */
export function linkTo({ source, line }: SourceRange, near: vscode.Uri): string {
  const uri = uriNear(source, near);
  const { scheme, authority, path } = uri;
  const place = `${lastPart(uri).replace(/[[\]\\]/g, '\\$&')}:${line + 1}`;
  const root = vscode.workspace.workspaceFolders?.[0]?.uri;
  const isBelow =
    root?.scheme === scheme && root.authority === authority && path.startsWith(`${root.path}/`);
  if (!isBelow) return place;
  const target = path.slice(root.path.length).split('/').map(encodeURIComponent).join('/');
  return `[${place}](${target.replace(/[()]/g, hex)}#L${line + 1})`;
}

/** encodeURIComponent leaves them as they are; they would end the link. */
function hex(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16)}`;
}
