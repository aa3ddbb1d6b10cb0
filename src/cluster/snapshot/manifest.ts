import { dump } from 'js-yaml';
import { fields } from '../../syntax/objects/fields';
import type { Dump, NodeDumps } from '../cluster';
import { loadYaml } from '../loadYaml';

/** What `cluster.yaml` tells of a snapshot: all that the other files can't. */
export interface SnapshotManifest {
  readonly tool: string;
  readonly formatVersion: number;
  readonly context?: string;
  readonly version?: string;
  /** ISO 8601. */
  readonly captured?: string;
  readonly nodes?: Readonly<Record<string, NodeManifest>>;
  /** What could not be captured, one sentence each. */
  readonly missing?: readonly string[];
}

export interface NodeManifest extends Pick<NodeDumps, 'captured' | 'pod' | 'partial'> {
  readonly dumps: Readonly<Record<string, DumpManifest>>;
}

export type DumpManifest = Pick<Dump, 'command' | 'captured' | 'exitCode' | 'problem'>;

export function formatManifest(manifest: SnapshotManifest): string {
  return dump(manifest, { noRefs: true, lineWidth: 100 });
}

/** What can be made of the text; a broken one tells nothing. */
export function parseManifest(text: string): Partial<SnapshotManifest> {
  try {
    return fields(loadYaml(text)) as Partial<SnapshotManifest>;
  } catch {
    return {};
  }
}

/** Of the pod its name alone: what is held of it live has its command line, too, and so passwords. */
export function manifestOfNode({ captured, pod, partial, dumps }: NodeDumps): NodeManifest {
  const byName = dumps.map(({ name, command, captured: at, exitCode, problem }) => [
    name,
    { command, captured: at, exitCode, problem },
  ]);
  return {
    captured,
    ...(pod && { pod: { namespace: pod.namespace, name: pod.name, container: pod.container } }),
    partial,
    dumps: Object.fromEntries(byName) as NodeManifest['dumps'],
  };
}
