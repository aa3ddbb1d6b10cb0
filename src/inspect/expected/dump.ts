import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { compareNode } from '../../core/expected/agreement/compareNode';
import type { ClusterObjects } from '../../core/objects/types';
import { finish } from '../../core/work';
import { readNodeFolder } from '../nodeFiles';
import { readObjectsFolder } from '../objectsFolder';
import { ruleCount, type Outcome } from './report';

/** Each node of a dump and each family of which there are rules; none without objects or configuration. */
export async function outcomesOfDump(folder: string): Promise<readonly Outcome[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  if (!entries.some((entry) => entry.isDirectory() && entry.name === 'objects')) return [];
  const objects = await readObjectsFolder(join(folder, 'objects'));
  const nodes = entries.filter((entry) => entry.isDirectory() && entry.name !== 'objects');
  const outcomes: Outcome[] = [];
  for (const { name } of nodes) {
    const found = await ofNode(join(folder, name), objects);
    outcomes.push(...found.map((one) => ({ ...one, name: `${basename(folder)}/${one.name}` })));
  }
  return outcomes;
}

async function ofNode(folder: string, objects: ClusterObjects): Promise<readonly Outcome[]> {
  const { state } = await readNodeFolder(folder);
  return finish(compareNode(state, objects)).map(({ source, family, expected, comparison }) => ({
    name: `${state.name}/${source}${expected.mode === 'nftables' ? ` IPv${family}` : ''}`,
    rules: ruleCount(expected),
    comparison,
  }));
}
