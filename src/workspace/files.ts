import * as vscode from 'vscode';

/** A file of a folder. */
export interface FolderFile {
  readonly uri: vscode.Uri;
  /** In bytes. */
  readonly size: number;
  readonly mtime: number;
}

/** More files than a node's dumps ever are: a folder of something else is not read whole. */
const mostFiles = 200;

/** The files of a folder by name; none when it can't be read. */
export async function filesIn(folder: vscode.Uri): Promise<readonly FolderFile[]> {
  let entries: [string, vscode.FileType][];
  try {
    entries = await vscode.workspace.fs.readDirectory(folder);
  } catch {
    // A folder that is not there, or may not be read, tells nothing.
    return [];
  }
  const names = entries
    .filter(([, type]) => (type & vscode.FileType.File) !== 0)
    .map(([name]) => name)
    .sort()
    .slice(0, mostFiles);
  return Promise.all(
    names.map(async (name) => {
      const uri = vscode.Uri.joinPath(folder, name);
      const { size, mtime } = await vscode.workspace.fs.stat(uri);
      return { uri, size, mtime };
    }),
  );
}

/** A file's text; bytes that are no UTF-8 become U+FFFD. */
export async function readText(uri: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}
