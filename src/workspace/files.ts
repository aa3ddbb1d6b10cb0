import { open } from 'node:fs/promises';
import * as vscode from 'vscode';
import { decodeText } from '../syntax/decodeText';

/** A file of a folder. */
export interface FolderFile {
  readonly uri: vscode.Uri;
  /** In bytes. */
  readonly size: number;
  readonly mtime: number;
}

/** More files than a node's dumps ever are: a folder of something else is not read whole. */
const mostFiles = 200;
/** More nodes than a cluster has (5,000: kubernetes.io/docs/setup/best-practices/cluster-large). */
const mostFolders = 5000;

/** The files of a folder by name; none when it can't be read. */
export async function filesIn(folder: vscode.Uri): Promise<readonly FolderFile[]> {
  const uris = await entriesIn(folder, vscode.FileType.File, mostFiles);
  const files = await Promise.all(
    uris.map(async (uri) => {
      try {
        const { size, mtime } = await vscode.workspace.fs.stat(uri);
        return { uri, size, mtime };
      } catch {
        // Removed meanwhile.
        return undefined;
      }
    }),
  );
  return files.filter((file) => file !== undefined);
}

/** The folders in a folder by name; none when it can't be read. */
export function foldersIn(folder: vscode.Uri): Promise<readonly vscode.Uri[]> {
  return entriesIn(folder, vscode.FileType.Directory, mostFolders);
}

async function entriesIn(
  folder: vscode.Uri,
  type: vscode.FileType,
  most: number,
): Promise<readonly vscode.Uri[]> {
  try {
    const entries = await vscode.workspace.fs.readDirectory(folder);
    return entries
      .filter(([, own]) => (own & type) !== 0)
      .map(([name]) => name)
      .sort()
      .slice(0, most)
      .map((name) => vscode.Uri.joinPath(folder, name));
  } catch {
    // A folder that is not there, or may not be read, tells nothing.
    return [];
  }
}

/** The names of a folder's files, without asking for their sizes. */
export async function fileNamesIn(folder: vscode.Uri): Promise<readonly string[]> {
  return (await entriesIn(folder, vscode.FileType.File, mostFiles)).map(lastPart);
}

/** An untitled text has no files beside it. */
export function isInFolder({ scheme }: vscode.Uri): boolean {
  return scheme !== 'untitled';
}

export function parentOf(uri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(uri, '..');
}

export function lastPart({ path }: vscode.Uri): string {
  return path.split('/').at(-1) ?? path;
}

/** An address that ends in the file's name, as the syntax folder tells kinds by names. */
export function pathOf(uri: vscode.Uri): string {
  return uri.with({ query: '', fragment: '' }).toString();
}

export async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

/** The beginning of a text as `readText` has it, and its size in bytes; in an editor in characters. */
export async function readHead(
  uri: vscode.Uri,
  length: number,
): Promise<{ readonly head: string; readonly size: number }> {
  const shown = openDocument(uri);
  if (shown) {
    const head = shown.getText(new vscode.Range(0, 0, length, 0)).slice(0, length);
    const end = shown.lineAt(shown.lineCount - 1).range.end;
    return { head, size: shown.offsetAt(end) };
  }
  if (uri.scheme === 'file') return headOfFile(uri.fsPath, length);
  const bytes = await vscode.workspace.fs.readFile(uri);
  return { head: decodeText(bytes.subarray(0, length)), size: bytes.length };
}

/** VS Code reads files whole: of a folder of large dumps their beginnings alone are wanted. */
async function headOfFile(
  path: string,
  length: number,
): Promise<{ readonly head: string; readonly size: number }> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return { head: decodeText(buffer.subarray(0, bytesRead)), size };
  } finally {
    await file.close();
  }
}

function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  const key = uri.toString();
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === key);
}

/** A text as its editor has it, else as its file has it; bytes that are no UTF-8 become U+FFFD. */
export async function readText(uri: vscode.Uri): Promise<string> {
  const open = openDocument(uri);
  if (open) return open.getText();
  return decodeText(await vscode.workspace.fs.readFile(uri));
}
