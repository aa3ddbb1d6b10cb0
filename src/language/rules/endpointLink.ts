import type { DumpDocument } from '../../workspace/dumpDocument';

/** The endpoint in a rule's comment, and the chain that the rule jumps to. */
export interface EndpointLink {
  readonly start: number;
  readonly end: number;
  readonly chain: number;
  /** The line of the chain's first rule, or of its declaration. */
  readonly goal: number;
}

/** `10.244.0.3:3000` of `--comment "default/whoami -> 10.244.0.3:3000" -j KUBE-SEP-...` on a line. */
export function endpointLink(
  { structure: { chains }, lines }: Pick<DumpDocument, 'structure' | 'lines'>,
  line: number,
): EndpointLink | undefined {
  const chain = chains.targetAt(line);
  if (chain === undefined) return undefined;
  const found = / -> ([^\s"]+)(?="| \*\/)/d.exec(lines.line(line));
  const columns = found?.indices?.[1];
  const goal = chains.rules(chain)[0] ?? chains.declaration(chain);
  if (!columns || goal === undefined) return undefined;
  return { start: columns[0], end: columns[1], chain, goal };
}
