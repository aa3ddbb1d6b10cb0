import type { Address } from '../../../core/address';
import type { BaseDeclaration } from '../../../core/rules/baseChain';
import type { Chain, Rule, Ruleset, Table } from '../../../core/rules/ruleset';
import type { ActualRule, ActualTables } from '../../../core/rules/ruleTexts';
import type { SourceRange } from '../../../core/source';
import { finish, type Work } from '../../../core/work';
import { CandidateRules } from '../../candidates';
import type { ChainId } from '../structure/chains';
import type { SaveRun, DumpTable } from '../structure/dumps';
import { builtinChain } from '../../../core/rules/builtinChain';
import { decodeRule } from '../decodeRule';
import { exactDestination } from './exactDestination';
import { readDeclaration } from '../declaration';
import { indexLines } from '../lines/lineIndex';
import { RuleCache } from '../../ruleCache';
import { ruleOrder } from './ruleOrder';
import { headerTime } from '../lines/headerTime';
import { gapsOfTable, gapsOfText } from './gaps';
import { programComments } from './programComments';
import { isWhole, lacksChains, tableFindings, textFindings } from './rulesetFindings';
import type { IndexedText } from './indexedText';
import { structureOf } from '../structure/structure';
import { linesBetween, textLines } from '../../textLines';
import { savedRules } from '../../expected/savedRules';
import type { LineParser } from '../../treeSitter';

/** Some 13,000 rules of kube-proxy; decoded they take 10 times their text, so below 20 MB. */
const cachedCharacters = 2_000_000;

/**
 * The rulesets of one text: one for each family and backend, and for each repetition. Rules are
 * decoded when asked for, so that this costs milliseconds also for 100,000 lines. Findings of the
 * table's shape are in `Ruleset.findings`, those of a rule in `Rule.findings`.
 */
export function* readRulesets(text: IndexedText, parser: LineParser): Work<readonly Ruleset[]> {
  const decoder = { text, parser, cache: new RuleCache(cachedCharacters) };
  const rulesets: Ruleset[] = [];
  let table = 0;
  for (const dump of text.structure.dumps) {
    rulesets.push(yield* rulesetOf(decoder, dump, table, rulesets.length === 0));
    table += dump.tables.length;
  }
  return rulesets;
}

/**
 * The rulesets of a whole text at hand.
 *
 * @param source how SourceRanges and the user know the text.
 */
export function rulesetsOfText(
  source: string,
  text: string,
  parser: LineParser,
): readonly Ruleset[] {
  const lines = textLines(text);
  const index = indexLines(lines);
  return finish(
    readRulesets({ source, lines, index, structure: structureOf(index, lines, source) }, parser),
  );
}

/** Chains that are looked at between two looks at the clock of whoever runs the work. */
const chainsAtOnce = 1 << 12;

interface Decoder {
  readonly text: IndexedText;
  readonly parser: LineParser;
  readonly cache: RuleCache;
}

/** `number`: of the dump's first table in the structure. */
function* rulesetOf(
  decoder: Decoder,
  dump: SaveRun,
  number: number,
  first: boolean,
): Work<Ruleset> {
  const { text } = decoder;
  const tables = new Map<string, Table>();
  const comments = first ? programComments(text) : [];
  const findings = first ? textFindings(text, comments) : [];
  const gaps = gapsOfText(comments);
  for (const [i, table] of dump.tables.entries()) {
    const own = yield* tableFindings(text, table, number + i);
    const read = yield* tableOf(decoder, dump, table, number + i);
    tables.set(table.name, { ...read, gaps: gapsOfTable(table.name, own) });
    for (const finding of own) findings.push(finding);
  }
  return {
    source: text.source,
    family: dump.family,
    program: dump.program,
    backend: dump.backend,
    tables,
    whole: dump.whole,
    captured: capturedAt(text, dump),
    gaps,
    findings: findings.sort((left, right) => left.range.line - right.range.line),
    ...(isSaved(dump) && { texts: () => textsOf(text, dump) }),
  };
}

function capturedAt({ lines }: IndexedText, { tables }: SaveRun): string | undefined {
  const header = tables[0]?.sections[0]?.headerLine;
  return header === undefined ? undefined : headerTime(lines.line(header));
}

function isSaved({ tables }: SaveRun): boolean {
  return tables.every(({ sections }) => sections.every(({ tableLine }) => tableLine !== undefined));
}

/** Straight from the lines: no rule is decoded. */
function* textsOf({ lines }: IndexedText, { tables }: SaveRun): Work<ActualTables> {
  const all = new Map<string, ReadonlyMap<string, readonly ActualRule[]>>();
  for (const { sections } of tables) {
    for (const { start, end } of sections) {
      for (const [name, chains] of yield* savedRules(linesBetween(lines, start, end), start)) {
        all.set(name, chains);
      }
    }
  }
  return all;
}

function* tableOf(decoder: Decoder, dump: SaveRun, table: DumpTable, number: number): Work<Table> {
  const { text } = decoder;
  const { chains } = text.structure;
  const isChain = (name: string) => {
    const chain = chains.find(number, name);
    return chain !== undefined && exists(chain);
  };
  const exists = (chain: ChainId) =>
    chains.declaration(chain) !== undefined || chains.rules(chain).length > 0;
  const byName = new Map<string, Chain>();
  for (const [i, chain] of chains.chainsOf(number).entries()) {
    if (i % chainsAtOnce === 0) yield;
    if (!exists(chain)) continue;
    byName.set(chains.name(chain), new DumpChain(decoder, dump, table.name, chain, isChain));
  }
  const declared = table.sections.find(({ tableLine }) => tableLine !== undefined)?.tableLine;
  return {
    family: dump.family === 4 ? 'ip' : 'ip6',
    name: table.name,
    chains: byName,
    declared: declared === undefined ? undefined : wholeLine(text, declared),
    complete:
      table.sections.every((section) => isWhole(text.index, section)) &&
      !lacksChains(text, table, number),
  };
}

/** A chain that reads its lines when asked. */
class DumpChain implements Chain {
  readonly name: string;
  private order: Uint32Array | undefined;
  private byDestination: CandidateRules | undefined;

  constructor(
    private readonly decoder: Decoder,
    private readonly dump: SaveRun,
    readonly table: string,
    private readonly id: ChainId,
    private readonly isChain: (name: string) => boolean,
  ) {
    this.name = decoder.text.structure.chains.name(id);
  }

  get declared(): SourceRange | undefined {
    const line = this.declaration;
    return line === undefined ? undefined : wholeLine(this.decoder.text, line);
  }

  get base(): BaseDeclaration | undefined {
    const hook = builtinChain(this.table, this.name);
    return hook && { ...hook, ...this.readDeclaration() };
  }

  get length(): number {
    return this.ruleLines.length;
  }

  savedText(i: number): string {
    return this.decoder.text.lines.line(this.lineOf(i));
  }

  savedRange(i: number): SourceRange {
    return wholeLine(this.decoder.text, this.lineOf(i));
  }

  rule(i: number): Rule {
    const { text, parser, cache } = this.decoder;
    const line = this.lineOf(i);
    return cache.get(line, () => {
      const { isChain } = this;
      const place = { line, family: this.dump.family, number: i + 1, isChain };
      const rule = decodeRule(text, parser, place);
      return { rule, characters: text.lines.line(line).length };
    });
  }

  private lineOf(i: number): number {
    const line = this.ruleLines[i];
    if (line === undefined) throw new RangeError(`Chain ${this.name} has no rule ${i}`);
    return line;
  }

  candidates(destination: Address): Iterable<number> {
    return this.rulesByDestination.of(destination);
  }

  prepare(): Work<void> | undefined {
    return this.rulesByDestination.prepare();
  }

  private get rulesByDestination(): CandidateRules {
    const { lines } = this.decoder.text;
    this.byDestination ??= new CandidateRules(this.length, (i) =>
      exactDestination(lines.line(this.ruleLines[i]!)),
    );
    return this.byDestination;
  }

  private get declaration(): number | undefined {
    return this.decoder.text.structure.chains.declaration(this.id);
  }

  private readDeclaration(): ReturnType<typeof readDeclaration> {
    const line = this.declaration;
    return line === undefined ? {} : readDeclaration(this.decoder.text.lines.line(line));
  }

  private get ruleLines(): Uint32Array {
    if (this.order) return this.order;
    const { index, lines, structure } = this.decoder.text;
    this.order = ruleOrder(structure.chains.rules(this.id), index, lines);
    return this.order;
  }
}

function wholeLine({ source, lines }: IndexedText, line: number): SourceRange {
  return { source, line, start: 0, end: lines.line(line).length };
}
