import type { Lines } from '../../textLines';
import { kindCode } from '../lines/lineKind';
import type { NftLineIndex } from '../lines/lineIndex';
import type { Block } from './blocks';

/** The lines of a chain by what they are. */
export interface ChainLines {
  /** The first line of each rule; a rule goes on while it has open braces. */
  readonly rules: Uint32Array;
  readonly comment?: string;
  /** A policy that stands on a line of its own. */
  readonly policy?: string;
}

/** `comment "..."` alone is the chain's own: no rule consists of nothing else. */
const commentLine = /^comment "([^"]*)"? ?;?$/;
const policyLine = /^policy (accept|drop) ?;?$/;

/** Reads which lines of a block of the kind chain are rules. */
export function readChainLines(block: Block, index: NftLineIndex, lines: Lines): ChainLines {
  const rules: number[] = [];
  let comment: string | undefined;
  let policy: string | undefined;
  let open = 0;
  for (let line = block.line + 1; line < block.end; line++) {
    const kind = index.kindCode(line);
    if (open > 0) {
      open += index.braces(line);
      continue;
    }
    if (kind !== kindCode.text && kind !== kindCode.command && kind !== kindCode.elements) continue;
    const text = lines.line(line);
    const told = text.trim();
    const commented = commentLine.exec(told);
    const policed = policyLine.exec(told);
    if (commented) comment = commented[1];
    else if (policed) policy = policed[1];
    else {
      rules.push(line);
      open = Math.max(0, index.braces(line));
    }
  }
  return {
    rules: Uint32Array.from(rules),
    ...(comment !== undefined && { comment }),
    ...(policy !== undefined && { policy }),
  };
}

/** One after the last line of the rule that begins at a line of the chain. */
export function ruleEnd(line: number, index: NftLineIndex, end: number): number {
  let open = index.braces(line);
  let at = line + 1;
  while (open > 0 && at < end) open += index.braces(at++);
  return at;
}
