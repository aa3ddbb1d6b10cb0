import type { SourceRange } from '../../../core/source';
import { kindCode } from '../lines/lineKind';
import type { IndexedText } from './indexedText';

/** What the program that printed a dump says of it, in a comment. */
export type ProgramComment =
  /** `# Warning: iptables-legacy tables present, use iptables-legacy-save to see them` */
  | {
      readonly kind: 'warning';
      readonly text: string;
      /** `iptables-legacy`: whose tables are not in the dump. */
      readonly legacy?: string;
      readonly range: SourceRange;
    }
  /** "# Table `nat' is incompatible, use 'nft' tool." */
  | { readonly kind: 'incompatible'; readonly table: string; readonly range: SourceRange };

export function programComments({ source, index, lines }: IndexedText): readonly ProgramComment[] {
  const found: ProgramComment[] = [];
  for (let line = 0; line < index.count; line++) {
    if (index.kindCode(line) !== kindCode.comment) continue;
    const written = lines.line(line);
    const range = { source, line, start: 0, end: written.length };
    const [, table] = /^# Table `(.*)' (?:contains|is) incompatible/.exec(written) ?? [];
    const [, text] = /^# Warning: (.*)$/.exec(written) ?? [];
    if (table !== undefined) found.push({ kind: 'incompatible', table, range });
    else if (text !== undefined) {
      const legacy = /^(ip6?tables-legacy) tables present/.exec(text)?.[1];
      found.push({ kind: 'warning', text, legacy, range });
    }
  }
  return found;
}
