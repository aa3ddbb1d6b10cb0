import type { Dump, NodeDumps } from '../../cluster/cluster';
import type { NodeState } from '../../core/node';
import { dumpKind } from '../../syntax/dumps/recognize';
import type { DumpFile } from '../../syntax/node/dumpFile';
import { nodeFolder } from '../../syntax/node/nodeFolder';
import { readNode } from '../../syntax/node/readNode';
import { linesOfPieces, textLines } from '../../syntax/textLines';
import type { LineParser } from '../../syntax/treeSitter';
import { readRulesetsInSlices } from '../rulesetsInSlices';
import { pause } from '../slices';

/** Enough to tell a dump's kind, in characters. */
const headLength = 4096;

/**
 * Reads a node from dumps that are in no document: nothing of them is kept. Gives way to other work
 * of the extension host in between.
 */
export async function readNodeDumps(
  { node, captured, dumps, partial }: NodeDumps,
  parser: LineParser,
): Promise<NodeState> {
  const byName = new Map<string, Dump>();
  const files: DumpFile[] = [];
  for (const dump of dumps) {
    const head = await headOf(dump);
    if (dumpKind(dump.name, head) === 'unknown') continue;
    byName.set(dump.name, dump);
    files.push({
      path: dump.name,
      head,
      size: dump.bytes,
      stderr: dump.stderr,
      problem: dump.problem?.message,
    });
    await pause();
  }
  const { state } = await readNode(nodeFolder(node, files), {
    text: (path) => byName.get(path)?.read() ?? Promise.resolve(''),
    rulesets: async (source, _text, pasted) => {
      const dump = byName.get(source);
      if (!dump) return [];
      const lines = pasted === undefined ? await linesOfPieces(dump.pieces()) : textLines(pasted);
      return readRulesetsInSlices(source, source, lines, parser);
    },
    pause,
  });
  const told = { ...state, captured: captured ?? state.captured };
  if (partial === undefined) return told;
  const missing = told.missing?.map((one) => ({ ...one, reason: `${one.reason} ${partial}` }));
  return { ...told, partial, missing };
}

async function headOf(dump: Dump): Promise<string> {
  for await (const piece of dump.pieces()) return piece.slice(0, headLength);
  return '';
}
