import * as vscode from 'vscode';
import type { ReportLinks } from '../../core/report/markdown';
import type { SourceRange } from '../../core/source';
import { parentOf } from '../../workspace/files';
import { pageOf, uriOf } from './nodeFindings';

/**
 * Links of a page to the places in dumps and to the findings' pages.
 *
 * @param near one dump of each node: which capture of a node's dumps is meant
 */
export function linksNear(near: readonly vscode.Uri[], extensionUri: vscode.Uri): ReportLinks {
  const captures = new Map(near.map((uri) => [parentOf(uri).path, uri]));
  return {
    place: (range) => linkTo(range, captures, near[0]),
    page: (code) => pageOf(extensionUri, code).toString(),
  };
}

function linkTo(
  { source, line }: SourceRange,
  captures: ReadonlyMap<string, vscode.Uri>,
  first: vscode.Uri | undefined,
): string {
  const folder = parentOf(vscode.Uri.parse(source, true)).path;
  const near = captures.get(folder) ?? first;
  if (!near) return `${source}:${line + 1}`;
  const uri = uriOf(source, near);
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1).replace(/[[\]()\\]/g, '');
  const target = uri.with({ fragment: `L${line + 1}` }).toString();
  return `[${name}:${line + 1}](${target.replace(/[()]/g, (sign) => encodeURIComponent(sign))})`;
}
