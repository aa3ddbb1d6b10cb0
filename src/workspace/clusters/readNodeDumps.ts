import type { NodeDumps } from '../../cluster/cluster';
import { filesOfDumps } from '../../cluster/dumpFiles';
import type { NodeState } from '../../core/node';
import { nodeFolder } from '../../syntax/node/nodeFolder';
import { readNode } from '../../syntax/node/readNode';
import { linesOfPieces, textLines } from '../../syntax/textLines';
import type { LineParser } from '../../syntax/treeSitter';
import { readRulesetsInSlices } from '../rulesetsInSlices';
import { pause } from '../slices';

/**
 * Reads a node from dumps that are in no document: nothing of them is kept. Gives way to other work
 * of the extension host in between.
 */
export async function readNodeDumps(
  { node, captured, dumps, partial }: NodeDumps,
  parser: LineParser,
): Promise<NodeState> {
  const byName = new Map(dumps.map((dump) => [dump.name, dump]));
  const files = await filesOfDumps(dumps, pause);
  const { state } = await readNode(nodeFolder(node, files), {
    text: (path) => byName.get(path)!.read(),
    rulesets: async (source, _text, pasted) => {
      const pieces = byName.get(source)!.pieces();
      const lines = pasted === undefined ? await linesOfPieces(pieces) : textLines(pasted);
      return readRulesetsInSlices(source, source, lines, parser);
    },
    pause,
  });
  const told = { ...state, captured: captured ?? state.captured };
  if (partial === undefined) return told;
  const missing = told.missing?.map((one) => ({ ...one, reason: `${one.reason} ${partial}` }));
  return { ...told, partial, missing };
}
