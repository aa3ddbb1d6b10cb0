import * as vscode from 'vscode';
import type { SourceRange } from '../core/source';

/** `SourceRange.source` of dumps in VS Code is their URI. */
export function uriOf(source: string): vscode.Uri {
  return vscode.Uri.parse(source, true);
}

/** Ranges name files without the query that a live node's dumps have, which says when it was taken. */
export function uriNear(source: string, { scheme, query }: vscode.Uri): vscode.Uri {
  const uri = uriOf(source);
  return uri.scheme === scheme && uri.query === '' ? uri.with({ query }) : uri;
}

/** A part of one line. */
export function rangeOf({ line, start, end }: Omit<SourceRange, 'source'>): vscode.Range {
  return new vscode.Range(line, start, line, end);
}
