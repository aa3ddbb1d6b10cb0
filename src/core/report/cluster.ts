import * as l10n from '@vscode/l10n';
import type { OddOne } from '../compare/majority';
import { bySeverity, type Finding } from '../finding';
import type { MissingPart } from '../node';
import type { Report } from './report';
import { list } from '../list';

/** A finding with the nodes that have it. */
export interface SharedFinding extends Finding {
  readonly nodes: readonly string[];
}

/** All that is to be said of a cluster, or of one Service on all of its nodes. */
export interface ClusterReport {
  readonly title: string;
  /** One sentence: what is wrong and where, or that nothing is. */
  readonly verdict: string;
  readonly findings: readonly SharedFinding[];
  /** Of a Service: what is wrong with all of a node. */
  readonly around: readonly SharedFinding[];
  readonly upgrade: readonly SharedFinding[];
  /** Who does something else than most nodes do, over all Services. */
  readonly odd: readonly OddOne[];
  /** By name. */
  readonly nodes: readonly Report[];
  /** Nodes that were not looked at, with the reason: one plain English sentence each. */
  readonly unread: readonly string[];
  readonly missing: readonly (MissingPart & { readonly nodes: readonly string[] })[];
}

/**
 * Puts the reports of a cluster's nodes together: what several nodes have is told once.
 *
 * @param unread why nodes are not among the reports
 */
export function clusterReport(
  title: string,
  nodes: readonly Report[],
  unread: readonly string[],
  odd: readonly OddOne[] = [],
): ClusterReport {
  const findings = shared(nodes, (report) => report.findings);
  const around = shared(nodes, (report) => report.around);
  return {
    title,
    verdict: verdictOf(nodes, [...findings, ...around], odd),
    findings,
    around,
    upgrade: shared(nodes, (report) => report.upgrade),
    odd,
    nodes,
    unread,
    missing: missingOf(nodes),
  };
}

function shared(
  reports: readonly Report[],
  pick: (report: Report) => readonly Finding[],
): readonly SharedFinding[] {
  const found = new Map<string, { finding: Finding; nodes: string[] }>();
  for (const report of reports) {
    for (const finding of pick(report)) {
      const key = `${finding.code} ${finding.message}`;
      const known = found.get(key);
      if (!known) found.set(key, { finding, nodes: [report.node] });
      else if (known.nodes.at(-1) !== report.node) known.nodes.push(report.node);
    }
  }
  return [...found.values()].map(({ finding, nodes }) => ({ ...finding, nodes })).sort(bySeverity);
}

function verdictOf(
  nodes: readonly Report[],
  findings: readonly SharedFinding[],
  [odd]: readonly OddOne[],
): string {
  if (nodes.length === 0) return l10n.t('No node could be looked at.');
  const unread = new Set(nodes.flatMap((node) => [...node.unread]));
  const worst = (severity: Finding['severity']) =>
    findings.find((one) => one.severity === severity && !unread.has(one.code));
  const on = (some: readonly string[]) => whichNodes(some, nodes.length);
  const [error, warning] = [worst('error'), worst('warning')];
  if (error) return l10n.t`Broken on ${on(error.nodes)}: ${error.message}`;
  const broken = nodes.find(({ answers }) => answers.some((one) => one.broken));
  if (broken) return ofNode(broken, nodes);
  if (warning) return l10n.t`Look at this on ${on(warning.nodes)}: ${warning.message}`;
  if (odd) return l10n.t`Look at this: ${odd.message}`;
  // Else a node's own sentence tells most: a Service that is absent, a dump that was cut.
  const other = nodes.find(({ isFine }) => !isFine);
  if (other) return ofNode(other, nodes);
  const [first] = nodes;
  return isOfAll(first!.verdict, nodes)
    ? first!.verdict
    : l10n.t`Nothing is wrong in what the dumps of ${nodes.length} nodes show.`;
}

/** A node's sentence, with its name where others have another. */
function ofNode({ node, verdict }: Report, all: readonly Report[]): string {
  return isOfAll(verdict, all) ? verdict : l10n.t`${node}: ${verdict}`;
}

function isOfAll(verdict: string, all: readonly Report[]): boolean {
  return all.every((one) => one.verdict === verdict);
}

/** `all 3 nodes`, `node-a, node-b`. */
export function whichNodes(some: readonly string[], all: number): string {
  if (some.length === all && all > 1) return l10n.t`all ${all} nodes`;
  if (some.length > 5) return l10n.t`${some.length} of ${all} nodes`;
  return list(some, 'row');
}

function missingOf(reports: readonly Report[]): ClusterReport['missing'] {
  const found = new Map<string, { part: MissingPart; nodes: string[] }>();
  for (const { node, missing } of reports) {
    for (const part of missing) {
      const key = `${part.part} ${part.command} ${part.reason}`;
      const known = found.get(key);
      if (known) known.nodes.push(node);
      else found.set(key, { part, nodes: [node] });
    }
  }
  return [...found.values()].map(({ part, nodes }) => ({ ...part, nodes }));
}
