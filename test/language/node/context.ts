import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { indexObjects } from '../../../src/core/objects/objectIndex';
import { sortObjects, type ClusterObject } from '../../../src/core/objects/types';
import type { NodeContext } from '../../../src/language/node/context';
import { readNodeIndex } from '../../../src/language/node/nodeIndex';
import { ruleLines } from '../../../src/language/node/ruleLines';
import type { NodeText } from '../../../src/language/node/word';
import { nodeFolder } from '../../../src/syntax/node/nodeFolder';
import { parseObjects } from '../../../src/syntax/objects/objects';
import { readNode } from '../../../src/syntax/node/readNode';
import { textLines } from '../../../src/syntax/textLines';

/** Runs a generator to its end. */
export function whole<T>(work: Generator<undefined, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** Dumps of one node by their names, as they lie beside one another, and the cluster's objects. */
export async function contextOf(
  texts: Readonly<Record<string, string>>,
  name: string,
  language: NodeText['language'],
  objects: readonly ClusterObject[] = [],
): Promise<NodeContext> {
  const files = Object.entries(texts).map(([path, text]) => ({
    path,
    head: text.slice(0, 4096),
    size: text.length,
  }));
  const { state: node } = await readNode(nodeFolder('node-a', files), {
    text: (path) => Promise.resolve(texts[path]!),
    rulesets: (source) => [
      { source, family: 4, backend: 'unknown', tables: new Map(), findings: [] },
    ],
    prefer: new Set([name]),
  });
  const sorted = sortObjects(objects);
  const known = objects.length > 0 ? indexObjects(sorted) : undefined;
  return {
    text: { language, source: name, lines: textLines(texts[name]!) },
    node,
    objects: known,
    index: whole(readNodeIndex(node, known)),
    rulesNaming: (sought) =>
      Promise.resolve(
        node.rulesets.flatMap(({ source }) => [
          ...whole(ruleLines(source, textLines(texts[source]!), sought)),
        ]),
      ),
  };
}

const sample = new URL('../../../samples/kubernetes-1.36-ipvs/', import.meta.url);

/** One file of the ipvs sample with the files beside it. */
export async function sampleContext(
  name: string,
  language: NodeText['language'],
): Promise<NodeContext> {
  const texts: Record<string, string> = {};
  for (const file of readdirSync(new URL('node-a/', sample))) {
    texts[file] = readFileSync(new URL(`node-a/${file}`, sample), 'utf8');
  }
  assert.ok(texts[name] !== undefined, name);
  const objects: ClusterObject[] = [];
  for (const file of readdirSync(new URL('objects/', sample))) {
    const text = readFileSync(new URL(`objects/${file}`, sample), 'utf8');
    const { services, endpointSlices, endpoints, nodes, pods } = (await parseObjects(text, file))
      .value;
    objects.push(...services, ...endpointSlices, ...endpoints, ...nodes, ...pods);
  }
  return contextOf(texts, name, language, objects);
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
