import type { Uri } from 'vscode';
import type { Ruleset } from '../core/rules/ruleset';
import { LineIndex } from '../syntax/iptables/lines/lineIndex';
import { textLines } from '../syntax/textLines';
import type { LineParser } from '../syntax/treeSitter';
import { readDumpDocument, type DumpDocument } from './dumpDocument';
import { IndexedDocuments } from './indexedDocuments';
import { readRulesetsInSlices } from './rulesetsInSlices';

/** Dumps of iptables, open or not. */
export class DumpDocuments extends IndexedDocuments<LineIndex, DumpDocument> {
  constructor(private readonly parser: () => Promise<LineParser>) {
    super({
      index: (capacity) => new LineIndex(capacity),
      read: async (uri, lines, index) => readDumpDocument(uri, lines, index, await parser()),
    });
  }

  /** The rulesets of a text that is not the document's own. */
  async rulesetsOf(uri: Uri, text: string): Promise<readonly Ruleset[]> {
    return readRulesetsInSlices(uri.toString(), uri.path, textLines(text), await this.parser());
  }
}
