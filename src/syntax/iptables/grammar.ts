import { loadGrammar, type LineParser, type ParserWasm } from '../treeSitter';
import { parseAlike } from './alikeLines';
import type { NodeType } from './nodeType';

/** The nodes that have nodes in them. A test compares this with the grammar. */
export const BRANCHES: ReadonlySet<NodeType> = new Set<NodeType>([
  ...(['dump', 'rule', 'policy', 'new_chain', 'chain_command', 'table', 'chain'] as const),
  ...(['chain_header', 'listing_rule', 'option', 'invalid', 'ERROR'] as const),
]);

/** The parser of lines of iptables. */
export async function loadParser(wasm: ParserWasm): Promise<LineParser> {
  return parseAlike(await loadGrammar(wasm, { root: 'dump', error: 'ERROR', branches: BRANCHES }));
}
