import * as l10n from '@vscode/l10n';
import type { OddOne } from '../compare/majority';
import type { Finding } from '../finding';
import { checkOf } from '../findings/all';
import { listFirst } from '../listFirst';
import type { MissingPart } from '../node';
import { partName } from '../partName';
import type { NodeAnswer } from '../questions/answer';
import type { SourceRange } from '../source';
import { whichNodes, type ClusterReport, type SharedFinding } from './cluster';
import { escapeSentence as escape } from '../escapeMarkdown';
import type { Report } from './report';

/** What stands around a report: how places are named and linked. */
export interface ReportLinks {
  /** `[iptables-save.txt:12](...)`, or the place as plain text. */
  readonly place: (range: SourceRange) => string;
  /** The page of a check; undefined where none can be reached. */
  readonly page: (code: string) => string | undefined;
}

/** Findings of one severity that are written out. */
const mostFindings = 30;

/** Services without an endpoint that are named. */
const mostUnanswered = 8;

/** A report as Markdown, to be read beside the dumps or pasted into a ticket. */
export function reportMarkdown(report: Report, links: ReportLinks): string {
  const { title, verdict, unanswered, release, findings, around, upgrade, answers, missing } =
    report;
  return page([
    ...head(title, verdict),
    ...unansweredLine(unanswered),
    ...(release === undefined ? [] : ['', escape(release)]),
    ...severitySections(findings, links),
    ...section(l10n.t('Of the node as a whole'), around, links),
    ...(answers.length === 0
      ? []
      : ['', l10n.t('## Questions'), ...answers.flatMap(answerLines(links))]),
    ...section(l10n.t('Ready for 1.40?'), upgrade, links),
    ...missingSection(missing.map((one) => ({ ...one, where: '' }))),
  ]);
}

/** The same of a cluster: what several nodes have stands there once. */
export function clusterMarkdown(report: ClusterReport, links: ReportLinks): string {
  const { title, verdict, nodes, unread } = report;
  const where = (some: readonly string[]) => `${escape(whichNodes(some, nodes.length))}: `;
  const placed = (findings: readonly SharedFinding[]) =>
    findings.map((one) => ({ ...one, where: where(one.nodes) }));
  return page([
    ...head(title, verdict),
    ...unansweredLine([...new Set(nodes.flatMap(({ unanswered }) => unanswered))]),
    ...severitySections(placed(report.findings), links),
    ...section(l10n.t('Of nodes as a whole'), placed(report.around), links),
    ...oddSection(report.odd, links),
    ...nodeTable(nodes),
    ...nodes.flatMap(({ node, answers }) =>
      answers.length === 0
        ? []
        : ['', `## ${escape(node)}`, ...answers.flatMap(answerLines(links))],
    ),
    ...section(l10n.t('Ready for 1.40?'), placed(report.upgrade), links),
    ...missingSection(report.missing.map((one) => ({ ...one, where: where(one.nodes) }))),
    ...(unread.length === 0 ? [] : ['', l10n.t('## Not looked at'), '']),
    ...unread.map((sentence) => `- ${escape(sentence)}`),
  ]);
}

function head(title: string, verdict: string): string[] {
  return [l10n.t`# What is wrong here? ${escape(title)}`, '', `**${escape(verdict)}**`];
}

function unansweredLine(unanswered: readonly string[]): string[] {
  if (unanswered.length === 0) return [];
  const named = listFirst(unanswered, mostUnanswered);
  return ['', escape(l10n.t`Without an endpoint for this node, so that nobody answers: ${named}.`)];
}

function page(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}

/** With the nodes that have it, already escaped. */
type Placed = Finding & { readonly where?: string };

function severitySections(findings: readonly Placed[], links: ReportLinks): string[] {
  const by = (severity: Finding['severity']) => findings.filter((one) => one.severity === severity);
  return [
    ...section(l10n.t('Errors'), by('error'), links),
    ...section(l10n.t('Warnings'), by('warning'), links),
    ...section(l10n.t('Notes'), by('information'), links),
  ];
}

function oddSection(odd: readonly OddOne[], links: ReportLinks): string[] {
  if (odd.length === 0) return [];
  const rows = odd.map(
    ({ message, range }) => `- ${escape(message)}${range ? ` ${links.place(range)}` : ''}`,
  );
  return ['', l10n.t('## The odd ones out'), '', ...rows];
}

function nodeTable(nodes: readonly Report[]): string[] {
  if (nodes.length === 0) return [];
  const rows = nodes.map(({ node, mode, findings, around }) => {
    const all = [...findings, ...around];
    const count = (severity: Finding['severity']) =>
      all.filter((one) => one.severity === severity).length;
    const sure = mode.certainty === 'certain' ? '' : l10n.t(' (likely)');
    const name = mode.mode === undefined ? l10n.t('unknown') : `${mode.mode}${sure}`;
    return `| ${escape(node)} | ${name} | ${count('error')} | ${count('warning')} |`;
  });
  return [
    '',
    l10n.t('## Nodes'),
    '',
    l10n.t('| node | kube-proxy | errors | warnings |'),
    '| --- | --- | --- | --- |',
    ...rows,
  ];
}

function missingSection(missing: readonly (MissingPart & { readonly where: string })[]): string[] {
  if (missing.length === 0) return [];
  return [
    '',
    l10n.t('## What is missing'),
    '',
    ...missing.map(
      ({ part, command, reason, where }) =>
        l10n.t`- ${where}${partName(part)}: ${escape(reason)} \`${command}\` would tell.`,
    ),
  ];
}

function section(title: string, findings: readonly Placed[], links: ReportLinks): string[] {
  if (findings.length === 0) return [];
  const shown = findings.slice(0, mostFindings);
  const more = findings.length - shown.length;
  return [
    '',
    `## ${title}`,
    '',
    ...shown.map((one) => {
      // What a reader could not make sense of has no page.
      const page = checkOf(one.code) && links.page(one.code);
      const code = page === undefined ? `\`${one.code}\`` : `[\`${one.code}\`](${page})`;
      const related = (one.related ?? []).map(
        ({ message, range }) => `${escape(message)}: ${links.place(range)}`,
      );
      const places = [links.place(one.range), ...related].join(l10n.t('; '));
      return `- ${one.where ?? ''}${escape(one.message)} ${places} ${code}`;
    }),
    ...(more > 0 ? [`- ${l10n.t`and ${more} more`}`] : []),
  ];
}

function answerLines(links: ReportLinks): (answer: NodeAnswer) => string[] {
  return ({ question, answer, findings }) => [
    '',
    `### ${escape(question)}`,
    '',
    escape(answer),
    ...(findings.length > 0 ? [''] : []),
    ...findings
      .slice(0, 10)
      .map(({ message, range }) => `- ${escape(message)} ${links.place(range)}`),
  ];
}
