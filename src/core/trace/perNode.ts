import type { NodeState } from '../node';

/**
 * Makes of what is worked out of a node, and a few words, something that is worked out once: a node's
 * state never changes, and each branch of each trace asks.
 */
export function perNode<Words extends readonly (string | number)[], T>(
  work: (node: NodeState, ...words: Words) => T,
): (node: NodeState, ...words: Words) => T {
  const nodes = new WeakMap<NodeState, Map<string, { readonly made: T }>>();
  return (node, ...words) => {
    let known = nodes.get(node);
    if (!known) nodes.set(node, (known = new Map()));
    const key = words.join(' ');
    let found = known.get(key);
    if (!found) known.set(key, (found = { made: work(node, ...words) }));
    return found.made;
  };
}
