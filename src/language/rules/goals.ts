import type { DumpDocument } from '../../workspace/dumpDocument';

type IndexedDump = Pick<DumpDocument, 'structure' | 'index'>;

/** Lines that a chain's name leads to. */
export interface Goal {
  readonly line: number;
  /** The last line to show with it. */
  readonly last: number;
}

export function rulesOrDeclaration(dump: IndexedDump, chain: number): Goal | undefined {
  return rules(dump, chain) ?? declaration(dump, chain);
}

export function declarationOrRules(dump: IndexedDump, chain: number): Goal | undefined {
  return declaration(dump, chain) ?? rules(dump, chain);
}

function declaration({ structure }: IndexedDump, chain: number): Goal | undefined {
  const line = structure.chains.declaration(chain);
  return line === undefined ? undefined : { line, last: line };
}

/** The first run of the chain's rules. */
function rules({ structure, index }: IndexedDump, chain: number): Goal | undefined {
  const lines = structure.chains.rules(chain);
  const [line] = lines;
  if (line === undefined) return undefined;
  // A listing's rules don't name their chain: its head does.
  if (index.kind(line) === 'listing-rule') {
    const head = structure.chains.declaration(chain);
    return head === undefined ? undefined : { line: head, last: line + lines.length - 1 };
  }
  let count = 1;
  while (count < lines.length && lines[count] === line + count) count++;
  return { line, last: line + count - 1 };
}
