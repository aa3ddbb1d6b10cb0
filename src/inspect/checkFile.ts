import { movedFinding, type Finding } from '../core/finding';
import type { Ruleset } from '../core/rules/ruleset';
import { kindOf } from '../syntax/dumps/kinds';
import { outputsOf } from '../syntax/dumps/outputs';
import { dumpKind, headLength } from '../syntax/dumps/recognize';
import { mayHoldSeveral } from '../syntax/node/outputsOfFiles';
import { rulesetsOfText } from '../syntax/iptables/ruleset/ruleset';
import { olderSideNote, readPasted } from '../syntax/pasted/pasted';
import type { LineParser } from '../syntax/treeSitter';
import { checkDump, type DumpReport } from './checkDump';
import { checkSession } from './checkNode';
import { formatFinding, nodeReport, type Report } from './checkReport';
import { readText } from './readText';
import { rulesetFindings } from './rulesetFindings';

/** Findings of one file that are printed in full. */
const mostFindings = 100;

/**
 * What one file holds, a dump of any kind, and what is wrong in it. The outputs of several commands are those
 * of a node, and checked as such.
 *
 * @param objects the folder of the cluster's objects, where it is not beside or above
 * @throws Error with a message for the user when the objects can't be read
 */
export async function checkFile(
  file: string,
  parser: LineParser,
  objects?: string,
): Promise<Report> {
  const read = await readText(file);
  if ('problem' in read) return refused(`${file}: ${read.problem}`);
  if (read.text.trim() === '')
    return { lines: [`${file}: is empty: no tables`], findings: [], failed: false };
  const pasted = readPasted(read.text);
  const { text, original } = pasted;
  if (isSession(file, text)) return nodeReport(await checkSession(file, pasted, objects));
  const other = await checkDump(file, text);
  const note = olderSideNote(file, pasted);
  const placed = (found: readonly Finding[]) => [
    ...(note ? [note] : []),
    ...found.map((one) => movedFinding(one, original)),
  ];
  if (!other) return checkText(file, text, parser, placed);
  return dumpReport(file, { ...other, findings: placed(other.findings) });
}

/** `iptables-save`, `ipset list`, `ip route get`, ... of one terminal: the outputs of several, or a command. */
function isSession(file: string, text: string): boolean {
  const head = text.slice(0, headLength);
  if (!mayHoldSeveral({ kind: dumpKind(file, head), head, size: text.length })) return false;
  const outputs = outputsOf(text);
  const parts = new Set(outputs.flatMap(({ kind }) => kindOf(kind)?.part ?? []));
  const isTyped = outputs.some(({ command }) => command !== undefined);
  return parts.size > 1 || (parts.size === 1 && isTyped);
}

function dumpReport(file: string, { kind, holds, findings }: DumpReport): Report {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const shown = findings.slice(0, mostFindings).map(formatFinding);
  const more = findings.length - shown.length;
  const rest = more > 0 ? [`${file}: ${more} more findings`] : [];
  return {
    lines: [`${file}: ${kind}: ${holds}, ${findings.length} findings`, ...shown, ...rest],
    findings,
    failed: errors > 0,
  };
}

/**
 * What one dump of iptables holds and what is wrong in it.
 *
 * @param placed gives findings their places, where the text is not the file's own
 */
function checkText(
  file: string,
  text: string,
  parser: LineParser,
  placed: (findings: readonly Finding[]) => readonly Finding[],
): Report {
  const rulesets = rulesetsOfText(file, text, parser);
  if (rulesets.length === 0) {
    const kind = dumpKind(file, text.slice(0, headLength));
    const what = kind === 'unknown' ? '' : ` (it looks like ${kind})`;
    return refused(`${file}: holds no table, chain or rule of iptables${what}`);
  }
  const findings = placed(rulesets.flatMap(rulesetFindings));
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return {
    lines: [
      ...rulesets.flatMap((ruleset) => rulesetText(file, ruleset)),
      ...findings.slice(0, mostFindings).map(formatFinding),
      ...(findings.length > mostFindings
        ? [`${file}: and ${findings.length - mostFindings} findings more, ${errors} errors in all`]
        : []),
    ],
    findings,
    failed: errors > 0,
  };
}

function refused(line: string): Report {
  return { lines: [line], findings: [], failed: true, problem: true };
}

/** What printed a dump, and how many chains and rules each of its tables has. */
export function rulesetText(file: string, { program, family, tables }: Ruleset): string[] {
  const lines = [...tables.values()].map(({ name, chains, complete }) => {
    const rules = [...chains.values()].reduce((sum, { length }) => sum + length, 0);
    const columns = [
      (name || '(table not named)').padEnd(10),
      `${chains.size} chains`.padStart(13),
      `${rules} rules`.padStart(13),
    ];
    return `  ${columns.join(' ')}${complete ? '' : '  (a part of the table)'}`;
  });
  return [`${file}: ${program ?? ''}, IPv${family}`, ...lines];
}
