import type { Family } from '../../../../src/core/address';
import { readLine } from '../../../../src/core/flow/overview/line';
import { programmedService } from '../../../../src/core/flow/overview/programmed';
import { overviewRow, type OverviewRow } from '../../../../src/core/flow/overview/row';
import { portObjects } from '../../../../src/core/expected/agreement/endpoints';
import type { NodeState } from '../../../../src/core/node';
import type { IndexedObjects } from '../../../../src/core/objects/types';
import { readTexts, textsIn, type Texts } from '../../../dumps';

/**
 * A node's dumps in samples/.
 *
 * @param edit makes a faulty node: in `iptables-save.txt` and `iptables-save-c.txt` the first `from`
 *   becomes `to`.
 */
export function dumpsOf(folder: string, edit?: { readonly from: string; readonly to: string }) {
  const texts = Array.from(textsIn(`samples/${folder}`), ([name, text]): [string, string] => {
    const isRules = name.startsWith('iptables-save');
    return [name, edit && isRules ? replace(text, edit.from, edit.to) : text];
  });
  return new Map(texts);
}

function replace(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`nothing to replace: ${from}`);
  return text.replace(from, to);
}

/** @param id `default/whoami:http/TCP`. */
export function rowIn(
  state: NodeState,
  id: string,
  objects?: IndexedObjects,
  family: Family = 4,
): OverviewRow {
  const reading = programmedService(state, { id, family }, objects);
  let step = reading.next();
  while (!step.done) step = reading.next();
  return overviewRow(step.value, portObjects(objects, { id, family }));
}

export async function rowOf(
  texts: Texts,
  id: string,
  { objects, node = 'node-b' }: { objects?: IndexedObjects | undefined; node?: string } = {},
) {
  return rowIn(await readTexts(texts, node), id, objects);
}

export async function lineOf(...asked: Parameters<typeof rowOf>) {
  const row = await rowOf(...asked);
  return readLine(asked[2]?.node ?? 'node-b', row);
}
