import type { Finding } from '../finding';
import type { NodeAnswer } from '../questions/answer';
import type { SourceRange } from '../source';
import type { Report } from './report';

/** What stands around a report: how places are named and linked. */
export interface ReportLinks {
  /** `[iptables-save.txt:12](...)`, or the place as plain text. */
  readonly place: (range: SourceRange) => string;
  /** The page of a finding, where it has one. */
  readonly page: (code: string) => string | undefined;
}

/** Findings of one severity that are written out. */
const mostFindings = 30;

/** A report as Markdown, to be read beside the dumps or pasted into a ticket. */
export function reportMarkdown(report: Report, links: ReportLinks): string {
  const { title, verdict, findings, upgrade, answers, missing } = report;
  const by = (severity: Finding['severity']) => findings.filter((one) => one.severity === severity);
  const lines = [
    `# What is wrong here? ${escape(title)}`,
    '',
    `**${escape(verdict)}**`,
    ...section('Errors', by('error'), links),
    ...section('Warnings', by('warning'), links),
    ...section('Notes', by('information'), links),
    ...(answers.length === 0 ? [] : ['', '## Questions', ...answers.flatMap(answerLines(links))]),
    ...section('Ready for 1.40?', upgrade, links),
  ];
  if (missing.length > 0) {
    lines.push('', '## What is missing', '');
    for (const { part, command, reason } of missing) {
      lines.push(`- ${part}: ${escape(reason)} \`${command}\` would tell.`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function section(title: string, findings: readonly Finding[], links: ReportLinks): string[] {
  if (findings.length === 0) return [];
  const shown = findings.slice(0, mostFindings);
  const more = findings.length - shown.length;
  return [
    '',
    `## ${title}`,
    '',
    ...shown.map((one) => {
      const page = links.page(one.code);
      const code = page === undefined ? `\`${one.code}\`` : `[\`${one.code}\`](${page})`;
      const related = (one.related ?? []).map(
        ({ message, range }) => `${escape(message)}: ${links.place(range)}`,
      );
      const places = [links.place(one.range), ...related].join('; ');
      return `- ${escape(one.message)} ${places} ${code}`;
    }),
    ...(more > 0 ? [`- and ${more} more`] : []),
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

/** Texts of dumps are not ours: no markup, link or HTML of theirs is one here; our code spans stay. */
function escape(text: string): string {
  return text.replace(/[\\*_[\]<>#|~!]/g, '\\$&').replace(/\r?\n/g, ' ');
}
