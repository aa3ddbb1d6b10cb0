import type * as vscode from 'vscode';
import type { DumpDocument } from '../../workspace/dumpDocument';
import type { DumpDocuments } from '../../workspace/dumpDocuments';
import { pause } from '../../workspace/slices';
import type { DumpContext } from './context';
import { contextAt, readFacts, type DumpFacts, type Surroundings } from './dumpFacts';

/** What the files beside a dump tell; undefined when there are none. */
export type SurroundingsOf = (uri: vscode.Uri) => Promise<Surroundings | undefined>;

/** One version of a dump with all that is known of it. */
export interface OpenedFacts {
  readonly dump: DumpDocument;
  readonly facts: DumpFacts;
  readonly surroundings: Surroundings;
}

/** The facts of each version of each dump, read once, when first asked for. */
export class FactsStore {
  private readonly facts = new WeakMap<DumpDocument, Promise<DumpFacts>>();

  constructor(
    private readonly documents: DumpDocuments,
    readonly surroundingsOf: SurroundingsOf = () => Promise.resolve(undefined),
  ) {}

  /** undefined when `token` asked to stop, or the document was closed. */
  async open(
    document: vscode.TextDocument,
    token?: vscode.CancellationToken,
  ): Promise<OpenedFacts | undefined> {
    const dump = await this.documents.open(document, token);
    if (!dump) return undefined;
    const surroundings = (await this.surroundingsOf(document.uri)) ?? {};
    let facts = this.facts.get(dump);
    if (!facts) {
      facts = readFacts(dump, surroundings, pause);
      this.facts.set(dump, facts);
    }
    const known = await facts;
    return token?.isCancellationRequested ? undefined : { dump, facts: known, surroundings };
  }

  async contextAt(
    document: vscode.TextDocument,
    line: number,
    token: vscode.CancellationToken,
  ): Promise<DumpContext | undefined> {
    const opened = await this.open(document, token);
    return opened && contextAt(opened.dump, line, opened.facts, opened.surroundings);
  }
}
