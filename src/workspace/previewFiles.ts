import * as vscode from 'vscode';
import { keepLatest } from './keepLatest';
import { ReadonlyFiles } from './readonlyFiles';

/** Files of a node as it would be, laid out like a snapshot: `kube-proxy-preview:/1/node-a/...`. */
export const previewScheme = 'kube-proxy-preview';

/** A file that is made up, or the one elsewhere that stands for it. */
type Content = string | vscode.Uri;

interface Preview {
  /** By their path below the preview. */
  readonly files: ReadonlyMap<string, Content>;
  readonly notes: readonly string[];
}

/** Earlier previews are forgotten: their panels say so. */
const mostKept = 10;

/**
 * Nodes as they would be, as read-only files in memory: whoever reads a node's dumps reads these the
 * same way, so that a preview is drawn by what draws real nodes.
 */
export class PreviewFiles extends ReadonlyFiles implements vscode.FileSystemProvider {
  private readonly previews = new Map<string, Preview>();
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  private readonly made = Date.now();
  private count = 0;

  readonly onDidChangeFile = this.changed.event;

  dispose(): void {
    this.changed.dispose();
  }

  /**
   * @param files by their path below the preview: `node-a/iptables-save.txt`
   * @param notes what the preview takes for granted: one sentence each
   * @returns the folder
   */
  add(files: ReadonlyMap<string, Content>, notes: readonly string[]): vscode.Uri {
    const key = String(++this.count);
    keepLatest(this.previews, key, { files, notes }, mostKept);
    return vscode.Uri.from({ scheme: previewScheme, path: `/${key}` });
  }

  /** What is to be said of a preview beside what it shows; undefined for what is none. */
  notesOf({ scheme, path }: vscode.Uri): readonly string[] | undefined {
    if (scheme !== previewScheme) return undefined;
    return this.previews.get(path.split('/')[1] ?? '')?.notes ?? [];
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const content = this.fileAt(uri);
    if (content === undefined) {
      this.readDirectory(uri);
      return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    }
    if (content instanceof vscode.Uri) return vscode.workspace.fs.stat(content);
    const { made } = this;
    const size = Buffer.byteLength(content);
    const permissions = vscode.FilePermission.Readonly;
    return { type: vscode.FileType.File, ctime: made, mtime: made, size, permissions };
  }

  readDirectory(uri: vscode.Uri): [string, vscode.FileType][] {
    const [key = '', ...below] = partsOf(uri);
    const files = this.previews.get(key)?.files;
    if (!files) {
      throw vscode.FileSystemError.FileNotFound(
        vscode.l10n.t('This preview is no longer held: ask for it again above the manifest.'),
      );
    }
    const inside = below.map((part) => `${part}/`).join('');
    const names = new Map<string, vscode.FileType>();
    for (const path of files.keys()) {
      if (!path.startsWith(inside)) continue;
      const [name = '', deeper] = path.slice(inside.length).split('/');
      const { File, Directory } = vscode.FileType;
      names.set(name, deeper === undefined ? File : Directory);
    }
    if (names.size === 0) throw vscode.FileSystemError.FileNotFound(uri);
    return [...names];
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const content = this.fileAt(uri);
    if (content === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return content instanceof vscode.Uri
      ? vscode.workspace.fs.readFile(content)
      : Buffer.from(content);
  }

  private fileAt(uri: vscode.Uri): Content | undefined {
    const [key = '', ...below] = partsOf(uri);
    return this.previews.get(key)?.files.get(below.join('/'));
  }
}

function partsOf({ path }: vscode.Uri): readonly string[] {
  return path.split('/').filter((part) => part !== '');
}
