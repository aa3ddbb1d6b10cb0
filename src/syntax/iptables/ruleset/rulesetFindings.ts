import * as l10n from '@vscode/l10n';
import type { Finding } from '../../../core/finding';
import { builtinChain } from '../../../core/rules/builtinChain';
import type { Work } from '../../../core/work';
import { isProse } from '../../dumps/prose';
import { kindCode } from '../lines/lineKind';
import type { LineIndex } from '../lines/lineIndex';
import type { DumpTable } from '../structure/dumps';
import type { Section } from '../structure/sections';
import { unsupported } from '../unprinted';
import type { ProgramComment } from './programComments';
import type { IndexedText } from './indexedText';

/**
 * Whether the section shows its whole table, so that a name it does not declare is not there. Every
 * table has two built-in chains or more: an output of `iptables -S` or `-L` with one is of one chain.
 */
export function isWhole(index: LineIndex, { form, start, end, ...section }: Section): boolean {
  if (form === 'save') return section.tableLine !== undefined && section.commitLine !== undefined;
  let builtIn = 0;
  let isNamed = false;
  for (let line = start; line < end; line++) {
    const kind = index.kindCode(line);
    if (kind === kindCode.policy || kind === kindCode['listing-policy']) builtIn++;
    // Each chain of a listing has its columns named: else `grep` took lines away.
    if (isNamed && kind !== kindCode['listing-columns']) return false;
    if (kind === kindCode['hit-separator'] || kind === kindCode['left-out']) return false;
    isNamed = kind === kindCode['listing-policy'] || kind === kindCode['listing-chain'];
  }
  return builtIn >= 2 && !isNamed;
}

/**
 * Whether chains are named that the kernel's own output (`iptables -S`, `-L`) does not have: it has no jump to a
 * chain that is not there, so that the output was cut.
 */
export function lacksChains(text: IndexedText, table: DumpTable, number: number): boolean {
  if (table.sections.some(({ form }) => form === 'save')) return false;
  const { chains } = text.structure;
  return chains
    .chainsOf(number)
    .some(
      (chain) =>
        chains.declaration(chain) === undefined && !builtinChain(table.name, chains.name(chain)),
    );
}

/** What is wrong with one table as a whole; the rules' own findings come with each rule. */
export function* tableFindings(
  text: IndexedText,
  table: DumpTable,
  number: number,
): Work<readonly Finding[]> {
  const whole =
    table.sections.every((section) => isWhole(text.index, section)) &&
    !lacksChains(text, table, number);
  const findings: Finding[] = [];
  for (const section of table.sections) yield* findInSection(text, section, table, findings);
  const chains = text.structure.chains.chainsOf(number);
  return [...findings, ...chains.flatMap((chain) => undeclared(text, table.name, chain, whole))];
}

/** Lines that are looked at between two looks at the clock of whoever runs the work. */
const linesAtOnce = 1 << 14;

function* findInSection(
  text: IndexedText,
  section: Section,
  table: DumpTable,
  findings: Finding[],
): Work<void> {
  const { start, end, form, tableLine, commitLine } = section;
  const last = lastWritten(text, section);
  const severity = isGrepped(text.index, section) ? 'information' : ('error' as const);
  if (form === 'save' && tableLine === undefined) {
    const message = l10n.t`The beginning of this table is missing: no *table line stands before it.`;
    findings.push(finding(text, severity, 'table-line-missing', message, start));
  }
  if (form === 'save' && commitLine === undefined) {
    const name = table.name || l10n.t('(not named)');
    const message = l10n.t`Table ${name} ends without COMMIT: the rest of it is missing.`;
    findings.push(finding(text, severity, 'commit-missing', message, last));
  }
  if (form !== 'save' && table.name === '') {
    const message = l10n.t`The table is unknown: the command that printed it is missing.`;
    findings.push(finding(text, 'information', 'table-not-named', message, start));
  }
  for (let line = start; line < end; line++) {
    if (line % linesAtOnce === 0) yield;
    const kind = text.index.kindCode(line);
    const nameless =
      (kind === kindCode.rule || kind === kindCode.insert) && text.index.chain(line) === 0;
    const stray = nameless || kind === kindCode.other || kind === kindCode['other-prompt'];
    if (kind === kindCode['left-out']) {
      const message = l10n.t`Lines were left out here.`;
      findings.push(finding(text, 'information', 'unknown-line', message, line));
    } else if (stray && !isNoise(text.lines.line(line))) {
      const message = l10n.t`This line is not understood; it is left out.`;
      findings.push(finding(text, 'error', 'unknown-line', message, line));
    } else if (kind === kindCode.command) {
      const message = l10n.t`This command changes rules and is no part of a dump; it is left out.`;
      findings.push(finding(text, 'warning', 'command-left-out', message, line));
    } else if (kind === kindCode.rule && text.lines.line(line).includes(unsupported)) {
      const message = l10n.t`The program that printed this rule is older than the one that wrote it: what it asks or does is not shown, and traces through it are unsure.`;
      findings.push(finding(text, 'warning', 'unsupported-revision', message, line));
    }
  }
}

/** `grep` takes both ends away, or says with `-A` that it left lines out: then nothing was lost on the way. */
function isGrepped(index: LineIndex, { start, end, tableLine, commitLine }: Section): boolean {
  if (tableLine === undefined && commitLine === undefined) return true;
  if (tableLine !== undefined && commitLine !== undefined) return false;
  for (let line = start; line < end; line++) {
    if (index.kindCode(line) === kindCode['hit-separator']) return true;
  }
  return false;
}

/** What programs print around a dump, and what people write there: it says nothing about the rules. */
function isNoise(line: string): boolean {
  if (isProse(line)) return true;
  return /^(command terminated with|exit status |error: |Unable to |Defaulted container )/.test(
    line,
  );
}

function undeclared(
  { structure, ...text }: IndexedText,
  table: string,
  chain: number,
  whole: boolean,
): Finding[] {
  const { chains } = structure;
  if (!whole || chains.declaration(chain) !== undefined) return [];
  const name = chains.name(chain);
  // It exists whether or not a text for iptables-restore declares it; only its policy is not told.
  if (builtinChain(table, name)) return [];
  const all = { ...text, structure };
  return [
    ...[...chains.rules(chain).subarray(0, 1)].map((line) =>
      finding(
        all,
        'error',
        'chain-not-declared',
        l10n.t`Chain ${name} is not declared.`,
        line,
        name,
      ),
    ),
    ...[...chains.references(chain)].map((line) => {
      const message = l10n.t`There is no chain ${name} in this table.`;
      return finding(all, 'error', 'chain-not-declared', message, line, name);
    }),
  ];
}

/** Findings about the text as a whole: chains declared twice, what the program says of its output. */
export function textFindings(text: IndexedText, comments: readonly ProgramComment[]): Finding[] {
  const { index, structure } = text;
  const twice = structure.chains.duplicates.map((line) => {
    const name = index.names.text(index.chain(line));
    const message = l10n.t`Chain ${name} is declared twice.`;
    return finding(text, 'error', 'chain-declared-twice', message, line, name);
  });
  const said = comments.map((comment): Finding => {
    const { range } = comment;
    if (comment.kind === 'warning') {
      const message = `${comment.text}.`;
      return { severity: 'information', code: 'program-warning', message, range };
    }
    const message = l10n.t`Table ${comment.table} holds more than iptables can print, and what it prints of it may be wrong: ask "nft list ruleset".`;
    return { severity: 'warning', code: 'table-incompatible', message, range };
  });
  return [...twice, ...said, ...rowsOfNoChain(text)];
}

/** Rows that `iptables -L | grep` left of chains whose names it took away. */
function rowsOfNoChain(text: IndexedText): readonly Finding[] {
  const { index, structure } = text;
  const rows: number[] = [];
  for (let line = 0; line < index.count; line++) {
    const isRow = index.kindCode(line) === kindCode['listing-rule'];
    if (isRow && structure.chains.chainAt(line) === undefined) rows.push(line);
  }
  const [first] = rows;
  if (first === undefined) return [];
  const message = l10n.t`Rows of a listing that stand below no chain are left out, since it is not known of which they are: ${rows.length}.`;
  return [finding(text, 'warning', 'unknown-line', message, first)];
}

function lastWritten({ index }: IndexedText, { start, end }: Section): number {
  let line = end - 1;
  while (line > start && index.kindCode(line) === kindCode.blank) line--;
  return line;
}

/** `word`: what of the line the finding is about; else the whole line. */
function finding(
  { source, lines }: IndexedText,
  severity: Finding['severity'],
  code: string,
  message: string,
  line: number,
  word?: string,
): Finding {
  const text = lines.line(line);
  const start = word === undefined ? 0 : text.lastIndexOf(word);
  const end = word === undefined ? text.length : start + word.length;
  return { severity, code, message, range: { source, line, start, end } };
}
