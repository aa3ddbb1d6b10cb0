import * as l10n from '@vscode/l10n';
import { mkdir, open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dump as toYaml } from 'js-yaml';
import { resources, type Cluster, type NodeDumps } from '../cluster';
import { ClusterError, errorText, throwIfCancelled } from '../error';
import type { ApiObject } from '../object';
import { formatManifest, manifestOfNode, type NodeManifest } from './manifest';
import { forSnapshot } from './redact';

export interface CaptureOptions {
  /** All nodes where undefined. */
  readonly nodes?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (step: string) => void;
}

/**
 * Writes a cluster's objects and every node's dumps, taken afresh, to a new folder. What can't be
 * had is told in `cluster.yaml`; a cancel leaves a folder with what there was until then.
 *
 * @param folder absolute; must be empty or not exist
 * @returns what is missing, one sentence each
 * @throws ClusterError broken-snapshot when the folder is not empty or can't be written
 */
export async function captureSnapshot(
  cluster: Cluster,
  folder: string,
  { nodes, signal, onProgress }: CaptureOptions = {},
): Promise<readonly string[]> {
  await makeEmpty(folder);
  const missing: string[] = [];
  const manifests: Record<string, NodeManifest> = {};
  const attempt = async (what: string, action: () => Promise<void>) => {
    try {
      throwIfCancelled(signal);
      onProgress?.(what);
      await action();
    } catch (error) {
      if (!(error instanceof ClusterError)) throw writing(error, folder);
      missing.push(`${what}: ${error.message}`);
    }
  };

  const captured = new Date().toISOString();
  const info = await cluster.info(signal).catch(() => ({ version: undefined, context: undefined }));
  for (const resource of resources) {
    await attempt(resource, async () => {
      const objects = await cluster.manifests(resource, { signal });
      const path = join(folder, 'objects', `${resource}.yaml`);
      missing.push(...(await writeObjects(path, objects)));
    });
  }
  const names = nodes ?? (await nodeNames(cluster, signal));
  await Promise.all(
    names.map((node) =>
      attempt(node, async () => {
        const dumps = await cluster.dumps(node, { signal, onProgress, fresh: true, hold: false });
        await writeNode(join(folder, 'nodes', folderName(node)), dumps);
        manifests[node] = manifestOfNode(dumps);
        if (dumps.partial) missing.push(`${node}: ${dumps.partial}`);
      }),
    ),
  );
  const { version, context } = info;
  const text = formatManifest({
    tool: 'kube-proxy-inspector',
    formatVersion: 1,
    context: context ?? cluster.title,
    version,
    captured,
    nodes: manifests,
    missing,
  });
  await writeFile(join(folder, 'cluster.yaml'), text);
  return missing;
}

async function makeEmpty(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    const entries = await readdir(folder);
    if (entries.length > 0) throw new ClusterError('broken-snapshot', notEmpty(folder));
    // Of two captures into one folder only one can make it.
    await mkdir(join(folder, 'objects'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new ClusterError('broken-snapshot', notEmpty(folder));
    }
    throw writing(error, folder);
  }
}

function notEmpty(folder: string): string {
  return l10n.t`${folder} is not empty: choose a new folder.`;
}

function writing(error: unknown, folder: string): ClusterError {
  if (error instanceof ClusterError) return error;
  const message = errorText(error);
  return new ClusterError('broken-snapshot', l10n.t`${folder} can't be written: ${message}.`, {
    cause: error,
  });
}

/** None when they can't be listed: that is told where the nodes' manifests are missing. */
async function nodeNames(cluster: Cluster, signal?: AbortSignal): Promise<string[]> {
  const { items } = await cluster.list('nodes', { signal }).catch(() => ({ items: [] }));
  return items.map(({ metadata }) => metadata.name);
}

/** The API server allows only DNS names; whatever else claims to be a node stays inside the folder. */
function folderName(node: string): string {
  return node.replace(/[^\w.-]/g, '_').replace(/^\.+/, '_');
}

/**
 * A list as kubectl prints it, object by object: 30,000 Pods in one piece would block for seconds.
 *
 * @returns what could not be written, one sentence each: a broken object costs only itself
 */
async function writeObjects(path: string, objects: readonly ApiObject[]): Promise<string[]> {
  const broken: string[] = [];
  const file = await open(path, 'w');
  try {
    await file.write(`apiVersion: v1\nkind: List\nitems:${objects.length === 0 ? ' []' : ''}\n`);
    for (const object of objects) {
      const yaml = yamlOf(object);
      if (yaml === undefined)
        broken.push(l10n.t`${object.metadata.name} is no object that can be read.`);
      else await file.write(`- ${yaml.trimEnd().replace(/\n/g, '\n  ')}\n`);
    }
    return broken;
  } finally {
    await file.close();
  }
}

function yamlOf(object: ApiObject): string | undefined {
  try {
    return toYaml(forSnapshot(object), { noRefs: true, lineWidth: -1, skipInvalid: true });
  } catch {
    return undefined;
  }
}

async function writeNode(folder: string, { dumps }: NodeDumps): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const dump of dumps) {
    const path = join(folder, folderName(dump.name));
    if (dump.problem?.kind === 'missing-binary') continue;
    await writePieces(path, dump.pieces());
    if (dump.stderr !== '') await writeFile(`${path}.stderr`, dump.stderr);
  }
}

async function writePieces(path: string, pieces: AsyncIterable<string>): Promise<void> {
  const file = await open(path, 'w');
  try {
    for await (const piece of pieces) await file.write(piece);
  } finally {
    await file.close();
  }
}
