import { servicesOf } from '../../core/kubeproxy/programmed';
import type { ServiceSearch } from '../../core/kubeproxy/iptables/services';
import { markLedger, markLine, type MarkUse, type RuleAddress } from '../../core/marks/ledger';
import type { NodeState } from '../../core/node';
import type { IndexedObjects } from '../../core/objects/types';
import type { Ruleset } from '../../core/rules/ruleset';
import { kindCode } from '../../syntax/iptables/lines/lineKind';
import { ruleOrder } from '../../syntax/iptables/ruleset/ruleOrder';
import { rulesetAt, type DumpDocument } from '../../workspace/dumpDocument';
import type { DumpContext, References, RulePlace } from './context';
import { append } from '../../core/append';

/** What takes a walk over the whole text to know, for each of its dumps. */
export interface DumpFacts {
  readonly services: ReadonlyMap<Ruleset, ServiceSearch>;
  readonly markUses: ReadonlyMap<Ruleset, readonly MarkUse[]>;
}

/** What other files of the folder tell. */
export interface Surroundings {
  readonly node?: NodeState | undefined;
  readonly objects?: IndexedObjects | undefined;
}

/**
 * Reads the Services and the uses of marks of all dumps of a text, with `pause` awaited every
 * `slice` milliseconds: for 5,000 Services it takes some 300 ms.
 */
export async function readFacts(
  dump: DumpDocument,
  { objects }: Surroundings,
  pause: () => Promise<void>,
): Promise<DumpFacts> {
  const breathe = inSlices(pause);
  const services = new Map<Ruleset, ServiceSearch>();
  for (const ruleset of dump.rulesets) {
    const search = servicesOf(ruleset, objects?.services);
    let step = search.next();
    for (; !step.done; step = search.next()) await breathe();
    services.set(ruleset, step.value);
  }
  const markUses = new Map<Ruleset, readonly MarkUse[]>();
  const marked = await markedRules(dump, breathe);
  for (const ruleset of dump.rulesets) {
    markUses.set(ruleset, markLedger(ruleset, marked.get(ruleset) ?? []));
  }
  return { services, markUses };
}

/** Milliseconds of work between two pauses. */
const slice = 15;

function inSlices(pause: () => Promise<void>): () => Promise<void> | undefined {
  let started = performance.now();
  return () => {
    if (performance.now() - started < slice) return undefined;
    return pause().then(() => {
      started = performance.now();
    });
  };
}

/** The rules whose text can have to do with marks: the others need not be decoded. */
async function markedRules(
  dump: DumpDocument,
  breathe: () => Promise<void> | undefined,
): Promise<Map<Ruleset, RuleAddress[]>> {
  const found = new Map<Ruleset, RuleAddress[]>();
  const { rule, 'listing-rule': listed } = kindCode;
  for (let line = 0; line < dump.lines.count; line++) {
    if (line % 256 === 255) await breathe();
    const kind = dump.index.kindCode(line);
    if ((kind !== rule && kind !== listed) || !markLine.test(dump.lines.line(line))) continue;
    const ruleset = rulesetAt(dump, line);
    const place = ruleset && placeOf(dump, ruleset, line);
    if (!place) continue;
    append(found, ruleset, place);
  }
  return found;
}

/** What features need to know around a line; undefined outside of every dump of the text. */
export function contextAt(
  dump: DumpDocument,
  line: number,
  facts: DumpFacts | undefined,
  surroundings: Surroundings = {},
): DumpContext | undefined {
  const ruleset = rulesetAt(dump, line);
  if (!ruleset) return undefined;
  const { lines, structure } = dump;
  return {
    ruleset,
    lineText: (at) => lines.line(at),
    tableAt(at) {
      const number = structure.tableAt(at);
      const name = number === undefined ? undefined : structure.tables[number]?.name;
      return name === undefined ? undefined : rulesetAt(dump, at)?.tables.get(name);
    },
    ruleAt: (at) => {
      const owner = rulesetAt(dump, at);
      return owner && placeOf(dump, owner, at);
    },
    references: (table, chain) => referencesTo(dump, line, table, chain),
    services: () => facts?.services.get(ruleset),
    markUses: () => facts?.markUses.get(ruleset) ?? [],
    ...surroundings,
  };
}

function placeOf(dump: DumpDocument, ruleset: Ruleset, line: number): RulePlace | undefined {
  const { chains, tables, tableAt } = dump.structure;
  const table = tableAt(line);
  const id = chains.chainAt(line);
  if (table === undefined || id === undefined) return undefined;
  const chain = ruleset.tables.get(tables[table]!.name)?.chains.get(chains.name(id));
  // Rules inserted with -I stand elsewhere in the chain than in the text.
  const index = ruleOrder(chains.rules(id), dump.index, dump.lines).indexOf(line);
  return chain && index >= 0 ? { chain, index } : undefined;
}

/** How many references are given one by one. */
const referencesShown = 8;

/** In the dump that `line` belongs to: another dump's table of that name is another table. */
function referencesTo(
  { uri, lines, structure }: DumpDocument,
  line: number,
  table: string,
  name: string,
): References {
  const { chains, dumps, tables, tableAt } = structure;
  const own = tableAt(line);
  const dump = dumps.find((each) => own !== undefined && each.tables.includes(tables[own]!));
  const number = tables.findIndex((each) => each.name === table && dump?.tables.includes(each));
  const chain = chains.find(number, name);
  if (chain === undefined) return { count: 0, first: [] };
  const source = uri.toString();
  const found = chains.references(chain);
  return {
    count: found.length,
    first: Array.from(found.subarray(0, referencesShown), (at) => ({
      source,
      line: at,
      start: 0,
      end: lines.line(at).length,
    })),
  };
}
