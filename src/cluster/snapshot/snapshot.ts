import * as l10n from '@vscode/l10n';
import { basename } from 'node:path';
import type { ClusterObjects } from '../../core/objects/types';
import type { Cluster, ListOptions, NodeDumps, ObjectList, Resource } from '../cluster';
import { sortBundle } from '../bundle/bundle';
import type { GivenNode } from '../../syntax/node/nodeFolder';
import { ClusterError, throwIfCancelled } from '../error';
import { nodeDumps } from './fileDump';
import { largestManifest, readText, sortSnapshot, type SnapshotFiles } from './folder';
import { parseManifest, type SnapshotManifest } from './manifest';
import { readManifests, readObjects, versionIn, withDumpedNodes, type Objects } from './objects';

interface Opened {
  readonly files: SnapshotFiles;
  readonly manifest: Partial<SnapshotManifest>;
}

const keys = {
  services: 'services',
  endpointslices: 'endpointSlices',
  endpoints: 'endpoints',
  nodes: 'nodes',
  pods: 'pods',
} as const satisfies Record<Resource, keyof ClusterObjects>;

/**
 * A folder of dumps and objects, or a support bundle: a folder or an archive. Nothing is read before the first call of a method; a folder that
 * is partial or broken answers with what it has and tells why there is not more.
 *
 * @param folder absolute; of an archive its file
 * @param given the node that the user gave a file to, by the file's absolute path
 */
export function openSnapshot(folder: string, given?: GivenNode): Cluster {
  const held = new Map<string, NodeDumps>();
  const listeners = new Set<(what: Resource | 'dumps') => void>();
  let opened: Promise<Opened> | undefined;
  let objects: Promise<Objects> | undefined;
  const open = (signal?: AbortSignal) => (opened ??= openFolder(folder, signal, given));
  const forgetFailed = () => (opened = objects = undefined);

  return {
    id: `snapshot:${folder}`,
    title: basename(folder),
    detail: folder,
    offline: true,
    namespace: 'default',
    async info(signal) {
      const { files, manifest } = await open(signal).catch(rethrowAfter(forgetFailed));
      const { context, captured } = manifest;
      const version = manifest.version ?? (await versionIn(files));
      return { version, context, captured, bundle: files.bundle };
    },
    async list<R extends Resource>(resource: R, { signal, onProgress }: ListOptions = {}) {
      const { files } = await open(signal).catch(rethrowAfter(forgetFailed));
      const read = await (objects ??= readObjects(files, signal)).catch(rethrowAfter(forgetFailed));
      const items: readonly unknown[] =
        resource === 'nodes'
          ? withDumpedNodes(read.objects.nodes, files)
          : read.objects[keys[resource]];
      onProgress?.(items.length);
      return { items, partial: read.partial } as ObjectList<R>;
    },
    async manifests(resource, { signal } = {}) {
      const { files } = await open(signal).catch(rethrowAfter(forgetFailed));
      return readManifests(files, resource, signal);
    },
    async dumps(node, { signal, fresh } = {}) {
      const now = held.get(node);
      if (now && !fresh) return now;
      const { files, manifest } = await open(signal).catch(rethrowAfter(forgetFailed));
      const dumps = await nodeDumps(node, files, manifest);
      held.set(node, dumps);
      for (const listener of listeners) listener('dumps');
      return dumps;
    },
    heldDumps: (node) => held.get(node),
    heldNodes: () => [...held.keys()],
    refresh() {
      forgetFailed();
      held.clear();
    },
    onDidChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose() {
      listeners.clear();
      held.clear();
    },
  };
}

function rethrowAfter(action: () => void): (error: unknown) => never {
  return (error) => {
    action();
    throw error;
  };
}

async function openFolder(
  folder: string,
  signal?: AbortSignal,
  given?: GivenNode,
): Promise<Opened> {
  const files = (await sortBundle(folder, signal)) ?? (await sortSnapshot(folder, signal, given));
  if (files.objects.length === 0 && files.nodes.size === 0) {
    throw new ClusterError(
      'broken-snapshot',
      l10n.t`${folder} holds neither dumps (nodes/NAME/iptables-save.txt) nor objects (objects/services.yaml).`,
    );
  }
  // Without it, or with one that is no manifest but huge, the files themselves tell what they can.
  const told = files.manifest
    ? await readText({ path: files.manifest }, signal, largestManifest).catch(() => '')
    : '';
  throwIfCancelled(signal);
  const manifest = parseManifest(told);
  return { files, manifest };
}
