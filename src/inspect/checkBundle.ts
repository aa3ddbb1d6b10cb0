import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isArchive } from '../cluster/bundle/archive/readArchive';
import type { Finding } from '../core/finding';
import type { BundleReport, Dump } from '../cluster/cluster';
import { ClusterError } from '../cluster/error';
import { openSnapshot } from '../cluster/snapshot/snapshot';
import { dumpKind } from '../syntax/dumps/recognize';
import { kindOf } from '../syntax/dumps/kinds';
import type { LineParser } from '../syntax/treeSitter';
import { checkText, type Report } from './check';

/**
 * What a bundle holds, what is missing, and what is wrong in its rules.
 *
 * @returns undefined for what is neither an archive nor a folder in a collector's layout
 */
export async function checkBundle(path: string, parser: LineParser): Promise<Report | undefined> {
  const found = await stat(path).catch(() => undefined);
  const archive = found?.isFile() === true && (await isArchive(path));
  if (!archive && found?.isDirectory() !== true) return undefined;
  const cluster = openSnapshot(resolve(path));
  try {
    const { bundle, version } = await cluster.info();
    if (!bundle) return undefined;
    const { title } = bundle;
    const lines = [
      `${path}: ${title}${version === undefined ? '' : `, ${version}`}`,
      ...reportLines(bundle),
    ];
    const findings: Finding[] = [];
    let failed = false;
    const { items: nodes } = await cluster.list('nodes');
    for (const { metadata } of nodes) {
      const held = await cluster.dumps(metadata.name).catch(() => undefined);
      if (!held) continue;
      lines.push(`node ${metadata.name}`);
      for (const dump of held.dumps) {
        lines.push(`  ${dump.name}${dump.problem ? `: ${dump.problem.message}` : ''}`);
        const report = await rulesReport(dump, `${metadata.name}/${dump.name}`, parser);
        lines.push(...(report?.lines ?? []).map((line) => `  ${line}`));
        for (const one of report?.findings ?? []) findings.push(one);
        failed ||= report?.failed ?? false;
      }
    }
    const { items: services, partial } = await cluster.list('services');
    lines.push(`${services.length} Services${partial === undefined ? '' : `: ${partial}`}`);
    return { lines, findings, failed };
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    // Of a folder its own check says why.
    if (!archive) return undefined;
    return { lines: [error.message], findings: [], failed: true, problem: true };
  } finally {
    cluster.dispose();
  }
}

function reportLines({ present, missing, ask, notes }: BundleReport): string[] {
  return [
    `  there: ${present.join(', ') || 'nothing of a node'}`,
    ...(missing.length > 0 ? [`  missing for a full answer: ${missing.join(', ')}`] : []),
    ...(ask === undefined ? [] : [`  to ask the sender for, as root on a node: ${ask}`]),
    ...notes.map((note) => `  ${note}`),
  ];
}

/** undefined for dumps that are no rules of iptables. */
async function rulesReport(
  dump: Dump,
  title: string,
  parser: LineParser,
): Promise<Report | undefined> {
  if (dump.bytes === 0 || dump.problem?.kind === 'refused') return undefined;
  const text = await dump.read();
  const kind = dumpKind(dump.name, text.slice(0, 4096));
  const rules = kindOf(kind)?.language === 'iptables-save';
  return rules && text.trim() !== '' ? checkText(title, text, parser) : undefined;
}
