import * as vscode from 'vscode';
import { indexLinesInSlices, type LineIndex } from '../syntax/iptables/lines/lineIndex';
import { linesOfBytes, type Lines } from '../syntax/textLines';
import type { LineParser } from '../syntax/treeSitter';
import { readDumpDocument, type DumpDocument } from './dumpDocument';
import { applyChanges } from './edits';
import { pause, runInSlices } from './slices';

/** What is kept of one open document. */
interface Entry {
  readonly document: vscode.TextDocument;
  readonly building: AbortController;
  readonly ready: Promise<LineIndex | undefined>;
  index?: LineIndex;
  /** Of the document's present version; stopped by an edit. */
  current?: {
    readonly reading: Promise<DumpDocument>;
    readonly stop: vscode.CancellationTokenSource;
  };
}

/** How many files that are not open are kept: a node's two families and two backends, twice. */
const filesKept = 8;

/**
 * The dumps of open documents and of files, each indexed once and kept up to date with every edit.
 * Reading a large text gives way to other work of the extension host in between.
 */
export class DumpDocuments implements vscode.Disposable {
  private readonly entries = new Map<string, Entry>();
  private readonly files = new Map<string, { mtime: number; dump: Promise<DumpDocument> }>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions: vscode.Disposable[];
  private disposed = false;

  /** A text changed: what was read from it may be different. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly parser: () => Promise<LineParser>) {
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
  ): Promise<DumpDocument | undefined> {
    const parser = await this.parser();
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
      const current = (entry.current ??= readVersion(document, index, parser));
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
  async at(uri: vscode.Uri, token?: vscode.CancellationToken): Promise<DumpDocument | undefined> {
    const key = uri.toString();
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === key);
    if (document) return this.open(document, token);
    const { mtime } = await vscode.workspace.fs.stat(uri);
    let kept = this.files.get(key);
    if (kept?.mtime !== mtime) kept = { mtime, dump: this.read(uri) };
    this.files.delete(key);
    this.files.set(key, kept);
    for (const oldest of this.files.keys()) {
      if (this.files.size <= filesKept) break;
      this.files.delete(oldest);
    }
    try {
      return await kept.dump;
    } catch (error) {
      this.files.delete(key);
      throw error;
    }
  }

  private async read(uri: vscode.Uri): Promise<DumpDocument> {
    const lines = await linesOfBytes(await vscode.workspace.fs.readFile(uri), pause);
    const index = await indexLinesInSlices(lines, pause);
    if (!index) throw new Error(`Reading ${uri.path} was stopped`);
    return runInSlices(readDumpDocument(uri, lines, index, await this.parser()));
  }

  private build(document: vscode.TextDocument): Entry {
    const building = new AbortController();
    const ready = indexLinesInSlices(documentLines(document), pause, { signal: building.signal });
    const entry: Entry = { document, building, ready };
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

function readVersion(
  document: vscode.TextDocument,
  index: LineIndex,
  parser: LineParser,
): NonNullable<Entry['current']> {
  const stop = new vscode.CancellationTokenSource();
  const work = readDumpDocument(document.uri, documentLines(document), index, parser);
  return { reading: runInSlices(work, stop.token), stop };
}

function stop(entry: Entry): void {
  entry.building.abort();
  stopReading(entry);
}

function stopReading(entry: Entry): void {
  entry.current?.stop.cancel();
  delete entry.current;
}

function documentLines(document: vscode.TextDocument): Lines {
  return {
    get count() {
      return document.lineCount;
    },
    line: (i) => (i >= 0 && i < document.lineCount ? document.lineAt(i).text : ''),
  };
}
