import type { Finding } from '../core/finding';
import type { Ruleset } from '../core/rules/ruleset';
import { dumpKind } from '../syntax/dumps/recognize';
import { indexLines } from '../syntax/iptables/lines/lineIndex';
import { finish } from '../core/work';
import { readRulesets } from '../syntax/iptables/ruleset/ruleset';
import { structureOf } from '../syntax/iptables/structure/structure';
import { textLines } from '../syntax/textLines';
import type { LineParser } from '../syntax/treeSitter';
import type { Command } from './command';
import { nodeParser } from './nodeParser';
import { readText } from './readText';

export const check: Command = {
  help: `check FILE...
    Reads dumps of iptables (iptables-save, iptables -S, iptables -L; IPv4 and IPv6), decodes
    every rule, and prints what each file holds and FILE:LINE:COLUMN of what is wrong in it.
    Exit code 1 when a file has an error or can't be read.`,

  async run(files) {
    if (files.length === 0) {
      console.error(`No file is named.\n\n${this.help}`);
      return 2;
    }
    const parser = await nodeParser();
    let failed = false;
    for (const file of files) {
      const report = await checkFile(file, parser);
      console.log(report.lines.join('\n'));
      failed ||= report.failed;
    }
    return failed ? 1 : 0;
  },
};

export interface Report {
  readonly lines: readonly string[];
  /** Whether the file has an error. */
  readonly failed: boolean;
}

/** Findings of one file that are printed in full. */
const mostFindings = 100;

export async function checkFile(file: string, parser: LineParser): Promise<Report> {
  const read = await readText(file);
  if ('problem' in read) return { lines: [`${file}: ${read.problem}`], failed: true };
  if (read.text.trim() === '') return { lines: [`${file}: is empty: no tables`], failed: false };
  return checkText(file, read.text, parser);
}

/** What one dump holds and what is wrong in it. */
export function checkText(file: string, text: string, parser: LineParser): Report {
  const lines = textLines(text);
  const index = indexLines(lines);
  const structure = structureOf(index, lines);
  const rulesets = finish(readRulesets({ source: file, lines, index, structure }, parser));
  if (rulesets.length === 0) {
    const kind = dumpKind(file, text.slice(0, 4096));
    const what = kind === 'unknown' ? '' : ` (it looks like ${kind})`;
    return { lines: [`${file}: holds no table, chain or rule of iptables${what}`], failed: true };
  }
  const findings = rulesets.flatMap(allFindings);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return {
    lines: [
      ...rulesets.flatMap((ruleset, i) => [
        `${file}: ${structure.dumps[i]!.program}, IPv${ruleset.family}`,
        ...summary(ruleset),
      ]),
      ...findings.slice(0, mostFindings).map(formatFinding),
      ...(findings.length > mostFindings
        ? [`${file}: and ${findings.length - mostFindings} findings more, ${errors} errors in all`]
        : []),
    ],
    failed: errors > 0,
  };
}

function summary(ruleset: Ruleset): string[] {
  return [...ruleset.tables.values()].map(({ name, chains, complete }) => {
    const rules = [...chains.values()].reduce((sum, { length }) => sum + length, 0);
    const columns = [
      (name || '(table not named)').padEnd(10),
      `${chains.size} chains`.padStart(13),
      `${rules} rules`.padStart(13),
    ];
    return `  ${columns.join(' ')}${complete ? '' : '  (a part of the table)'}`;
  });
}

/** Those of the tables' shape and those of each rule, by line. */
function allFindings(ruleset: Ruleset): Finding[] {
  const findings = [...ruleset.findings];
  for (const { chains } of ruleset.tables.values()) {
    for (const chain of chains.values()) {
      for (let i = 0; i < chain.length; i++) findings.push(...chain.rule(i).findings);
    }
  }
  return findings.sort((left, right) => left.range.line - right.range.line);
}

/** `FILE:LINE:COLUMN: error: MESSAGE [CODE]`, as compilers print it. */
function formatFinding({ severity, code, message, range }: Finding): string {
  const place = `${range.source}:${range.line + 1}:${range.start + 1}`;
  return `${place}: ${severity}: ${message} [${code}]`;
}
