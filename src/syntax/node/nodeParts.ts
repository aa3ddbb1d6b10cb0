import * as l10n from '@vscode/l10n';
import type { Family } from '../../core/address';
import type { MissingPart } from '../../core/node';
import { rulesOrigin } from '../dumps/origin';
import { baseName, splitDumpName } from '../dumps/recognize';
import { kindOf, type DumpKindId } from '../dumps/kinds';
import { headerTime } from '../iptables/lines/headerTime';
import { familyOfRule } from '../iptables/structure/dumps';
import type { ClassifiedFile, NodeFolder } from './dumpFile';

/** The files that serve one part of a node's state, best first, and why these. */
export interface PartChoice {
  readonly part: MissingPart['part'] | 'nftables';
  readonly files: readonly ClassifiedFile[];
  /** The command ran and printed nothing: the part is known to be empty. */
  readonly empty: boolean;
  /** Plain sentences: which file was taken rather than which. */
  readonly reasons: readonly string[];
  /** Of dumps that hold the same, those which a newer one replaced. */
  readonly older?: readonly ClassifiedFile[];
}

export type IptablesBackend = 'legacy' | 'nf_tables' | 'unknown';

/**
 * Which files of a node serve which part. Of several that hold the same, the one that tells most
 * is taken: counters before none, a whole dump before one table's.
 *
 * @param prefer paths to take before others that would do as well: the file that is open
 */
export function chooseParts(
  folder: NodeFolder,
  prefer: ReadonlySet<string> = new Set(),
): readonly PartChoice[] {
  const ranked = (rank: (file: ClassifiedFile) => number | undefined) =>
    folder.files
      .flatMap((file) => {
        const own = rank(file);
        if (own === undefined || file.problem !== undefined || isUseless(file)) return [];
        return { file, rank: (prefer.has(file.path) ? -1000 : 0) + own + nameRank(file) };
      })
      .sort((left, right) => left.rank - right.rank)
      .map(({ file }) => file);
  const best = (part: PartChoice['part'], rank: (file: ClassifiedFile) => number | undefined) =>
    choice(part, ranked(rank));
  return [
    ...([4, 6] as const).map((family) =>
      rules(
        family,
        ranked((file) => rulesRank(file, family)),
      ),
    ),
    best('nftables', (file) => nftRank(file)),
    best('sets', (file) => setRanks.get(setForm(file))),
    interfaces(best('interfaces', interfaceRank)),
    { ...best('routes', (file) => routeRanks.get(file.kind)), reasons: [] },
    best('routing rules', (file) => (file.kind === 'ip-rule' ? 0 : undefined)),
    best('IPVS', (file) => (isWholeTable(file) ? ipvsRanks.get(file.kind) : undefined)),
    best('sysctls', (file) => (file.kind === 'sysctl' ? 0 : undefined)),
  ];
}

/** Some of the routes alone would send a packet by another one: `ip route | grep -v cali`. */
function isUseless({ kind, origin }: ClassifiedFile): boolean {
  const part = kindOf(kind)?.part;
  return origin?.filter !== undefined && (part === 'routes' || part === 'routing rules');
}

/** Files that hold something; where none does, one that is known to be empty. */
function choice(part: PartChoice['part'], candidates: readonly ClassifiedFile[]): PartChoice {
  const files = candidates.filter((file) => file.size > 0);
  const empty = files.length === 0 ? candidates.find((file) => isKnownEmpty(file)) : undefined;
  const [first, second] = files;
  const reasons =
    first && second
      ? [l10n.t`${baseName(first.path)} is read rather than ${baseName(second.path)}.`]
      : [];
  return { part, files: empty ? [empty] : files, empty: empty !== undefined, reasons };
}

/**
 * Of each backend the best whole dump, with those of other tables (`nat.txt` beside `filter.txt`); where
 * none is whole, the parts all count together. The kernel runs the rules of both backends.
 */
function rules(family: Family, candidates: readonly ClassifiedFile[]): PartChoice {
  const part = family === 4 ? 'IPv4 rules' : 'IPv6 rules';
  // A whole dump that is empty says more than a part: iptables -L itself makes tables in the kernel.
  const saves = choice(part, candidates.filter(isWholeSave));
  if (saves.empty) return saves;
  const all = candidates.filter((file) => file.size > 0);
  const same = saves.files.length > 0 ? newestOfEach(saves.files) : undefined;
  const usable = same?.newest ?? withoutCovered(all);
  const backends = new Set(usable.map(backendOf).filter((backend) => backend !== 'unknown'));
  const over = all.find((file) => !usable.includes(file));
  const reasons = [
    ...(backends.size > 1
      ? [l10n.t('Both iptables-nft and iptables-legacy hold rules: both are read.')]
      : []),
    ...(over
      ? [l10n.t`${baseName(usable[0]!.path)} is read rather than ${baseName(over.path)}.`]
      : []),
  ];
  return { part, files: usable, empty: false, reasons, older: same?.older ?? [] };
}

/** `iptables -t nat -L` adds nothing to `iptables-save -t nat`. */
function withoutCovered(files: readonly ClassifiedFile[]): readonly ClassifiedFile[] {
  const saved = new Set(files.filter(isSave).map(tableOf));
  return files.filter((file) => isSave(file) || !saved.has(tableOf(file)));
}

function isSave({ kind }: ClassifiedFile): boolean {
  return kind === 'iptables-save' || kind === 'ip6tables-save';
}

function tableOf({ path, origin }: ClassifiedFile): string | undefined {
  return (origin ?? rulesOrigin(path)).table;
}

interface SameDumps {
  readonly newest: readonly ClassifiedFile[];
  /** Known by their headers to be older than one of `newest`. */
  readonly older: readonly ClassifiedFile[];
}

/** Of dumps of the same tables the newest counts by its header's time; without times the better one. */
function newestOfEach(saves: readonly ClassifiedFile[]): SameDumps {
  const named = saves.filter((file) => backendOf(file) !== 'unknown');
  const rest = named.length > 0 ? named : saves;
  const newest: ClassifiedFile[] = [];
  const older: ClassifiedFile[] = [];
  for (const file of rest) {
    const at = newest.findIndex((other) => isSameDump(file, other));
    const other = newest[at];
    if (!other) newest.push(file);
    else if (isOlder(other, file)) {
      newest[at] = file;
      older.push(other);
    } else if (isOlder(file, other)) older.push(file);
  }
  return { newest, older };
}

function isSameDump(file: ClassifiedFile, other: ClassifiedFile): boolean {
  const begins = ({ head }: ClassifiedFile) => /^\*(\w+)/m.exec(head)?.[1] ?? '';
  const backend = backendOf(other) === backendOf(file);
  return backend && (begins(other) === begins(file) || begins(file) === '');
}

/** In milliseconds: two runs of one script's `iptables-save`, with counters and without. */
const sameRun = 60_000;

function isOlder(file: ClassifiedFile, other: ClassifiedFile): boolean {
  const [one, two] = [headerTime(file.head), headerTime(other.head)];
  return one !== undefined && two !== undefined && Date.parse(two) - Date.parse(one) > sameRun;
}

/** The header tells since 1.8.0: `v1.8.9 (nf_tables)`, and nothing behind the version for legacy. */
export function backendOf({ path, head }: ClassifiedFile): IptablesBackend {
  const header = /^# Generated by \S+ v\d+\.(\d+)\.\d+(?: \((\w+)\))?/m.exec(head);
  if (header?.[2] === 'nf_tables') return 'nf_tables';
  if (header) return 'legacy';
  const name = /-(nft|legacy)/.exec(baseName(path))?.[1];
  return name === 'nft' ? 'nf_tables' : name === 'legacy' ? 'legacy' : 'unknown';
}

/** False for `iptables-save -t nat`, `iptables -S` and `-L` of one table. */
export function isWholeSave(file: ClassifiedFile): boolean {
  return isSave(file) && tableOf(file) === undefined;
}

function rulesRank(file: ClassifiedFile, family: Family): number | undefined {
  const base = baseName(file.path);
  const told = file.origin?.family ?? (base.includes('ip6tables') ? 6 : familyOfHead(file));
  const six = file.kind === 'ip6tables-save' || told === 6;
  if (six !== (family === 6)) return undefined;
  switch (file.kind) {
    case 'iptables-save':
    case 'ip6tables-save':
      // Counters are more than none.
      return (
        (isWholeSave(file) ? 0 : 20) +
        (/^\[\d+:\d+\] -A/m.test(file.head) || /-c\b/.test(base) ? 0 : 1)
      );
    case 'iptables-S':
      return 40;
    case 'iptables-L':
      return 60;
    default:
      return undefined;
  }
}

/** Of rules whose family neither a name, a command nor a header tells: `-S` of ip6tables in `nat.txt`. */
function familyOfHead({ kind, head }: ClassifiedFile): Family | undefined {
  if (kindOf(kind)?.part !== 'rules' || head.includes('# Generated by')) return undefined;
  for (const line of head.split('\n')) {
    const family = familyOfRule(line);
    if (family !== undefined) return family;
  }
  return undefined;
}

/** Of whole listings one for each family, of which `ip addr` has both; without any, all parts. */
function interfaces(choice: PartChoice): PartChoice {
  const whole = choice.files.filter(listsAll);
  if (whole.length === 0) return { ...choice, reasons: [] };
  const both = whole.find(({ origin }) => origin?.family === undefined);
  const four = whole.find(({ origin }) => origin?.family === 4);
  const six = whole.find(({ origin }) => origin?.family === 6);
  const files = both ? [both] : [four, six].filter((file) => file !== undefined);
  const over = choice.files.find((file) => !files.includes(file));
  const reasons = over
    ? [l10n.t`${baseName(files[0]!.path)} is read rather than ${baseName(over.path)}.`]
    : [];
  return { ...choice, files, reasons };
}

/** JSON tells no places; terse output (`nft -t`) leaves elements out; `-n` and `-s` change less. */
function nftRank({ kind, path }: ClassifiedFile): number | undefined {
  const base = baseName(path);
  if (kind === 'nft-json') return 30;
  if (kind !== 'nft') return undefined;
  if (/nft-t-/.test(base)) return 60;
  return /^nft-(list-)?(ruleset|table)/.test(base) ? 0 : 1;
}

/** Where several files hold the same, a name with something before or behind it comes later. */
function nameRank({ path }: ClassifiedFile): number {
  const split = splitDumpName(path);
  return split && split.before === '' && split.after === '' ? 0 : 100;
}

function setForm({ kind, head, path }: ClassifiedFile): string {
  if (kind !== 'ipset-list' || head === '') return kind;
  if (!/^Name: /m.test(head)) return 'names';
  return /-(t|terse)\b/.test(baseName(path)) || !/^Members:/m.test(head) ? 'terse' : kind;
}

const setRanks: ReadonlyMap<string, number> = new Map([
  ['ipset-save', 0],
  ['ipset-list', 1],
  ['ipset-xml', 1],
  ['terse', 2],
  ['names', 3],
]);

function interfaceRank(file: ClassifiedFile): number | undefined {
  const rank = interfaceKinds.indexOf(file.kind);
  return rank < 0 ? undefined : rank + (listsAll(file) ? 0 : 10);
}

const interfaceKinds: readonly DumpKindId[] = ['ip-addr', 'ip-addr-json', 'ifconfig'];

/** `ip addr show dev X` does not list lo: it says nothing of the node's other addresses. */
function listsAll({ head, origin }: ClassifiedFile): boolean {
  if (origin?.filter !== undefined) return false;
  return head === '' || /(^|\s)lo(:|\s)|"ifname" ?: ?"lo"/.test(head);
}

const routeRanks: ReadonlyMap<DumpKindId, number> = new Map<DumpKindId, number>([
  ['ip-route', 0],
  ['route-n', 1],
  ['proc-route', 1],
  ['proc-ipv6_route', 2],
  ['proc-fib_trie', 3],
]);

/** `--stats`, `--thresholds` and `--persistent-conn` have no forward methods. */
function isWholeTable({ kind, head }: ClassifiedFile): boolean {
  return kind !== 'ipvsadm-Ln' || !/Uthreshold|PersistConn/.test(head);
}

/** ipvsadm -Ln has the scheduler's flags and seconds; /proc/net/ip_vs neither. */
const ipvsRanks: ReadonlyMap<DumpKindId, number> = new Map<DumpKindId, number>([
  ['ipvsadm-Ln', 0],
  ['proc-ip_vs', 1],
  ['ipvsadm-Sn', 2],
]);

/**
 * Did the command run and find nothing? Commands that always print something (a header, lo) can't be
 * empty, and other words on stderr than warnings mean that it failed, except that there is no IPVS.
 */
function isKnownEmpty({ kind, stderr = '', size }: ClassifiedFile): boolean {
  const mayBeEmpty = kindOf(kind)?.mayBeEmpty;
  if (size > 0 || mayBeEmpty === undefined) return false;
  if (mayBeEmpty !== true) return mayBeEmpty.test(stderr);
  return stderr.split('\n').every((line) => line.trim() === '' || line.startsWith('#'));
}
