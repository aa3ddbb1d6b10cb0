import type { NodeDumps } from '../../cluster/cluster';
import type { NodeState } from '../../core/node';
import type { LineParser } from '../../syntax/treeSitter';

/** The node that a cluster's dumps tell of. Rejects where they can't be read. */
export type NodeStates = (
  dumps: NodeDumps,
  options?: {
    /** False for who reads a thousand nodes, one after the other: what was not known is not kept. */
    readonly keep: boolean;
  },
) => Promise<NodeState>;

/** Reads nodes once, and keeps what was read for as long as the cluster holds the dumps. */
export function nodeStates(parser: () => Promise<LineParser>): NodeStates {
  const states = new WeakMap<NodeDumps, Promise<NodeState>>();
  return (dumps, { keep } = { keep: true }) => {
    const known = states.get(dumps);
    if (known) return known;
    const reading = read(dumps, parser);
    if (!keep) return reading;
    states.set(dumps, reading);
    reading.catch(() => states.delete(dumps));
    return reading;
  };
}

async function read(dumps: NodeDumps, parser: () => Promise<LineParser>): Promise<NodeState> {
  const { readNodeDumps } = await import('./readNodeDumps');
  return readNodeDumps(dumps, await parser());
}
