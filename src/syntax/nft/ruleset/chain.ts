import type { Address } from '../../../core/address';
import type { BaseDeclaration } from '../../../core/rules/baseChain';
import { nftRule } from '../../../core/rules/rule';
import type { Chain, Rule, TableFamily } from '../../../core/rules/ruleset';
import type { Work } from '../../../core/work';
import type { SourceRange } from '../../../core/source';
import { CandidateRules } from '../../candidates';
import type { RuleCache } from '../../ruleCache';
import type { Lines } from '../../textLines';
import type { NftLineIndex } from '../lines/lineIndex';
import { readRule } from '../statements/rule';
import type { Block } from '../structure/blocks';
import { readChainLines, ruleEnd } from '../structure/chainLines';
import { withoutShell, type CommandBlock, type CommandRule } from '../structure/commands';
import { linesText } from '../structure/statementText';
import { lineText } from '../text/reader';
import { readBase } from './base';
import { exactDestination } from './exactDestination';
import { handleOf, wholeLine } from './handle';
import { withUnprinted } from './unprinted';

/** The text that rules are read from, and what was read of it already. */
export interface NftText {
  readonly source: string;
  readonly lines: Lines;
  readonly index: NftLineIndex;
  /** Rules by their line. */
  readonly cache: RuleCache;
}

/** Where a chain is written: as a block of a listing, by commands, or both. */
export interface ChainPlaces {
  readonly name: string;
  readonly block?: Block;
  readonly command?: CommandBlock;
}

interface Read {
  readonly rules: readonly CommandRule[];
  readonly base?: BaseDeclaration;
  readonly comment?: string;
}

/** A chain that reads its lines when asked. */
export class ListedChain implements Chain {
  readonly name: string;
  private held: Read | undefined;
  private byDestination: CandidateRules | undefined;

  constructor(
    private readonly text: NftText,
    private readonly places: ChainPlaces,
    readonly table: string,
    private readonly family: TableFamily | undefined,
  ) {
    this.name = places.name;
  }

  get declared(): SourceRange | undefined {
    const line = this.places.block?.line ?? this.places.command?.line;
    return line === undefined ? undefined : this.lineRange(line);
  }

  get base(): BaseDeclaration | undefined {
    return this.read.base;
  }

  get comment(): string | undefined {
    return this.read.comment;
  }

  get handle(): number | undefined {
    const { block } = this.places;
    return block && handleOf(this.text.lines.line(block.line));
  }

  get length(): number {
    return this.read.rules.length;
  }

  rule(i: number): Rule {
    const place = this.read.rules[i];
    if (!place) throw new RangeError(`Chain ${this.name} has no rule ${i}`);
    return this.text.cache.get(place.line, () => {
      const text = this.ruleText(place);
      const parts = readRule(text, this.family);
      const range = this.lineRange(place.line);
      const statements = withUnprinted(parts.statements, this.textsBelow(i), range);
      const rule = nftRule({ number: i + 1, range, findings: [], ...parts, statements });
      return { rule, characters: text.text.length };
    });
  }

  candidates(destination: Address): Iterable<number> {
    return this.rulesByDestination.of(destination);
  }

  prepare(): Work<void> | undefined {
    return this.rulesByDestination.prepare();
  }

  private get rulesByDestination(): CandidateRules {
    this.byDestination ??= new CandidateRules(this.length, (i) => {
      const { line, column } = this.read.rules[i]!;
      return exactDestination(this.text.lines.line(line).slice(column));
    });
    return this.byDestination;
  }

  private ruleText({ line, column }: CommandRule) {
    const { source, lines, index } = this.text;
    if (column > 0) {
      return lineText(source, line, column, withoutShell(lines.line(line)).slice(column));
    }
    const end = ruleEnd(line, index, this.places.block?.end ?? line + 1);
    return linesText(source, lines, line, end);
  }

  private *textsBelow(i: number): Generator<string> {
    const { rules } = this.read;
    for (let at = i + 1; at < rules.length; at++) yield this.text.lines.line(rules[at]!.line);
  }

  private lineRange(line: number): SourceRange {
    return wholeLine(this.text.source, line, this.text.lines.line(line));
  }

  private get read(): Read {
    this.held ??= this.readPlaces();
    return this.held;
  }

  private readPlaces(): Read {
    const { lines, index } = this.text;
    const { block, command } = this.places;
    const listed = block && readChainLines(block, index, lines);
    const written = block?.baseLine;
    const declared =
      written === undefined
        ? commandBody(lines, command)
        : linesText('', lines, written, ruleEnd(written, index, block?.end ?? written)).text;
    const base = readBase(declared, this.family);
    const policy = listed?.policy?.toUpperCase();
    const comment =
      listed?.comment ?? /\bcomment\s+"([^"]*)"/.exec(commandBody(lines, command))?.[1];
    return {
      rules: [
        ...(command?.inserted ?? []),
        ...Array.from(listed?.rules ?? [], (line) => ({ line, column: 0 })),
        ...(command?.added ?? []),
      ],
      ...(base && { base: policy === undefined ? base : { ...base, policy } }),
      ...(comment !== undefined && { comment }),
    };
  }
}

/** `add chain ip nat output { type nat hook output priority -100; }` -> what stands in the braces. */
function commandBody(lines: Lines, command: CommandBlock | undefined): string {
  const body = command?.body;
  return body ? withoutShell(lines.line(body.line)).slice(body.start, body.end) : '';
}
