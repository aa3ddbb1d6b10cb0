import { kindOf, type DumpKindId } from '../dumps/kinds';
import { baseName, spelledName, splitDumpName } from '../dumps/recognize';
import type { ClassifiedFile, DumpFile } from './dumpFile';
import { groupNodes, isOfNode, option, variant } from './nodeFolder';
import { hostOf } from './hostOf';

/** A dump and the node that it is taken for until somebody says otherwise. */
export interface FileOfNode {
  readonly path: string;
  readonly kind: DumpKindId;
  readonly node: string;
}

/**
 * Whether the dumps of a flat folder are of several nodes and their names do not tell of which:
 * `rules1.txt addr1.txt rules2.txt`, or `ip-addr.txt ip-addr-1.txt` with other addresses. Dumps of
 * one kind each, or of one kind alone (`worker1.txt worker2.txt`), leave nothing to ask.
 *
 * @param files of one folder, with their heads
 */
export function isUndecided(files: readonly DumpFile[]): boolean {
  const groups = groupNodes(files).map((group) => group.files.filter(isOfNode));
  const dumps = groups.flat();
  if (groups.length === 1) return isSeveral(dumps);
  // Names that hold a dump's name tell nodes by what stands beside it.
  if (dumps.some(({ path }) => splitDumpName(path))) return false;
  // `nat-L-nv.txt` names a table and the command's options.
  const isCommand = ({ path }: DumpFile) => spelledName(path).split('-').every(isOption);
  if (dumps.some(isCommand)) return false;
  // Each file stands for itself: two that hold different things may be of one node.
  const kinds = groups.map((group) => new Set(group.map(({ kind }) => kind)));
  return kinds.some((own) => kinds.some((other) => [...own].every((kind) => !other.has(kind))));
}

function isOption(word: string): boolean {
  return !/^\d+$/.test(word) && option.test(word);
}

/** Whether files that count as one node's can't be: another host, or one more of the same name. */
function isSeveral(dumps: readonly ClassifiedFile[]): boolean {
  return [...new Set(dumps.map(({ kind }) => kind))].some((kind) => {
    const members = dumps.filter((dump) => dump.kind === kind);
    if (members.length < 2) return false;
    const hosts = members.map(({ head }) => hostOf(head));
    const differ = hosts.some((own) => hosts.some((other) => own.isNot(other)));
    return differ || (kindOf(kind)?.services !== undefined && members.some(isNumbered));
  });
}

/** `iptables-save (1).txt`: a browser's second download says neither when nor where. */
function isNumbered({ path }: ClassifiedFile): boolean {
  return /^(\d{1,2}|\(\d{1,2}\))$/.test(splitDumpName(path)?.after ?? '');
}

/**
 * The dumps of a flat folder with the node that each is most likely of: the host of a shell prompt,
 * what names of different kinds have in common (`rules2.txt`, `addr2.txt`: node-2), the host's
 * address, a word with a number, else the file's own name.
 *
 * @param files of one folder, with their heads
 */
export function proposedNodes(files: readonly DumpFile[]): readonly FileOfNode[] {
  const dumps = groupNodes(files).flatMap((group) => group.files.filter(isOfNode));
  const kindsOf = new Map<string, Set<DumpKindId>>();
  const filesOf = new Map<string, number>();
  for (const dump of dumps) {
    for (const word of new Set(wordsOf(dump))) {
      kindsOf.set(word, (kindsOf.get(word) ?? new Set()).add(dump.kind));
      filesOf.set(word, (filesOf.get(word) ?? 0) + 1);
    }
  }
  const tells = (word: string) => kindsOf.get(word)!.size > 1 && filesOf.get(word)! < dumps.length;
  return dumps.map((dump) => {
    const { name, addresses } = hostOf(dump.head);
    const common = wordsOf(dump).find(tells);
    const [address] = [...addresses.values()].flat();
    const counted = wordsOf(dump).find((word) => /\p{L}\d{1,3}$/u.test(word));
    const node = name ?? common ?? address ?? counted ?? spelledName(baseName(dump.path));
    return { path: dump.path, kind: dump.kind, node: /^\d+$/.test(node) ? `node-${node}` : node };
  });
}

/** The words of a name, and the numbers behind them: `worker2-rules.txt` has worker2, rules, 2. */
function wordsOf({ path }: ClassifiedFile): readonly string[] {
  const { before, after } = splitDumpName(path) ?? { before: spelledName(path), after: '' };
  const words = [before, after]
    .flatMap((part) => part.split(/[^\p{L}\p{N}]+/u))
    .filter((word) => word !== '' && (/^\d{1,3}$/.test(word) || !variant.test(word)));
  const numbers = words.flatMap((word) => /\p{L}(\d{1,3})$/u.exec(word)?.[1] ?? []);
  return [...words, ...numbers];
}
