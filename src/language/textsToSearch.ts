import * as vscode from 'vscode';

/** Symbols of the workspace: enough to choose from; typing more narrows it. */
export const symbolsShown = 500;

const filesSearched = 40;

/** The open texts of a language, and the workspace's files of these names. */
export async function textsToSearch(
  language: string,
  names: string,
  token: vscode.CancellationToken,
): Promise<vscode.Uri[]> {
  const open = vscode.workspace.textDocuments
    .filter(({ languageId }) => languageId === language)
    .map(({ uri }) => uri);
  const files = await vscode.workspace.findFiles(names, undefined, filesSearched, token);
  const known = new Set(open.map((uri) => uri.toString()));
  return [...open, ...files.filter((uri) => !known.has(uri.toString()))];
}
