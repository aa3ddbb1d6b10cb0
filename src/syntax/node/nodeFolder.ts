import { baseName, dumpKind, splitDumpName } from '../dumps/recognize';
import { kindOf, type DumpKindId } from '../dumps/kinds';
import { outputsOf } from '../dumps/outputs';
import { pastedText } from '../pasted/pasted';
import type { ClassifiedFile, DumpFile, NodeFolder } from './dumpFile';
import type { NodePart } from './nodeFacts';
import { mayHoldSeveral } from './outputsOfFiles';
import { append } from '../../core/append';

/** The node that the user gave a file to, by the file's path. */
export type GivenNode = (path: string) => string | undefined;

/**
 * Puts files together that are of one node: those of one folder, or in a flat folder those that
 * bear the same name before or behind the dump's (`node-a-ipset-save.txt`). Files of two folders
 * never mix. Folders without a node's dumps (`objects/`) give no node. What the user said of a file
 * counts before its name. A text that holds dumps of several hosts is a file of each.
 *
 * @param top the name of a node whose files lie at the top
 */
export function groupNodes(
  files: readonly DumpFile[],
  top = 'node',
  given: GivenNode = () => undefined,
): readonly NodeFolder[] {
  const folders = new Map<string, ClassifiedFile[]>();
  for (const file of classify(files)) {
    const path = folderOf(file.path);
    append(folders, path, file);
  }
  return [...folders].flatMap(([path, members]) => splitGiven(path, members, top, given));
}

/** All files as one node's, whatever their names: what a live node answered. */
export function nodeFolder(name: string, files: readonly DumpFile[]): NodeFolder {
  return { name, path: '', files: classify(files) };
}

/** Finds each file's kind, and joins the stderr files to those that they stand beside. */
function classify(files: readonly DumpFile[]): ClassifiedFile[] {
  const beside = new Map(
    files
      .filter((file) => file.path.endsWith('.stderr'))
      .map((file) => [file.path.slice(0, -'.stderr'.length), file.head]),
  );
  return files.map((file) => {
    const stderr = file.stderr ?? beside.get(file.path);
    const head = pastedText(file.head);
    const kind = dumpKind(file.path, head);
    return { ...file, head, kind, ...(stderr === undefined ? {} : { stderr }) };
  });
}

/** A folder's nodes: those that the user gave files to, the hosts that a text tells, and what the names tell of the others. */
function splitGiven(
  path: string,
  files: readonly ClassifiedFile[],
  top: string,
  given: GivenNode,
): readonly NodeFolder[] {
  const nodes = new Map<string, ClassifiedFile[]>();
  const others: ClassifiedFile[] = [];
  for (const file of files) {
    const name = given(file.path.replace(/\.stderr$/, ''));
    const names = name === undefined ? (file.hosts ?? []) : [name];
    if (names.length === 0) others.push(file);
    for (const one of names) append(nodes, one, file);
  }
  const told = splitFolder(path, others, top);
  for (const { name, files: members } of told) {
    for (const file of nodes.has(name) ? members : []) append(nodes, name, file);
  }
  // What is of no node alone is of each: the configuration of kube-proxy.
  const shared = told.length === 0 ? others.filter(isOfCluster) : [];
  return [
    ...[...nodes].map(([name, members]) => ({ name, path, files: [...members, ...shared] })),
    ...told.filter(({ name }) => !nodes.has(name)),
  ];
}

function isOfCluster({ kind }: ClassifiedFile): boolean {
  const part = kindOf(kind)?.part;
  return part === undefined || part === 'mode';
}

function splitFolder(
  path: string,
  files: readonly ClassifiedFile[],
  top: string,
): readonly NodeFolder[] {
  const dumps = files.filter(isOfNode);
  if (dumps.length === 0) return [];
  const own = path === '' ? top : baseName(path);
  const labelOf = labels(dumps);
  if (!labelOf) return [{ name: own, path, files }];
  const nodes = new Map<string, ClassifiedFile[]>();
  for (const file of files) {
    const label = labelOf(file);
    const name = label === '' ? own : label;
    append(nodes, name, file);
  }
  return [...nodes]
    .filter(([, members]) => members.some(isOfNode))
    .map(([name, members]) => ({ name, path, files: members }));
}

/**
 * How to tell nodes apart by file names, or undefined when the folder is of one node: two names of
 * nodes have a dump of the same kind, or one name stands on several kinds.
 */
function labels(dumps: readonly ClassifiedFile[]): ((file: ClassifiedFile) => string) | undefined {
  const named = dumps.some((file) => splitDumpName(file.path));
  const labelOf = named ? labelByName : labelByWholeName;
  const kindsOf = new Map<string, Set<DumpKindId>>();
  for (const file of dumps) {
    const label = labelOf(file);
    const kinds = kindsOf.get(label) ?? new Set();
    kindsOf.set(label, kinds.add(file.kind));
  }
  const all = [...kindsOf.values()];
  const repeated = all.some((kinds, i) =>
    all.some((others, j) => j !== i && [...kinds].some((kind) => others.has(kind))),
  );
  const several = named && all.some((kinds) => kinds.size > 1);
  // Beside dumps without a label, a label of one dump alone says something else: an option, a date.
  const bare = dumps.some((file) => labelOf(file) === '');
  if (!repeated && !several) return undefined;
  return (file) => {
    const label = labelOf(file);
    return bare && (kindsOf.get(label)?.size ?? 0) < 2 ? '' : label;
  };
}

function labelByName({ path }: ClassifiedFile): string {
  const { before = '', after = '' } = splitDumpName(path) ?? {};
  return [before, withoutWords(after)]
    .filter((part) => part !== '' && !variant.test(part))
    .join('-');
}

/** What stands behind a dump's name without the command's options: `t-nat-l-n-node-b` is of node-b. */
function withoutWords(after: string): string {
  const words = after.split('-');
  while (words[0] !== undefined && option.test(words[0])) words.shift();
  return words[0] === 'kube' || words[0] === 'cali' ? '' : words.join('-');
}

export const option =
  /^(|-?[tnvslxw46od]|nv|vn|nvl|lc|ln|lnc|sn|line|lineno|numbers?|nat|filter|mangle|raw|security|table|all|main|local|default|list|show|ls|lst|sh|save|dev|lo|output|out|dump|txt|stdout|ipv[46]|inet6?|\d+)$/;

/** Words beside a dump's name that tell when or how it was taken, not where. */
export const variant =
  /^(first|old|new|orig|before(-.*)?|after(-.*)?|v\d+|\d[\d-]*(t[\d-]*z?)?|sudo|cat|cmd|command|output|dump|var|tmp|usr-s?bin|s?bin|(usr-)?sbin)$/;

/** Names that say nothing of a dump: `worker1.txt`, `worker2.txt`. */
function labelByWholeName({ path }: ClassifiedFile): string {
  return baseName(path).replace(/\.[a-z]{2,5}$/i, '');
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/**
 * Whether the file tells what only a node can: its rules, sets, addresses, routes, virtual servers. What was
 * pasted from a terminal may begin with another command's output.
 */
export function isOfNode({ kind, head, ...file }: ClassifiedFile): boolean {
  if (isNodesOwn(kind)) return true;
  return (
    kind !== 'unknown' &&
    mayHoldSeveral({ ...file, kind, head }) &&
    outputsOf(head).some((output) => isNodesOwn(output.kind))
  );
}

function isNodesOwn(kind: DumpKindId): boolean {
  const part = kindOf(kind)?.part;
  return part !== undefined && !elsewhere.has(part);
}

/** Parts whose dumps may also lie where no node is: a sysctl.conf, the cluster's configuration. */
const elsewhere: ReadonlySet<NodePart> = new Set<NodePart>(['sysctls', 'connections', 'mode']);
