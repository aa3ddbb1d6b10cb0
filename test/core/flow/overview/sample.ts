import { readFileSync, readdirSync } from 'node:fs';
import type { Family } from '../../../../src/core/address';
import { readLine } from '../../../../src/core/flow/overview/line';
import { programmedService } from '../../../../src/core/flow/overview/programmed';
import { overviewRow, type OverviewRow } from '../../../../src/core/flow/overview/row';
import { portObjects } from '../../../../src/core/expected/agreement/endpoints';
import type { NodeState } from '../../../../src/core/node';
import { indexObjects } from '../../../../src/core/objects/objectIndex';
import { sortObjects, type ClusterObject } from '../../../../src/core/objects/types';
import { nodeFolder } from '../../../../src/syntax/node/nodeFolder';
import { parseObjects } from '../../../../src/syntax/objects/objects';
import { readNode } from '../../../../src/syntax/node/readNode';
import { rulesetsOfText } from '../../../../src/syntax/iptables/ruleset/ruleset';
import { testParser } from '../../../syntax/parser';

const samples = new URL('../../../../samples/', import.meta.url);

/**
 * A node's dumps in samples/.
 *
 * @param edit makes a faulty node: in `iptables-save.txt` and `iptables-save-c.txt` the first `from`
 *   becomes `to`.
 */
export function dumpsOf(folder: string, edit?: { readonly from: string; readonly to: string }) {
  const root = new URL(`${folder}/`, samples);
  const texts = new Map<string, string>();
  for (const name of readdirSync(root)) {
    const text = readFileSync(new URL(name, root), 'utf8');
    const isRules = name.startsWith('iptables-save');
    texts.set(name, edit && isRules ? replace(text, edit.from, edit.to) : text);
  }
  return texts;
}

function replace(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`nothing to replace: ${from}`);
  return text.replace(from, to);
}

export type Objects = Awaited<ReturnType<typeof objectsOf>>;

/** The objects of a cluster in samples/. */
export async function objectsOf(cluster: string) {
  const root = new URL(`${cluster}/objects/`, samples);
  const objects: ClusterObject[] = [];
  for (const name of readdirSync(root)) {
    const text = readFileSync(new URL(name, root), 'utf8');
    const { value } = await parseObjects(text, name, () => Promise.resolve());
    const { services, endpointSlices, endpoints, nodes, pods } = value;
    objects.push(...services, ...endpointSlices, ...endpoints, ...nodes, ...pods);
  }
  return indexObjects(sortObjects(objects));
}

/** What the dumps tell of their node. */
export async function stateOf(texts: ReadonlyMap<string, string>, node = 'node-b') {
  const parser = await testParser();
  const files = [...texts].map(([path, text]) => ({
    path,
    head: text.slice(0, 4096),
    size: text.length,
  }));
  const { state } = await readNode(nodeFolder(node, files), {
    text: (path) => Promise.resolve(texts.get(path)!),
    rulesets: async (source, text) => rulesetsOfText(source, await text(), parser),
  });
  return state;
}

/** @param id `default/whoami:http/TCP`. */
export function rowIn(
  state: NodeState,
  id: string,
  objects?: Objects,
  family: Family = 4,
): OverviewRow {
  const reading = programmedService(state, { id, family }, objects);
  let step = reading.next();
  while (!step.done) step = reading.next();
  return overviewRow(step.value, portObjects(objects, { id, family }));
}

export async function rowOf(
  texts: ReadonlyMap<string, string>,
  id: string,
  { objects, node }: { objects?: Objects | undefined; node?: string } = {},
) {
  return rowIn(await stateOf(texts, node), id, objects);
}

export async function lineOf(...asked: Parameters<typeof rowOf>) {
  const row = await rowOf(...asked);
  return readLine(asked[2]?.node ?? 'node-b', row);
}
