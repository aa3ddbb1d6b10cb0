import * as vscode from 'vscode';
import { keepLatest } from './keepLatest';

/** So many folders are watched; the one asked for longest ago goes first. */
const mostFolders = 12;

/** Watches the files of folders on disk, not of those below them. */
export class FolderWatch implements vscode.Disposable {
  private readonly watchers = new Map<string, vscode.Disposable>();

  /** @param changed Called with each file that was written, made or removed. */
  constructor(private readonly changed: (file: vscode.Uri) => void) {}

  watch(folder: vscode.Uri): void {
    const key = folder.toString();
    const watcher = this.watchers.get(key) ?? this.start(folder);
    vscode.Disposable.from(...keepLatest(this.watchers, key, watcher, mostFolders)).dispose();
  }

  dispose(): void {
    vscode.Disposable.from(...this.watchers.values()).dispose();
    this.watchers.clear();
  }

  private start(folder: vscode.Uri): vscode.Disposable {
    const pattern = new vscode.RelativePattern(folder, '*');
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    watcher.onDidChange(this.changed);
    watcher.onDidCreate(this.changed);
    watcher.onDidDelete(this.changed);
    return watcher;
  }
}
