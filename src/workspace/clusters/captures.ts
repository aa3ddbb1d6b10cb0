import type { NodeDumps } from '../../cluster/cluster';
import { keepLatest } from '../keepLatest';

/** Captures that stay readable after newer ones were taken, for the editors that show them. */
const mostCaptures = 16;

/** One capture of one node. `captured` is '' where its time is not known. */
export interface Capture {
  /** `clusterKey`. */
  readonly cluster: string;
  readonly node: string;
  /** ISO 8601 in UTC, so that texts compare as times do. */
  readonly captured: string;
}

/** The captures that are held, and which one of each node is the newest that was asked for. */
export class Captures {
  private readonly held = new Map<
    string,
    { readonly cluster: string; readonly dumps: NodeDumps }
  >();
  private readonly latest = new Map<string, Capture>();

  hold(cluster: string, dumps: NodeDumps): void {
    const { node, captured = '' } = dumps;
    const key = keyOf(cluster, node, captured);
    keepLatest(this.held, key, { cluster, dumps }, mostCaptures);
    const known = this.latest.get(keyOf(cluster, node));
    if (!known || known.captured < captured) {
      this.latest.set(keyOf(cluster, node), { cluster, node, captured });
    }
  }

  /** Somebody shows a capture that is not held, as after a restart: any newer one is news to them. */
  miss(capture: Capture): void {
    const key = keyOf(capture.cluster, capture.node);
    if (!this.latest.has(key)) this.latest.set(key, capture);
  }

  get({ cluster, node, captured }: Capture): NodeDumps | undefined {
    return this.held.get(keyOf(cluster, node, captured))?.dumps;
  }

  /** The newest of each node. */
  newest(): readonly Capture[] {
    return [...this.latest.values()];
  }

  isNewest({ cluster, node, captured }: Capture): boolean {
    return this.latest.get(keyOf(cluster, node))?.captured === captured;
  }

  /** The last one held of the node that is older than this one; than the newest without a time. */
  before({ cluster, node, captured }: Capture): NodeDumps | undefined {
    const own = captured || this.latest.get(keyOf(cluster, node))?.captured;
    let last: NodeDumps | undefined;
    for (const { cluster: owner, dumps } of this.held.values()) {
      if (owner !== cluster || dumps.node !== node || !dumps.captured || !own) continue;
      if (dumps.captured >= own || (last?.captured ?? '') > dumps.captured) continue;
      last = dumps;
    }
    return last;
  }

  /**
   * Whether who shows `one` goes on to a capture newer than `before`: who showed that one, or one
   * that is no longer held. An older one that is held was opened on purpose.
   */
  follows(one: Capture, before: Capture): boolean {
    if (one.cluster !== before.cluster || one.node !== before.node) return false;
    return one.captured === before.captured || this.get(one) === undefined;
  }
}

function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}
