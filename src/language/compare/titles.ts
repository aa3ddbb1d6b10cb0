import type * as vscode from 'vscode';
import { lastPart, parentOf } from '../../workspace/files';

/** Names that tell two dumps apart: of the nodes, the files, the captures or the folders above. */
export function titlesOf(left: vscode.Uri, right: vscode.Uri): readonly [string, string] {
  const [here, there] = [namesOf(left), namesOf(right)];
  for (let i = 0; i < here.length; i++) {
    if (here[i] !== there[i]) return [here[i]!, there[i]!];
  }
  return [here[0]!, `${there[0]!} (2)`];
}

/** The best name first. */
function namesOf(uri: vscode.Uri): readonly string[] {
  const folder = parentOf(uri);
  const node = lastPart(folder);
  const above = lastPart(parentOf(folder));
  return [node, lastPart(uri), `${node} ${captured(uri)}`, `${above}/${node}`, uri.path];
}

function captured({ query }: vscode.Uri): string {
  return /"captured":"([^"]*)"/.exec(query)?.[1] ?? '';
}
