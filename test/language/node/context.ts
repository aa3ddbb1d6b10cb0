import assert from 'node:assert/strict';
import type { IndexedObjects } from '../../../src/core/objects/types';
import { finish } from '../../../src/core/work';
import type { NodeContext } from '../../../src/language/node/context';
import { readNodeIndex } from '../../../src/language/node/nodeIndex';
import { ruleLines } from '../../../src/language/node/ruleLines';
import type { NodeText } from '../../../src/language/node/word';
import { textLines } from '../../../src/syntax/textLines';
import { objectsOf, readTexts, textsIn } from '../../dumps';

/** Dumps of one node by their names, as they lie beside one another, and the cluster's objects. */
export async function contextOf(
  texts: Readonly<Record<string, string>>,
  name: string,
  language: NodeText['language'],
  objects?: IndexedObjects,
): Promise<NodeContext> {
  const node = await readTexts(new Map(Object.entries(texts)), 'node-a', {
    rulesets: (source) => [
      { source, family: 4, backend: 'unknown', tables: new Map(), findings: [] },
    ],
    prefer: new Set([name]),
  });
  return {
    text: { language, source: name, lines: textLines(texts[name]!) },
    node,
    objects,
    index: finish(readNodeIndex(node, objects)),
    rulesNaming: (sought) =>
      Promise.resolve(
        node.rulesets.flatMap(({ source }) => [
          ...finish(ruleLines(source, textLines(texts[source]!), sought)),
        ]),
      ),
  };
}

const sample = 'samples/kubernetes-1.36-ipvs';

/** One file of the ipvs sample with the files beside it. */
export async function sampleContext(
  name: string,
  language: NodeText['language'],
): Promise<NodeContext> {
  const texts = Object.fromEntries(textsIn(`${sample}/node-a`));
  assert.ok(texts[name] !== undefined, name);
  return contextOf(texts, name, language, await objectsOf(textsIn(`${sample}/objects`)));
}

/** Line and column of the middle of `word` in the first line that holds `line`. */
export function placeOf({ text: { lines } }: NodeContext, line: string, word = line) {
  for (let i = 0; i < lines.count; i++) {
    const own = lines.line(i);
    const at = own.includes(line) ? own.indexOf(word) : -1;
    if (at >= 0) return { line: i, column: at + (word.length >> 1) };
  }
  throw new Error(`${word} in ${line} is not there`);
}
