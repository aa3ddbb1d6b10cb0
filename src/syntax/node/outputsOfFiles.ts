import { workOfLast } from '../../core/once';
import { finishWith } from '../../core/work';
import { kindOf } from '../dumps/kinds';
import type { DumpCommand } from '../dumps/command';
import { ipOrigin, rulesOrigin, type NamedOrigin } from '../dumps/origin';
import { outputsIn, type CommandOutput } from '../dumps/outputs';
import { rulesOfFamily } from './rulesOfFamily';
import { ofOneHost, type OneHost } from './ofOneHost';
import type { NodePart } from './nodeFacts';
import type { ClassifiedFile, NodeFolder } from './dumpFile';

/** Larger files are of one command, in bytes: nobody pastes that together by hand. */
const mostPasted = 4 << 20;

/**
 * The files with those that hold the outputs of several commands taken apart: each output counts as
 * a file of its own, of the same name.
 *
 * @param folder its name tells whose outputs count where a file holds those of several hosts
 * @param leftOut is told of a file that holds outputs of other hosts, which don't count
 */
export async function outputsOfFiles(
  { name, files }: NodeFolder,
  text: (file: ClassifiedFile) => Promise<string | undefined>,
  leftOut: (path: string, hosts: OneHost) => void = () => undefined,
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<readonly ClassifiedFile[]> {
  const all: ClassifiedFile[] = [];
  for (const file of files) {
    const named = withNamedOrigin(file);
    if (!mayHoldSeveral(file)) {
      all.push(named);
      continue;
    }
    const whole = (await text(file)) ?? '';
    const found = await finishWith(outputsOnce(whole), pause);
    const hosts = ofOneHost(
      whole,
      found.filter(({ kind }) => kind !== 'unknown'),
      name,
    );
    if (hosts.others.length > 0) leftOut(file.path, hosts);
    const { outputs } = hosts;
    const [only, ...others] = outputs;
    // `ip route get 10.96.0.10`: its output looks like another command's.
    const silent = found.some(({ command }) => command !== undefined);
    if (!only) all.push(silent ? { ...named, kind: 'unknown' } : named);
    else if (others.length === 0) all.push(ofOutput(named, only));
    else for (const output of outputs) all.push(ofOutput(named, output));
  }
  return all;
}

const outputsOnce = workOfLast(outputsIn);

/** JSON and YAML are one document; so are the texts that kube-proxy itself writes. */
export function mayHoldSeveral({
  kind,
  head,
  size,
  problem,
}: Pick<ClassifiedFile, 'kind' | 'head' | 'size' | 'problem'>): boolean {
  if (size === 0 || size > mostPasted || problem !== undefined) return false;
  if (kind === 'stderr' || kind === 'objects' || kindOf(kind)?.part === 'mode') return false;
  return !/^\s*[{[]\s*["{]/.test(head);
}

function withNamedOrigin(file: ClassifiedFile): ClassifiedFile {
  const origin = originOfName(file);
  return { ...file, kind: rulesOfFamily(file.kind, origin.family), origin };
}

function originOfName({ kind, path }: ClassifiedFile): NamedOrigin {
  return kindOf(kind)?.part === 'rules' ? rulesOrigin(path) : ipOrigin(path);
}

function isSave({ kind, table }: DumpCommand): true | undefined {
  const saves = kind === 'iptables-save' || kind === 'ip6tables-save';
  return saves && table === undefined ? true : undefined;
}

const listed: ReadonlySet<NodePart | undefined> = new Set<NodePart | undefined>([
  'interfaces',
  'routes',
  'routing rules',
]);

function ofOutput(file: ClassifiedFile, output: CommandOutput): ClassifiedFile {
  const { start, end, head, command, kind, cut } = output;
  const named = originOfName({ ...file, kind });
  const family = command ? command.family : named.family;
  const table = command ? command.table : named.table;
  const saves = command ? isSave(command) : named.saves;
  // Readers of rules and of virtual servers see such a line for themselves.
  const filter = command?.filter ?? (cut && listed.has(kindOf(kind)?.part) ? '...' : undefined);
  return {
    ...file,
    kind: rulesOfFamily(kind, family),
    head,
    lines: { start, end },
    origin: {
      family,
      table,
      ...(saves && { saves }),
      ...(filter !== undefined && { filter }),
    },
  };
}
