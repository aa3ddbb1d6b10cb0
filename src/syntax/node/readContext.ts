import * as l10n from '@vscode/l10n';
import type { Finding } from '../../core/finding';
import type { MissingPart } from '../../core/node';
import type { Ruleset } from '../../core/rules/ruleset';
import { finishWith } from '../../core/work';
import { ByteBudget } from '../byteBudget';
import { kindOf, type DumpKindId } from '../dumps/kinds';
import { parseLinesInSlices, type LineReader } from '../lines';
import { olderSideNote, pastedOnce, type Pasted } from '../pasted/pasted';
import { mostFindings } from './mostFindings';
import type { NodeFacts } from './nodeFacts';
import type { ClassifiedFile, NodeFolder } from './dumpFile';
import type { PartChoice } from './nodeParts';

/** What reading a node needs from its surroundings. */
export interface NodeReader {
  /**
   * The whole text of a file, or the same as its command printed it, for a caller that has that at hand; a
   * rejection leaves the part that it serves unknown.
   */
  text(path: string): Promise<string | Pasted>;
  /**
   * The rulesets of iptables dumps (tree-sitter is loaded by the caller); rejects as `text` does.
   *
   * @param text the file's text as the command printed it, read at most once
   * @param pasted the same where it is not the file's own, for a caller that has that at hand
   */
  rulesets(
    source: string,
    text: () => Promise<string>,
    pasted?: string,
  ): Promise<readonly Ruleset[]> | readonly Ruleset[];
  /** Awaited between slices of large dumps; may reject to stop all. */
  pause?(): Promise<void>;
  /** Paths to take before others that would do as well: the file that is open. */
  readonly prefer?: ReadonlySet<string>;
}

/** A reader's pause; none where it has none. */
export function pauseOf(reader: NodeReader): () => Promise<void> {
  return () => reader.pause?.() ?? Promise.resolve();
}

/**
 * What is read of all files of one node, in bytes, wherever they lie: folders, archives and captures have
 * more, which nothing asks for. A dump of 100 MB is read with pauses; a JavaScript string holds no more than 512 MB.
 */
const mostOfNode = 512 << 20;

export interface Context {
  /** Its files by the commands that wrote them. */
  folder: NodeFolder;
  readonly reader: NodeReader;
  readonly findings: Finding[];
  readonly missing: MissingPart[];
  readonly used: Set<ClassifiedFile>;
  readonly budget: ByteBudget;
  /** Files that count towards it already. */
  readonly counted: Set<string>;
  /** Why files were not read, by path. */
  readonly failed: Map<string, string>;
  /** Taken for rules, and holding none. */
  readonly unread: Set<string>;
  /** Of files that were read to see what they hold. */
  readonly texts: Map<string, Promise<string | undefined>>;
  /** Those that were pasted out of something, as the command printed them. */
  readonly pasted: Map<string, Pasted>;
  /** Of files that hold rules of iptables: one may serve both families. */
  readonly rulesets: Map<string, Promise<readonly Ruleset[] | undefined>>;
}

export function newContext(folder: NodeFolder, reader: NodeReader): Context {
  return {
    folder,
    reader,
    findings: [],
    missing: [],
    used: new Set(),
    budget: new ByteBudget(mostOfNode),
    counted: new Set(),
    failed: new Map(),
    unread: new Set(),
    texts: new Map(),
    pasted: new Map(),
    rulesets: new Map(),
  };
}

export function partOf(parts: readonly PartChoice[], name: PartChoice['part']): PartChoice {
  return parts.find(({ part }) => part === name)!;
}

export function miss(
  { missing, folder, failed }: Context,
  part: MissingPart['part'],
  command: string,
  reason: string,
): void {
  // A file that is there but failed says why better than "no dump".
  for (const { path, kind, size, problem, stderr = '' } of folder.files) {
    if (!isOfPart(kind, part)) continue;
    const printed = problem ?? stderr.trim().split('\n', 1)[0]!;
    const words = failed.get(path) ?? (size === 0 ? printed : '');
    if (words === '') continue;
    missing.push({ part, command, reason: `${reason} ${path}: ${words}` });
    return;
  }
  missing.push({ part, command, reason });
}

function isOfPart(id: DumpKindId, part: MissingPart['part']): boolean {
  if (part === 'IPv6 rules') return id === 'ip6tables-save';
  if (part === 'IPv4 rules') return id !== 'ip6tables-save' && kindOf(id)?.part === 'rules';
  return kindOf(id)?.part === part;
}

/** What is read of a file; undefined, with a finding, where it can't be read. */
async function readOf<T>(
  context: Context,
  file: ClassifiedFile,
  read: () => Promise<T> | T,
): Promise<T | undefined> {
  try {
    if (!context.counted.has(file.path)) context.budget.take(file.size);
    context.counted.add(file.path);
    const value = await read();
    return value;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    context.failed.set(file.path, why);
    const message = l10n.t`The file could not be read: ${why}`;
    const range = { source: file.path, line: 0, start: 0, end: 0 };
    context.findings.push({ severity: 'error', code: 'unreadable-file', message, range });
    return undefined;
  }
}

export function textOf(context: Context, file: ClassifiedFile): Promise<string | undefined> {
  let text = context.texts.get(file.path);
  if (!text) {
    text = readOf(context, file, async () => {
      const given = await context.reader.text(file.path);
      const { length } = typeof given === 'string' ? given : given.text;
      // Of a zipped file the size is that of the file.
      context.budget.take(Math.max(0, length - file.size));
      const pasted =
        typeof given === 'string'
          ? await finishWith(pastedOnce(given), pauseOf(context.reader))
          : given;
      if (pasted.text !== given) context.pasted.set(file.path, pasted);
      const note = olderSideNote(file.path, pasted);
      if (note) context.findings.push(note);
      return pasted.text;
    });
    context.texts.set(file.path, text);
  }
  return text;
}

/** The rulesets of a file of iptables; undefined where it can't be read. */
export function rulesetsOf(
  context: Context,
  file: ClassifiedFile,
): Promise<readonly Ruleset[] | undefined> {
  let rulesets = context.rulesets.get(file.path);
  if (!rulesets) {
    const text = async () => (await textOf(context, file)) ?? '';
    rulesets = readOf(context, file, () =>
      context.reader.rulesets(file.path, text, context.pasted.get(file.path)?.text),
    );
    context.rulesets.set(file.path, rulesets);
  }
  return rulesets;
}

/** What a file tells, read by its kind's own reader; undefined where it can't be read. */
export async function factsOf(
  context: Context,
  file: ClassifiedFile,
): Promise<NodeFacts | undefined> {
  const text = await textOf(context, file);
  const parser = await kindOf(file.kind)?.read?.({ source: file.path, ...file.origin });
  if (text === undefined || !parser) return undefined;
  context.used.add(file);
  const { value, findings } = await parseLinesInSlices(
    text,
    within(parser, file),
    pauseOf(context.reader),
  );
  for (const finding of mostFindings(findings)) context.findings.push(finding);
  return value;
}

/** The parser with the lines of one output alone. */
function within<T>(parser: LineReader<T>, { lines }: ClassifiedFile): LineReader<T> {
  if (!lines) return parser;
  return {
    line(text, number) {
      if (number >= lines.start && number < lines.end) parser.line(text, number);
    },
    end: () => parser.end(),
    ...(parser.ending && { ending: () => parser.ending!() }),
  };
}

export function fileOf({ folder }: Context, kind: DumpKindId): ClassifiedFile | undefined {
  return folder.files.find((file) => file.kind === kind && file.size > 0);
}
