import * as l10n from '@vscode/l10n';
import type { Finding } from '../../../core/finding';
import { fileName } from '../../../core/source';
import type { NftBlocks } from '../structure/blocks';
import { wholeLine } from './handle';
import type { IndexedNft } from './indexedNft';

/** What is wrong with the listing's shape. */
export function listingFindings(text: IndexedNft, ignored: readonly number[]): Finding[] {
  const { source, lines, blocks } = text;
  const range = (line: number) => wholeLine(source, line, lines.line(line));
  return [
    ...blocks.tables.flatMap((table): Finding[] => {
      if (table.complete) return [];
      const first = table.line ?? table.blocks[0]?.line ?? 0;
      return [
        {
          severity: 'warning',
          code: 'table-incomplete',
          message:
            table.line === undefined && table.name === ''
              ? l10n.t`The beginning of this table is missing, so its family and name are not known.`
              : l10n.t`The table ${table.name} is not complete: lines are missing, its closing brace is missing, or its lines ran together.`,
          range: range(first),
        },
      ];
    }),
    ...closedFirst(blocks).map((line): Finding => ({
      severity: 'warning',
      code: 'table-incomplete',
      message: l10n.t`The beginning of this table is missing, so its family and name are not known.`,
      range: range(line),
    })),
    ...ignored.map((line): Finding => ({
      severity: 'information',
      code: 'command-ignored',
      message: l10n.t`This command is not followed: what it takes away or changes stays as it was.`,
      range: range(line),
    })),
    ...blocks.strays.map((line): Finding => ({
      severity: 'warning',
      code: 'unknown-line',
      message: l10n.t`This line is not understood as part of an nft listing; it is left out.`,
      range: range(line),
    })),
  ];
}

/** The first brace that closes what stood before the text, where no part of that table follows. */
function closedFirst({ tables, closings }: NftBlocks): readonly number[] {
  return tables.some(({ line }) => line === undefined) ? [] : closings.slice(0, 1);
}

/**
 * Whether what is not listed is not there. A single table may be all that somebody asked for; the
 * command, or the file that is named after it, tells.
 */
export function tellsAll({ source, lines, blocks }: IndexedNft): boolean {
  const { tables, commands, prompts, closings } = blocks;
  if (tables.length === 0 || commands.length > 0 || closings.length > 0) return false;
  if (tables.some((table) => !table.complete)) return false;
  const asked = prompts.map((line) => lines.line(line)).filter((text) => /\blist\s/.test(text));
  if (asked.length > 0) return asked.every((text) => /\blist\s+ruleset\s*$/.test(text));
  return tables.length > 1 || fileName(source).includes('ruleset');
}
