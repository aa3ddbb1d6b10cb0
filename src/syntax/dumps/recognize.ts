import type { DumpKind } from './dumpKind';
import { dumpKinds, type DumpKindId } from './kinds';

/** Of a text, so many characters (or bytes) tell what kind of dump it is. */
export const headLength = 4096;

/** Of a folder's files whose names tell nothing so many are looked into: a node has some dozens. */
export const mostStrange = 2000;

/**
 * What a file holds, by its content; where that does not tell (an empty file, a list of names), by
 * its name.
 *
 * @param name the file's name or path: `node-a/ipvsadm-Ln.txt`
 * @param head the beginning of the text, `headLength` of it
 */
export function dumpKind(name: string, head: string): DumpKindId {
  const base = baseName(name);
  if (base.endsWith('.stderr')) return 'stderr';
  const byContent = kindOfText(head);
  const byName = nameMatch(base)?.kind ?? 'unknown';
  // iptables -S and -L look alike for both families, and the name tells which.
  if (byContent === 'iptables-save' && byName === 'ip6tables-save') return byName;
  return byContent === 'unknown' && !isProse(base) ? byName : byContent;
}

/** Files that are no dump though their name holds a dump's: `lsmod-ip_vs.txt`, `nft-version.txt`. */
function isProse(base: string): boolean {
  return /\.(log|md)$|^(RC|README|traffic|lsmod|uname)\b|version/.test(base);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.gz$/, '');
}

export function kindOfText(head: string): DumpKindId {
  const json = head.trimStart();
  const isJson = json.startsWith('{') && !/^\{(?:code|noformat)\b/.test(json);
  if (isJson || /^\[\s*\{/.test(json)) {
    return dumpKinds.find((kind) => kind.json?.test(json))?.id ?? 'unknown';
  }
  const lines = head.split('\n', 200).map((line) => line.trimEnd());
  let refused = false;
  for (const [i, line] of lines.entries()) {
    const found = kindOfLine(line, lines.slice(i + 1, i + 4));
    // `iptables-save: invalid option -- 'L'`, and then the output all the same.
    if (found === 'stderr') refused = true;
    else if (found) return found;
  }
  return refused ? 'stderr' : 'unknown';
}

/** The kind that only has such a line; the lines that follow help to tell tables apart. */
export function kindOfLine(line: string, next: readonly string[]): DumpKindId | undefined {
  const tests = ofSomeKind.test(line) ? lineTests : seeingOthers;
  return tests.find(({ test }) => (typeof test === 'function' ? test(line, next) : test.test(line)))
    ?.id;
}

const lineTests = dumpKinds.flatMap(({ id, lines = [] }) => lines.map((test) => ({ id, test })));
const seeingOthers = lineTests.filter(({ test }) => typeof test === 'function');

/** All kinds' expressions as one: most lines around dumps are of none, and it tells that at once. */
const ofSomeKind = new RegExp(
  lineTests.flatMap(({ test }) => (test instanceof RegExp ? `(?:${test.source})` : [])).join('|'),
);

/** No file system has longer names; an archive may. */
const longestName = 255;

/** A path's last part in one spelling: `ip_vs`, `ip-vs` and `ip.vs` are alike. */
export function spelledName(path: string): string {
  return baseName(path)
    .slice(-longestName)
    .replace(/\.(txt|out|log|dump|text|json|xml|conf)$/i, '')
    .replace(/[_.\s-]+/g, '-')
    .toLowerCase();
}

/** The first group is what stands before the name. */
const namePatterns = dumpKinds.flatMap((kind: DumpKind & { readonly id: DumpKindId }) =>
  (kind.names ?? []).map((source) => ({
    kind: kind.id,
    pattern: new RegExp(`(^|.*?-)(?:${source})(?=-|$)`),
  })),
);

interface NameMatch {
  readonly kind: DumpKindId;
  /** Where the part that names the dump stands in the spelled name. */
  readonly start: number;
  readonly end: number;
}

/** The longest part of a name that names a dump. */
function nameMatch(base: string): NameMatch | undefined {
  const text = spelledName(base);
  let best: NameMatch | undefined;
  for (const { kind, pattern } of namePatterns) {
    const match = pattern.exec(text);
    if (!match) continue;
    const start = match.index + (match[1]?.length ?? 0);
    const end = match.index + match[0].length;
    if (!best || end - start > best.end - best.start) best = { kind, start, end };
  }
  return best;
}

/**
 * A name's part that says which dump it is; what stands before and behind it may be the node's name.
 * undefined where no dump is named.
 */
export function splitDumpName(name: string): { before: string; after: string } | undefined {
  const base = baseName(name);
  const match = nameMatch(base);
  if (!match) return undefined;
  const text = spelledName(base);
  return {
    before: text.slice(0, match.start).replace(/-$/, ''),
    after: text.slice(match.end).replace(/^-/, ''),
  };
}
