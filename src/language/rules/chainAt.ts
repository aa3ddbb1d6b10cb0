import type { ChainId } from '../../syntax/iptables/structure/chains';
import { scanLine } from '../../syntax/iptables/lines/scanLine';
import { emptyScan } from '../../syntax/iptables/lines/scannedLine';
import type { Structure } from '../../syntax/iptables/structure/structure';

/** A chain's name at a place in a line. */
export interface NamedChain {
  readonly chain: ChainId;
  readonly start: number;
  readonly end: number;
}

/**
 * The chain whose name stands at a column: of the line itself (`:X`, `-A X`), of its jump
 * (`-j X`), or in a comment (`traffic not accepted by KUBE-FW-X`). Names are looked up in the
 * line's own table; a name in a comment in the other tables of the text too.
 */
export function chainAt(
  { chains, tables, tableAt }: Structure,
  line: number,
  text: string,
  column: number,
): NamedChain | undefined {
  const scan = emptyScan();
  scanLine(text, scan);
  const { chainStart, chainEnd, targetStart, targetEnd } = scan;
  if (column >= chainStart && column <= chainEnd && chainEnd > chainStart) {
    const chain = chains.chainAt(line);
    return chain === undefined ? undefined : { chain, start: chainStart, end: chainEnd };
  }
  if (column >= targetStart && column <= targetEnd && targetEnd > targetStart) {
    const chain = chains.targetAt(line);
    return chain === undefined ? undefined : { chain, start: targetStart, end: targetEnd };
  }
  const word = wordAt(text, column);
  if (!word) return undefined;
  const own = tableAt(line);
  const order = own === undefined ? [] : [own];
  for (const table of new Set([...order, ...tables.keys()])) {
    const chain = chains.find(table, text.slice(word.start, word.end));
    if (chain !== undefined) return { chain, ...word };
  }
  return undefined;
}

/** The columns of the chain's name on a line that declares, fills or jumps to it. */
export function nameColumns(
  { chains }: Structure,
  chain: ChainId,
  line: number,
  text: string,
): { readonly start: number; readonly end: number } {
  const scan = emptyScan();
  scanLine(text, scan);
  return chains.targetAt(line) === chain
    ? { start: scan.targetStart, end: scan.targetEnd }
    : { start: scan.chainStart, end: scan.chainEnd };
}

function wordAt(text: string, column: number): { start: number; end: number } | undefined {
  for (const match of text.matchAll(/[\w.:-]+/g)) {
    const start = match.index;
    const end = start + match[0].length;
    if (column >= start && column <= end) return { start, end };
  }
  return undefined;
}
