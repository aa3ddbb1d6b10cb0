import type { CancellationToken, Uri } from 'vscode';
import { readRuleCounters, ruleText } from '../syntax/iptables/ruleset/ruleCounters';
import type { CounterDump } from '../core/flow/counters/borrowedCounters';
import { type RateSource, chainsOf } from '../core/flow/counters/edgeRates';
import { type CounterSnapshot, ratesBetween } from '../core/flow/counters/rates';
import { mainSource, type RuleBook } from '../core/flow/ruleBook';
import type { DumpDocument } from '../workspace/dumpDocument';
import type { DumpDocuments } from '../workspace/dumpDocuments';
import { filesIn, lastPart, parentOf } from '../workspace/files';
import { runInSlices } from '../workspace/slices';
import { uriOf } from '../workspace/places';
import { keepLatest } from '../workspace/keepLatest';

/** The counters of a file that was read, and of what it held before it was written anew. */
interface Seen {
  readonly now: CounterSnapshot;
  readonly before?: CounterSnapshot | undefined;
}

export interface CounterHistory {
  /** undefined where no earlier capture of the node is known. */
  ratesOf(book: RuleBook, token: CancellationToken): Promise<RateSource | undefined>;
  /** Of a dump that was saved without counters: another of the same node and time that has them. */
  counterDump(book: RuleBook, token: CancellationToken): Promise<CounterDump | undefined>;
}

/** How many files' counters are remembered. */
const filesRemembered = 16;

/**
 * Finds what the rules of a graph had counted in an earlier capture of the same node: one that is
 * still held of a cluster, or what the same file held when it was last drawn.
 *
 * @param before The same dump in the capture before, where one is held.
 */
export function counterHistory(
  documents: DumpDocuments,
  before: (uri: Uri) => Uri | undefined,
): CounterHistory {
  const seen = new Map<string, Seen>();
  return {
    async counterDump(book, token) {
      const own = await drawnRules(documents, book, token);
      if (!own) return undefined;
      const { isSameTime } = await import('../core/flow/counters/borrowedCounters');
      const { captured } = await own.read(own.dump);
      for (const other of await besides(own.uri)) {
        if (token.isCancellationRequested) return undefined;
        const dump = await documents.at(other, token).catch(() => undefined);
        const counted = dump && (await own.read(dump));
        if (!counted || counted.chains.size === 0) continue;
        if (!isSameTime(captured, counted.captured)) continue;
        return { name: lastPart(other), counted, ruleText: own.ruleText };
      }
      return undefined;
    },
    async ratesOf(book, token) {
      const own = await drawnRules(documents, book, token);
      if (!own) return undefined;
      const now = await own.read(own.dump);
      const remembered = remember(seen, own.source, now);
      const earlierUri = before(own.uri);
      const held = earlierUri && (await documents.at(earlierUri, token).catch(() => undefined));
      const earlier = held ? await own.read(held) : remembered;
      return earlier && { rates: ratesBetween(earlier, now), ruleText: own.ruleText };
    },
  };
}

/** The dump whose rules a graph draws. */
interface DrawnRules {
  readonly source: string;
  readonly uri: Uri;
  readonly dump: DumpDocument;
  /** What the chains of the graph counted in a dump. */
  read(dump: DumpDocument): Promise<CounterSnapshot>;
  /** A rule by its place in the graph, as `read` knows it. */
  readonly ruleText: RateSource['ruleText'];
}

async function drawnRules(
  documents: DumpDocuments,
  book: RuleBook,
  token: CancellationToken,
): Promise<DrawnRules | undefined> {
  const source = mainSource(book);
  if (source === undefined) return undefined;
  const uri = uriOf(source);
  const dump = await documents.at(uri, token).catch(() => undefined);
  if (!dump) return undefined;
  const chains = chainsOf(book);
  return {
    ...{ source, uri, dump },
    read: ({ lines }) => runInSlices(readRuleCounters(lines, chains), token),
    ruleText: (range) =>
      range.source === source ? ruleText(dump.lines.line(range.line)) : undefined,
  };
}

/** Larger files are not read for their counters alone, in bytes. */
const mostCounters = 64 << 20;

/** The other texts of iptables-save beside a dump, of the same family. */
async function besides(uri: Uri): Promise<readonly Uri[]> {
  const isSix = (name: string) => /ip6/.test(name);
  const own = lastPart(uri);
  const files = await filesIn(parentOf(uri)).catch(() => []);
  return files.flatMap((file) => {
    const name = lastPart(file.uri);
    // bounded: a file's name.
    const alike = /tables.*save|rules\.v[46]/.test(name) && isSix(name) === isSix(own);
    return alike && name !== own && file.size <= mostCounters ? [file.uri] : [];
  });
}

/** @returns What the file held before it was written anew, as far as it was drawn then. */
function remember(
  seen: Map<string, Seen>,
  source: string,
  now: CounterSnapshot,
): CounterSnapshot | undefined {
  const known = seen.get(source);
  const same = known?.now.captured === now.captured;
  const chains = same && known ? new Map([...known.now.chains, ...now.chains]) : now.chains;
  const before = same ? known?.before : known?.now;
  keepLatest(seen, source, { now: { ...now, chains }, before }, filesRemembered);
  return before;
}
