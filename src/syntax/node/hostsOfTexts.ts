import { finishWith, type Work } from '../../core/work';
import { dumpCommand } from '../dumps/command';
import { hostMark } from '../dumps/hostMarks';
import { outputsIn } from '../dumps/outputs';
import { dumpKind } from '../dumps/recognize';
import { pastedInPieces, pastedText } from '../pasted/pasted';
import type { DumpFile } from './dumpFile';
import { severalHosts } from './ofOneHost';
import { mayHoldSeveral } from './outputsOfFiles';

/** Of a folder's files so much is read for whose outputs they hold, in bytes; the rest is one node's a file. */
const mostRead = 32 << 20;

/**
 * The files with the hosts whose outputs they hold, of those that hold several hosts'. Read whole are only
 * files whose beginning has a command or names a host.
 *
 * @param text of the file at a path; a rejection leaves it as one node's
 */
export async function withHosts(
  files: readonly DumpFile[],
  text: (path: string) => Promise<string>,
  pause: () => Promise<void>,
): Promise<readonly DumpFile[]> {
  const all: DumpFile[] = [];
  let left = mostRead;
  for (const file of files) {
    const isRead = file.size <= left && mayNameHosts(file);
    if (isRead) left -= file.size;
    const whole = isRead ? await text(file.path).catch(() => '') : '';
    const hosts = await finishWith(hostsIn(whole), pause);
    all.push(hosts.length > 1 ? { ...file, hosts } : file);
  }
  return all;
}

function mayNameHosts(file: DumpFile): boolean {
  const head = pastedText(file.head);
  if (!mayHoldSeveral({ ...file, head, kind: dumpKind(file.path, head) })) return false;
  return head.split('\n').some((line) => hostMark(line) ?? dumpCommand(line));
}

function* hostsIn(text: string): Work<readonly string[]> {
  const outputs = yield* outputsIn((yield* pastedInPieces(text)).text);
  const hosts = severalHosts(outputs.filter(({ kind }) => kind !== 'unknown'));
  return [...(hosts?.keys() ?? [])];
}
