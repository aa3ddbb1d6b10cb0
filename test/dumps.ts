import { readFileSync, readdirSync } from 'node:fs';
import { indexObjects } from '../src/core/objects/objectIndex';
import { sortObjects } from '../src/core/objects/types';
import type { ClusterObject, IndexedObjects } from '../src/core/objects/types';
import { rulesetsOfText } from '../src/syntax/iptables/ruleset/ruleset';
import type { DumpFile } from '../src/syntax/node/dumpFile';
import { nodeFolder } from '../src/syntax/node/nodeFolder';
import type { NodeReader } from '../src/syntax/node/readContext';
import { readNode } from '../src/syntax/node/readNode';
import { parseObjects } from '../src/syntax/objects/objects';
import { testParser } from './syntax/parser';

/** Texts by their file's name. */
export type Texts = ReadonlyMap<string, string>;

/** The texts of a folder. */
export function textsIn(folder: string): Texts {
  return new Map(
    readdirSync(folder).map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')]),
  );
}

export function dumpFiles(texts: Texts): DumpFile[] {
  return Array.from(texts, ([path, text]) => ({
    path,
    head: text.slice(0, 4096),
    size: text.length,
  }));
}

/** What dumps tell of their node. */
export async function readTexts(texts: Texts, name = 'node-a', reader: Partial<NodeReader> = {}) {
  const parser = await testParser();
  const { state } = await readNode(nodeFolder(name, dumpFiles(texts)), {
    text: (path) => Promise.resolve(texts.get(path)!),
    rulesets: async (source, text) => rulesetsOfText(source, await text(), parser),
    ...reader,
  });
  return state;
}

/** The objects of `kubectl get -o yaml`. */
export async function objectsOf(texts: Texts): Promise<IndexedObjects> {
  const all: ClusterObject[] = [];
  for (const [name, text] of texts) {
    const { value } = await parseObjects(text, name);
    for (const objects of Object.values(value)) all.push(...(objects as readonly ClusterObject[]));
  }
  return indexObjects(sortObjects(all));
}
