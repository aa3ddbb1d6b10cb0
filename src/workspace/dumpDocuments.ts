import { LineIndex } from '../syntax/iptables/lines/lineIndex';
import type { LineParser } from '../syntax/treeSitter';
import { readDumpDocument, type DumpDocument } from './dumpDocument';
import { IndexedDocuments } from './indexedDocuments';

/** Dumps of iptables, open or not. */
export class DumpDocuments extends IndexedDocuments<LineIndex, DumpDocument> {
  constructor(parser: () => Promise<LineParser>) {
    super({
      index: (capacity) => new LineIndex(capacity),
      read: async (uri, lines, index) => readDumpDocument(uri, lines, index, await parser()),
    });
  }
}
