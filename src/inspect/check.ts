import { parseArgs } from 'node:util';
import type { Finding } from '../core/finding';
import type { Ruleset } from '../core/rules/ruleset';
import { dumpKind } from '../syntax/dumps/recognize';
import { indexLines } from '../syntax/iptables/lines/lineIndex';
import { finish } from '../core/work';
import { readRulesets } from '../syntax/iptables/ruleset/ruleset';
import { structureOf } from '../syntax/iptables/structure/structure';
import { pastedText } from '../syntax/pasted/pasted';
import { inRawText } from '../syntax/pasted/rawRanges';
import { textLines } from '../syntax/textLines';
import type { LineParser } from '../syntax/treeSitter';
import type { Command } from './command';
import { nodeParser } from './nodeParser';
import { checkDump, type DumpReport } from './checkDump';
import { checkNodeFolder, type NodeFinding, type NodeReport } from './checkNode';
import { isFolder } from './isFolder';
import { readText } from './readText';
import { sarif } from './sarif';

export const check: Command = {
  help: `check NODE_DIR|BUNDLE|FILE... [--objects DIR] [--json | --sarif]
    Of a folder with the dumps of one node: what is wrong with it, the worst first, with the cluster's
    objects where a folder "objects" lies beside or above it, or --objects names one. Each code has a
    page in docs/findings. Of a support bundle (an archive, a collector's folder; ARCHIVE/NODE of one
    node): what is there, what to ask the sender for, and the same for each node.
    Of a file: reads a dump of any kind (iptables-save, -S and -L, where every rule is decoded; ipset,
    IPVS, ip addr, ip route, ip rule, conntrack, sysctl, nft, ...), and prints its kind, what it holds
    and FILE:LINE:COLUMN of what is wrong in it.
    Exit code 1 when there is an error, or a file can't be read.`,

  async run(args) {
    const request = readArguments(args);
    if ('problem' in request) {
      console.error(`${request.problem}\n\n${this.help}`);
      return 2;
    }
    const { paths, objects, form } = request;
    const findings: NodeFinding[] = [];
    let failed = false;
    for (const path of paths) {
      const file = await fileReport(path, objects);
      if (file) {
        for (const one of file.findings) findings.push(one);
        if (form === 'text' || file.problem) console.log(file.lines.join('\n'));
        failed ||= file.failed;
        continue;
      }
      const report = await nodeReport(path, objects);
      if (!report) return 2;
      for (const one of report.findings) findings.push(one);
      if (form === 'text') console.log(nodeText(report).join('\n'));
    }
    if (form === 'json') console.log(JSON.stringify(findings, null, 2));
    if (form === 'sarif') console.log(JSON.stringify(sarif(findings), null, 2));
    return failed || findings.some(({ severity }) => severity === 'error') ? 1 : 0;
  },
};

interface CheckArguments {
  readonly paths: readonly string[];
  readonly objects?: string;
  readonly form: 'text' | 'json' | 'sarif';
}

function readArguments(args: readonly string[]): CheckArguments | { problem: string } {
  const options = {
    objects: { type: 'string' },
    json: { type: 'boolean' },
    sarif: { type: 'boolean' },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    if (positionals.length === 0) return { problem: 'No folder or file is named.' };
    const form = values.json ? 'json' : values.sarif ? 'sarif' : 'text';
    return { paths: positionals, objects: values.objects, form };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

async function nodeReport(folder: string, objects?: string): Promise<NodeReport | undefined> {
  try {
    return await checkNodeFolder(folder, objects);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** What is missing stands below, as under a trace: that nothing was found there tells nothing. */
export function nodeText({ folder, findings, missing }: NodeReport): readonly string[] {
  const counts = `${folder}: ${countsOf(findings)}`;
  return [
    missing.length > 0 ? `${counts}, in what the dumps show` : counts,
    ...findings.map(formatFinding),
    ...missing.map((reason) => `missing: ${reason}`),
  ];
}

/** `2 errors, 1 warnings, 0 notes`. */
function countsOf(findings: readonly Finding[]): string {
  const count = (severity: Finding['severity']) =>
    findings.filter((one) => one.severity === severity).length;
  return `${count('error')} errors, ${count('warning')} warnings, ${count('information')} notes`;
}

/** What is no folder of one node: a dump, an archive, a collector's folder; else undefined. */
async function fileReport(path: string, objects?: string): Promise<Report | undefined> {
  const { checkBundle } = await import('./checkBundle');
  const parser = await nodeParser();
  const bundle = await checkBundle(path, parser, objects);
  if (bundle) return bundle;
  return (await isFolder(path)) ? undefined : checkFile(path, parser);
}

export interface Report {
  readonly lines: readonly string[];
  /** What the dump holds, without what is wrong in it. */
  readonly summary?: readonly string[];
  readonly findings: readonly NodeFinding[];
  /** Whether the file has an error. */
  readonly failed: boolean;
  /** Whether it could not be read as a dump. */
  readonly problem?: boolean;
}

/** Findings of one file that are printed in full. */
const mostFindings = 100;

export async function checkFile(file: string, parser: LineParser): Promise<Report> {
  const read = await readText(file);
  if ('problem' in read) return refused(`${file}: ${read.problem}`);
  if (read.text.trim() === '')
    return { lines: [`${file}: is empty: no tables`], findings: [], failed: false };
  const text = pastedText(read.text);
  const other = await checkDump(file, text);
  const placed = <T extends Finding>(found: readonly T[]) => inRawText(found, read.text, text);
  if (!other) return checkText(file, text, parser, placed);
  return dumpReport(file, { ...other, findings: placed(other.findings) });
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
 * @param placed gives findings their places where the text is not the file's own
 */
export function checkText(
  file: string,
  text: string,
  parser: LineParser,
  placed = (findings: readonly Finding[]) => findings,
): Report {
  const lines = textLines(text);
  const index = indexLines(lines);
  const structure = structureOf(index, lines, file);
  const rulesets = finish(readRulesets({ source: file, lines, index, structure }, parser));
  if (rulesets.length === 0) {
    const kind = dumpKind(file, text.slice(0, 4096));
    const what = kind === 'unknown' ? '' : ` (it looks like ${kind})`;
    return refused(`${file}: holds no table, chain or rule of iptables${what}`);
  }
  const findings = placed(rulesets.flatMap(allFindings));
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const held = rulesets.flatMap((ruleset, i) => [
    `${file}: ${structure.dumps[i]!.program}, IPv${ruleset.family}`,
    ...summary(ruleset),
  ]);
  return {
    summary: held,
    lines: [
      ...held,
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
      for (let i = 0; i < chain.length; i++) {
        for (const finding of chain.rule(i).findings) findings.push(finding);
      }
    }
  }
  return findings.sort((left, right) => left.range.line - right.range.line);
}

/** `FILE:LINE:COLUMN: error: MESSAGE [CODE]`, as compilers print it. */
function formatFinding({ severity, code, message, range }: Finding): string {
  const place = `${range.source}:${range.line + 1}:${range.start + 1}`;
  return `${place}: ${severity}: ${message} [${code}]`;
}
