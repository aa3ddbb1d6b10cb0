import { l10n } from '../../l10n';
import { count, number } from '../words/format';
import { overviewColumns, type OverviewColumn, type OverviewLine } from './line';
import { append } from '../../append';
import { list } from '../../list';
import { spaced } from '../../spaced';

/** Of faulty nodes, so many are named. */
const mostNamed = 3;

/** `3 nodes: 2 program all 4 endpoints, node-c misses 10.244.1.5:8080`. */
export function overviewSummary(lines: readonly OverviewLine[]): string {
  const read = lines.filter(({ state }) => state === 'read');
  const parts = [
    // "All" is a number in other languages, too, but not one that takes a blank.
    ...soundPart(read, lines.length).map(spaced),
    ...faultPart(read),
    ...unknownPart(read),
    ...dropPart(read),
    ...modePart(read),
    ...partialPart(read),
    ...statePart(lines, 'failed', (n) => l10n.t`${n} could not be read`),
    ...statePart(lines, 'not-fetched', (n) => l10n.t`${n} not fetched`),
    ...statePart(lines, 'fetching', (n) => l10n.t`${n} being fetched`),
    ...statePart(lines, 'waiting', (n) => l10n.t`${n} still to be read`),
  ];
  return l10n.t`${count(lines.length, 'node')}: ${parts.join(l10n.t`, `)}`;
}

function soundPart(read: readonly OverviewLine[], all: number): string[] {
  const sound = read.filter(({ fault }) => fault === '');
  if (sound.length === 0) return [];
  const counts = new Set(sound.map(({ programmed = 0 }) => programmed));
  const [first = 0] = counts;
  const who = sound.length === all && all > 1 ? l10n.t`all` : number(sound.length);
  const one = sound.length === 1;
  if (counts.size > 1) return [l10n.t`${who} program all that they should`];
  if (first === 0) {
    return [
      one
        ? l10n.t`${who} rightly programs no endpoint`
        : l10n.t`${who} rightly program no endpoint`,
    ];
  }
  if (first === 1) {
    return [one ? l10n.t`${who} programs the 1 endpoint` : l10n.t`${who} program the 1 endpoint`];
  }
  const endpoints = count(first, 'endpoint');
  return [one ? l10n.t`${who} programs all ${endpoints}` : l10n.t`${who} program all ${endpoints}`];
}

function faultPart(read: readonly OverviewLine[]): string[] {
  const faulty = read.filter(({ fault = '' }) => fault !== '');
  if (faulty.length <= mostNamed) return faulty.map(({ node, fault }) => `${node} ${fault}`);
  const named = faulty.slice(0, mostNamed).map(({ node }) => node);
  const more = faulty.length - mostNamed;
  return [
    l10n.t`${number(faulty.length)} differ from their EndpointSlices (${list(named, 'row')} and ${number(more)} more)`,
  ];
}

/** One reason for all is told; of several, how many nodes. */
function unknownPart(read: readonly OverviewLine[]): string[] {
  const open = read.filter(({ unknown }) => unknown !== undefined);
  if (open.length === 0) return [];
  const reasons = new Set(open.map(({ unknown }) => unknown));
  const [reason] = reasons;
  const counts = new Set(open.map(({ programmed }) => programmed));
  const [programmed] = counts;
  const n = number(open.length);
  const has =
    counts.size === 1 && programmed !== undefined
      ? l10n.t`${n} with ${count(programmed, 'endpoint')}, whether these are right is unknown`
      : l10n.t`${n} unknown`;
  return [reasons.size === 1 ? l10n.t`${has}: ${reason}` : has];
}

function dropPart(read: readonly OverviewLine[]): string[] {
  const bad = read.filter(({ cells }) => cells?.ends.tone === 'bad');
  const [only] = bad;
  if (!only) return [];
  if (bad.length === 1) return [l10n.t`${only.node} drops or refuses packets`];
  const who = bad.length === read.length ? l10n.t`all` : number(bad.length);
  return [l10n.t`${who} drop or refuse packets`];
}

function modePart(read: readonly OverviewLine[]): string[] {
  const modes = tally(read.map(({ cells }) => cells?.mode.text ?? ''));
  if (modes.size < 2) return [];
  const all = list(
    [...modes].map(([mode, n]) => `${number(n)} ${mode}`),
    'row',
  );
  return [l10n.t`modes differ: ${all}`];
}

function partialPart(read: readonly OverviewLine[]): string[] {
  const n = read.filter(({ partial }) => partial !== undefined).length;
  return n > 0 ? [l10n.t`${number(n)} not captured whole`] : [];
}

function statePart(
  lines: readonly OverviewLine[],
  state: OverviewLine['state'],
  words: (n: string) => string,
): string[] {
  const n = lines.filter((line) => line.state === state).length;
  return n > 0 ? [words(number(n))] : [];
}

/**
 * The columns in which each node is not like most of those that are known; where no value is the
 * most frequent one, all nodes. How many endpoints are right may differ (policy Local, hints).
 */
export function differences(
  lines: readonly OverviewLine[],
): ReadonlyMap<string, readonly OverviewColumn[]> {
  const found = new Map<string, OverviewColumn[]>();
  for (const column of overviewColumns) {
    // Of the whole node, where the others are of the Service.
    if (column === 'captured' || column === 'findings') continue;
    const known = lines.flatMap((line) => {
      const value = valueIn(line, column);
      return value === undefined ? [] : [{ node: line.node, value }];
    });
    const values = tally(known.map(({ value }) => value));
    const most = Math.max(...values.values());
    const usual = [...values].filter(([, n]) => n === most);
    for (const { node, value } of known) {
      if (usual.length === 1 && usual[0]![0] === value) continue;
      append(found, node, column);
    }
  }
  return found;
}

function valueIn({ cells, fault }: OverviewLine, column: OverviewColumn): string | undefined {
  const cell = cells?.[column];
  if (!cell || cell.tone === 'unknown') return undefined;
  return column === 'endpoints' && fault === '' ? 'as expected' : cell.text;
}

function tally(values: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
