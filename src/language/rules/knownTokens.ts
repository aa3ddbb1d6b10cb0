import { chainKind } from '../../core/kubeproxy/chainKind';
import type { MarkRole } from '../../core/marks/roles';
import { scanLine } from '../../syntax/iptables/lines/scanLine';
import { emptyScan } from '../../syntax/iptables/lines/scannedLine';
import type { Structure } from '../../syntax/iptables/structure/structure';

/** In the order of the legend, as package.json contributes them. */
export const tokenTypes = ['chain', 'mark'] as const;

/** `missing`: no such chain in the table. `masquerade`, `drop`: the mark has that bit. */
export const tokenModifiers = [
  'missing',
  'service',
  'endpoint',
  'portal',
  'foreign',
  'masquerade',
  'drop',
] as const;

/** A part of a line that only the analysis can tell. */
export interface KnownToken {
  readonly start: number;
  readonly end: number;
  readonly type: (typeof tokenTypes)[number];
  readonly modifiers: readonly (typeof tokenModifiers)[number][];
}

/** The chains and marks of one line, by columns ascending. Decodes no rule. */
export function knownTokens(
  structure: Structure,
  roles: readonly MarkRole[],
  line: number,
  text: string,
): KnownToken[] {
  const scan = emptyScan();
  scanLine(text, scan);
  const { chains, tables, tableAt, sectionAt } = structure;
  // Other forms may show one chain of many: what they lack may well exist.
  const { form, tableLine } = sectionAt(line) ?? {};
  const whole = form === 'save' && tableLine !== undefined;
  const number = tableAt(line);
  const table = number === undefined ? undefined : tables[number]?.name;
  const tokens: KnownToken[] = [];
  const add = (start: number, end: number, chain: number | undefined) => {
    if (chain === undefined || end <= start) return;
    const known = chains.declaration(chain) !== undefined || chains.rules(chain).length > 0;
    const missing = whole && !known;
    const modifiers = missing ? (['missing'] as const) : kindModifiers(chains.name(chain), table);
    tokens.push({ start, end, type: 'chain', modifiers });
  };
  add(scan.chainStart, scan.chainEnd, chains.chainAt(line));
  add(scan.targetStart, scan.targetEnd, chains.targetAt(line));
  if (number !== undefined) tokens.push(...markTokens(text, roles));
  return tokens.sort((left, right) => left.start - right.start);
}

function kindModifiers(name: string, table: string | undefined): KnownToken['modifiers'] {
  const kind = chainKind(name, table);
  switch (kind?.kind) {
    case 'service':
    case 'external':
    case 'firewall':
      return ['service'];
    case 'endpoint':
      return ['endpoint'];
    case 'services':
    case 'node-ports':
      return ['portal'];
    default:
      return kind?.owner === 'other' ? ['foreign'] : [];
  }
}

const marks =
  /--(?:mark|set-x?mark|(?:or|and|xor)-mark|tproxy-mark) (0x[0-9a-f]+)(?:\/0x[0-9a-f]+)?|\b(?:MARK (?:or|xor|set|xset|and)|mark match!?) (0x[0-9a-f]+)(?:\/0x[0-9a-f]+)?/gi;

/** Marks that have a bit with a meaning to kube-proxy or kubelet. */
function markTokens(text: string, roles: readonly MarkRole[]): KnownToken[] {
  return Array.from(text.matchAll(marks)).flatMap((match) => {
    const written = match[1] ?? match[2] ?? '';
    const modifiers = roles
      .filter(({ bits }) => (Number(written) & bits) !== 0)
      .map(({ role }) => role);
    const end = match.index + match[0].length;
    const start = match.index + match[0].lastIndexOf(' ') + 1;
    return modifiers.length === 0 ? [] : [{ start, end, type: 'mark', modifiers } as const];
  });
}
