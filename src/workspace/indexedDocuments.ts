import * as vscode from 'vscode';
import type { Work } from '../core/work';
import { fillIndexInSlices, type EditableIndex } from '../syntax/indexLines';
import { linesOfBytes, type Lines } from '../syntax/textLines';
import { applyChanges } from './edits';
import { pause, runInSlices } from './slices';
import { keepLatest } from './keepLatest';
import { documentLines } from './documentLines';

/** What is kept of one open document. */
interface Entry<Index, Read> {
  readonly document: vscode.TextDocument;
  readonly building: AbortController;
  readonly ready: Promise<Index | undefined>;
  index?: Index;
  /** Of the document's present version; stopped by an edit. */
  current?: {
    readonly reading: Promise<Read>;
    readonly stop: vscode.CancellationTokenSource;
  };
}

/** How many files that are not open are kept: a node's two families and two backends, twice. */
const filesKept = 8;

/** How documents of one language are read. */
export interface DocumentReader<Index extends EditableIndex, Read> {
  /** An empty index for about that many lines. */
  index(capacity: number): Index;
  /** What is read beyond the index; while the work goes on, the text must stay as it is. */
  read(uri: vscode.Uri, lines: Lines, index: Index): Work<Read> | Promise<Work<Read>>;
}

/**
 * The dumps of open documents and of files, each indexed once and kept up to date with every edit.
 * Reading a large text gives way to other work of the extension host in between.
 */
export class IndexedDocuments<Index extends EditableIndex, Read> implements vscode.Disposable {
  private readonly entries = new Map<string, Entry<Index, Read>>();
  private readonly files = new Map<string, { mtime: number; dump: Promise<Read> }>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions: vscode.Disposable[];
  private disposed = false;

  /** A text changed: what was read from it may be different. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly reader: DocumentReader<Index, Read>) {
    this.subscriptions = [
      this.changed,
      vscode.workspace.onDidChangeTextDocument((event) => this.update(event)),
      vscode.workspace.onDidCloseTextDocument((document) => this.drop(document)),
    ];
  }

  dispose(): void {
    this.disposed = true;
    for (const entry of this.entries.values()) stop(entry);
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  /** The open document's present version; undefined when `token` asked to stop. */
  async open(
    document: vscode.TextDocument,
    token?: vscode.CancellationToken,
  ): Promise<Read | undefined> {
    const key = document.uri.toString();
    while (!this.disposed && !document.isClosed) {
      let entry = this.entries.get(key);
      if (entry?.document !== document) {
        entry = this.build(document);
        this.entries.set(key, entry);
      }
      const index = await entry.ready;
      if (token?.isCancellationRequested) return undefined;
      // An edit while the index was built makes it anew.
      if (!index || this.entries.get(key) !== entry) continue;
      const current = (entry.current ??= readVersion(document, index, this.reader));
      try {
        const dump = await current.reading;
        if (entry.current === current) return dump;
      } catch (error) {
        // An edit stops the reading of the version before it.
        if (entry.current === current) throw error;
      }
    }
    return undefined;
  }

  /** A dump by its address, open or not; rejects when it can't be read. */
  async at(uri: vscode.Uri, token?: vscode.CancellationToken): Promise<Read | undefined> {
    const key = uri.toString();
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === key);
    if (document) return this.open(document, token);
    const { mtime } = await vscode.workspace.fs.stat(uri);
    let kept = this.files.get(key);
    if (kept?.mtime !== mtime) kept = { mtime, dump: this.read(uri) };
    keepLatest(this.files, key, kept, filesKept);
    try {
      return await kept.dump;
    } catch (error) {
      this.files.delete(key);
      throw error;
    }
  }

  private async read(uri: vscode.Uri): Promise<Read> {
    const lines = await linesOfBytes(await vscode.workspace.fs.readFile(uri), pause);
    const index = await fillIndexInSlices(this.reader.index(lines.count), lines, pause);
    if (!index) throw new Error(`Reading ${uri.path} was stopped`);
    return runInSlices(await this.reader.read(uri, lines, index));
  }

  private build(document: vscode.TextDocument): Entry<Index, Read> {
    const building = new AbortController();
    const lines = documentLines(document);
    const empty = this.reader.index(lines.count);
    const ready = fillIndexInSlices(empty, lines, pause, { signal: building.signal });
    const entry: Entry<Index, Read> = { document, building, ready };
    void ready.then((index) => {
      if (index) entry.index = index;
    });
    return entry;
  }

  private update({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const entry = this.entries.get(document.uri.toString());
    if (!entry || contentChanges.length === 0) return;
    if (entry.index) {
      stopReading(entry);
      applyChanges(entry.index, contentChanges, (line) => document.lineAt(line).text);
    } else {
      this.drop(document);
    }
    this.changed.fire(document.uri);
  }

  private drop({ uri }: vscode.TextDocument): void {
    const key = uri.toString();
    const entry = this.entries.get(key);
    if (entry) stop(entry);
    this.entries.delete(key);
  }
}

function readVersion<Index extends EditableIndex, Read>(
  document: vscode.TextDocument,
  index: Index,
  reader: DocumentReader<Index, Read>,
): NonNullable<Entry<Index, Read>['current']> {
  const stop = new vscode.CancellationTokenSource();
  const read = async () => {
    const work = await reader.read(document.uri, documentLines(document), index);
    return runInSlices(work, stop.token);
  };
  return { reading: read(), stop };
}

function stop(entry: Entry<unknown, unknown>): void {
  entry.building.abort();
  stopReading(entry);
}

function stopReading(entry: Entry<unknown, unknown>): void {
  entry.current?.stop.cancel();
  delete entry.current;
}
