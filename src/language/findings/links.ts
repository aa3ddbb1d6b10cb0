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
    place: (range) => {
      const folder = parentOf(vscode.Uri.parse(range.source, true)).path;
      const own = captures.get(folder) ?? near[0];
      return own ? linkTo(range, own) : `${range.source}:${range.line + 1}`;
    },
    page: (code) => pageOf(extensionUri, code).toString(),
  };
}

/** `[iptables-save.txt:12](...)`: a place in a dump of the capture that `near` is of. */
export function linkTo({ source, line }: SourceRange, near: vscode.Uri): string {
  const uri = uriOf(source, near);
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1).replace(/[[\]()\\]/g, '');
  const target = uri.with({ fragment: `L${line + 1}` }).toString();
  return `[${name}:${line + 1}](${target.replace(/[()]/g, (sign) => encodeURIComponent(sign))})`;
}
