import type { DumpFile } from '../syntax/node/dumpFile';
import type { Dump } from './cluster';
import { errorText } from './error';
import { headLength } from '../syntax/dumps/recognize';

/**
 * A node's dumps by their heads, as its reading takes them: their texts are read when they are wanted. One that
 * can't be read costs itself.
 */
export async function filesOfDumps(
  dumps: readonly Dump[],
  pause: () => Promise<void>,
): Promise<readonly DumpFile[]> {
  const files: DumpFile[] = [];
  for (const dump of dumps) {
    files.push(await fileOf(dump));
    await pause();
  }
  return files;
}

async function fileOf(dump: Dump): Promise<DumpFile> {
  const { name: path, bytes: size, stderr, problem } = dump;
  const told = { path, head: '', size, stderr, problem: problem?.message };
  if (problem?.kind === 'refused') return told;
  try {
    for await (const piece of dump.pieces()) return { ...told, head: piece.slice(0, headLength) };
    return told;
  } catch (error) {
    return { ...told, size: 0, problem: errorText(error) };
  }
}
