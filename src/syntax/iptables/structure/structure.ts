import { finish, type Work } from '../../../core/work';
import { indexChains, type ChainIndex } from './chains';
import { groupDumps, type SaveRun, type DumpTable } from './dumps';
import type { LineIndex } from '../lines/lineIndex';
import type { Lines } from '../../textLines';
import { findSections, type Section } from './sections';

/** A whole text: its dumps, their tables and chains. Valid for one version of the index. */
export interface Structure {
  readonly sections: readonly Section[];
  readonly dumps: readonly SaveRun[];
  /** The tables of all dumps; a table's place here is its number in `chains`. */
  readonly tables: readonly DumpTable[];
  readonly chains: ChainIndex;
  /** undefined between two sections, as for comments after COMMIT. */
  sectionAt(line: number): Section | undefined;
  /** The place in `tables` of the table that the line belongs to. */
  tableAt(line: number): number | undefined;
}

/**
 * Nothing is kept up to date by an edit; while the work goes on, the index must stay as it is.
 *
 * @param path the file's, whose name may tell the family and the table
 */
export function* readStructure(index: LineIndex, lines: Lines, path?: string): Work<Structure> {
  const sections = findSections(index);
  yield;
  const dumps = groupDumps(index, lines, sections, path);
  const tables = dumps.flatMap((dump) => dump.tables);
  const tableOf = new Map(
    tables.flatMap((table, i) => table.sections.map((section) => [section, i] as const)),
  );
  const chains = yield* indexChains(
    index,
    tables.map((table) => table.sections),
  );
  const sectionAt = (line: number) => {
    let low = 0;
    let high = sections.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sections[middle]!.end <= line) low = middle + 1;
      else high = middle;
    }
    const section = sections[low];
    return section && section.start <= line ? section : undefined;
  };
  return {
    sections,
    dumps,
    tables,
    chains,
    sectionAt,
    tableAt(line) {
      const section = sectionAt(line);
      return section && tableOf.get(section);
    },
  };
}

/** `readStructure` in one piece: tens of milliseconds for 200,000 lines. */
export function structureOf(index: LineIndex, lines: Lines, path?: string): Structure {
  return finish(readStructure(index, lines, path));
}
