import * as l10n from '@vscode/l10n';
import { setImmediate as pause } from 'node:timers/promises';
import type { ClusterObjects, NodeObject } from '../../core/objects/types';
import { finishWith } from '../../core/work';
import { ByteBudget } from '../../syntax/byteBudget';
import { parseObjects } from '../../syntax/objects/objects';
import { eachObject, type ObjectValue } from '../../syntax/objects/values';
import { resources, type Resource } from '../cluster';
import { ClusterError, errorText, isCancelled } from '../error';
import { loadYaml } from '../loadYaml';
import { isApiObject, type ApiObject } from '../object';
import {
  largestManifest,
  largestObjects,
  mostObjects,
  readText,
  type SnapshotFiles,
} from './folder';

export interface Objects {
  readonly objects: ClusterObjects;
  /** Why some may be missing. */
  readonly partial: string | undefined;
}

/** All objects of a snapshot; a broken file or object costs only itself. */
export async function readObjects(
  { objects }: SnapshotFiles,
  signal?: AbortSignal,
): Promise<Objects> {
  const all: Partial<Record<keyof ClusterObjects, unknown[]>> = {};
  const problems: string[] = [];
  const budget = new ByteBudget(mostObjects);
  for (const file of objects) {
    const { path, name } = file;
    try {
      const text = await readText(file, signal, largestObjects);
      budget.take(text.length);
      const { value, findings } = await parseObjects(text, path, () => pause(undefined));
      for (const [key, list] of Object.entries(value)) {
        const known = (all[key as keyof ClusterObjects] ??= []);
        for (const item of list as readonly unknown[]) known.push(item);
      }
      problems.push(
        ...findings.map(({ message, range }) => `${name}:${range.line + 1}: ${message}`),
      );
    } catch (error) {
      if (isCancelled(error)) throw error;
      const told = error instanceof ClusterError;
      problems.push(told ? error.message : l10n.t`${name} could not be read: ${errorText(error)}.`);
    }
  }
  const none = { services: [], endpointSlices: [], endpoints: [], nodes: [], pods: [] };
  return {
    objects: { ...none, ...(all as Partial<ClusterObjects>) },
    partial: problems.length > 0 ? problems.join(' ') : undefined,
  };
}

/** A node whose dumps are here is a node, though no object says so. */
export function withDumpedNodes(nodes: readonly NodeObject[], files: SnapshotFiles): NodeObject[] {
  const known = new Set(nodes.map(({ metadata }) => metadata.name));
  const dumped = [...files.nodes.keys()].filter((name) => !known.has(name));
  return [
    ...nodes,
    ...dumped.map((name) => ({
      kind: 'Node' as const,
      metadata: { name, namespace: '', labels: {} },
      podCIDRs: [],
      addresses: [],
    })),
  ];
}

/** The objects of one resource with all their fields. What can't be read `readObjects` tells. */
export async function readManifests(
  { objects }: SnapshotFiles,
  resource: Resource,
  signal?: AbortSignal,
): Promise<readonly ApiObject[]> {
  const wanted = objects.filter(({ name }) => {
    const stem = name.replace(/\.\w+$/, '').toLowerCase();
    return stem === resource || !resources.some((known) => known === stem);
  });
  const all: ApiObject[] = [];
  const isWanted = (kind: string) => resourceOf({ kind }) === resource;
  const take = ({ value }: ObjectValue) => {
    if (isApiObject(value) && resourceOf(value) === resource) all.push(value);
  };
  const budget = new ByteBudget(mostObjects);
  for (const file of wanted) {
    try {
      const text = await readText(file, signal, largestObjects);
      budget.take(text.length);
      await finishWith(eachObject(text, file.path, loadYaml, { isWanted, take }), () =>
        pause(undefined),
      );
    } catch (error) {
      if (isCancelled(error)) throw error;
    }
  }
  return all;
}

/** `EndpointSlice` -> `endpointslices`. */
function resourceOf({ kind = '' }: Pick<ApiObject, 'kind'>): string {
  return kind.toLowerCase().replace(/([^s])$/, '$1s');
}

/** The server's of `kubectl version -o yaml` or `-o json`, which people put beside the objects. */
export async function versionIn({ objects }: SnapshotFiles): Promise<string | undefined> {
  const file = objects.find(({ name }) => /^version\.(ya?ml|json)$/.test(name));
  if (!file) return undefined;
  const text = await readText(file, undefined, largestManifest).catch(() => '');
  const at = text.search(/serverVersion"?:/);
  return at < 0 ? undefined : /gitVersion"?: ?"?(v[\w.+-]+)/.exec(text.slice(at))?.[1];
}
