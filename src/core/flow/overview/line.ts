import { l10n } from '../../l10n';
import type { Unknown } from '../../truth';
import type { Fact } from '../../fact';
import type { OverviewRow } from './row';
import { list } from '../../list';

export const overviewColumns = [
  'mode',
  'endpoints',
  'missing',
  'stale',
  'ends',
  'findings',
  'captured',
] as const;

export type OverviewColumn = (typeof overviewColumns)[number];

export interface OverviewCell {
  readonly text: string;
  /** What the column is sorted by. */
  readonly sort: number | string;
  readonly tone?: 'bad' | 'unknown';
}

/** One node as the table shows it. */
export interface OverviewLine {
  readonly node: string;
  /** `not-fetched`: a live cluster's node, whose dumps nobody has asked for. */
  readonly state: 'waiting' | 'not-fetched' | 'fetching' | 'failed' | 'read';
  /** Why it failed. */
  readonly reason?: string;
  /** Of `read`. */
  readonly cells?: Readonly<Record<OverviewColumn, OverviewCell>>;
  /** Endpoints programmed; undefined where that is unknown. */
  readonly programmed?: number;
  /** What is wrong, to follow the node's name: `misses 10.244.1.5:8080`; empty where all is right. */
  readonly fault?: string;
  /** Of `read`: why the node was not captured whole. */
  readonly partial?: string;
  /** Why it is not known whether all is right. */
  readonly unknown?: string;
}

/** Of a list in a cell, so many are named. */
const mostNamed = 20;

/**
 * What the table shows of a node that was read.
 *
 * @param findings how many errors and warnings its dumps show; undefined until they are counted
 */
export function readLine(node: string, row: OverviewRow, findings?: number): OverviewLine {
  const { mode, programmed, missing, stale, ends, captured, partial } = row;
  const reason = firstUnknown(programmed, missing, stale);
  return {
    node,
    state: 'read',
    cells: {
      mode: cell(mode, (text) => ({ text, sort: text })),
      endpoints: endpointsCell(row),
      missing: listCell(missing),
      stale: listCell(stale),
      ends: listCell(ends, true),
      findings: findingsCell(findings),
      captured: captured
        ? { text: timeText(captured), sort: captured }
        : { text: l10n.t`unknown`, sort: '', tone: 'unknown' },
    },
    ...(partial === undefined ? {} : { partial }),
    ...('value' in programmed && typeof programmed.value === 'number'
      ? { programmed: programmed.value }
      : {}),
    ...(reason === undefined ? { fault: faultOf(row) } : { unknown: reason }),
  };
}

function firstUnknown(...facts: readonly Fact<unknown>[]): string | undefined {
  return facts.find((fact): fact is Unknown => 'unknown' in fact)?.unknown;
}

function cell<T>(fact: Fact<T>, known: (value: T) => OverviewCell): OverviewCell {
  if ('value' in fact) return known(fact.value);
  return { text: l10n.t`unknown: ${fact.unknown}`, sort: -1, tone: 'unknown' };
}

/** `3 of 3`; without anything to compare with, `3`. */
function endpointsCell({ programmed, expected }: OverviewRow): OverviewCell {
  return cell(programmed, (has) => {
    const wanted = 'value' in expected ? expected.value : undefined;
    if (has === 'absent') {
      return { text: l10n.t`not programmed`, sort: 0, ...(wanted === 0 ? {} : { tone: 'bad' }) };
    }
    return { text: wanted === undefined ? `${has}` : l10n.t`${has} of ${wanted}`, sort: has };
  });
}

/** @param sentences They are clauses, not names. */
function listCell(fact: Fact<readonly string[]>, sentences = false): OverviewCell {
  return cell(fact, (found) =>
    found.length === 0
      ? { text: l10n.t`none`, sort: 0 }
      : { text: shortList(found, mostNamed, sentences), sort: found.length, tone: 'bad' },
  );
}

function findingsCell(findings: number | undefined): OverviewCell {
  if (findings === undefined) return { text: l10n.t`not counted`, sort: -1, tone: 'unknown' };
  if (findings === 0) return { text: l10n.t`none`, sort: 0 };
  return { text: `${findings}`, sort: findings, tone: 'bad' };
}

/** Without a zone the time is the node's own. */
function timeText(captured: string): string {
  const text = captured.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
  return text.endsWith('Z') ? `${text.slice(0, -1)} UTC` : l10n.t`${text} by the node's clock`;
}

function faultOf({ programmed, expected, missing, stale }: OverviewRow): string {
  const absent = 'value' in programmed && programmed.value === 'absent';
  if (absent && 'value' in expected && expected.value > 0) return l10n.t`does not program it`;
  const named = (fact: Fact<readonly string[]>) => ('value' in fact ? fact.value : []);
  const faults = [
    named(missing).length > 0 ? l10n.t`misses ${shortList(named(missing), 2)}` : '',
    named(stale).length > 0 ? l10n.t`has stale ${shortList(named(stale), 2)}` : '',
  ];
  return list(faults.filter((text) => text !== ''));
}

function shortList(all: readonly string[], most: number, sentences = false): string {
  const more = all.length - most;
  const first = all.slice(0, most);
  const named = sentences ? first.join(l10n.t`; `) : list(first, 'row');
  if (more <= 0) return named;
  return more === 1 ? l10n.t`${named} and 1 other` : l10n.t`${named} and ${more} others`;
}
