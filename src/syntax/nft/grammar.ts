import { loadGrammar, type LineParser, type ParserWasm } from '../treeSitter';

/** The named nodes of syntaxes/tree-sitter-nft; its README says what each holds. */
export type NftNodeType =
  | 'listing'
  | 'table'
  | 'block'
  | 'base_chain'
  | 'property'
  | 'command'
  | 'comment'
  | 'statement'
  | 'family'
  | 'name'
  | 'kind'
  | 'chain_type'
  | 'hook'
  | 'priority'
  | 'type_name'
  | 'verb'
  | 'object'
  | 'verdict'
  | 'jump'
  | 'chain_name'
  | 'nat'
  | 'selector'
  | 'field'
  | 'fib'
  | 'numgen'
  | 'hash'
  | 'lookup'
  | 'assignment'
  | 'action'
  | 'keyword'
  | 'rule_comment'
  | 'extension'
  | 'hidden'
  | 'handle'
  | 'operator'
  | 'set_reference'
  | 'string'
  | 'number'
  | 'negative'
  | 'address'
  | 'interval'
  | 'endpoint'
  | 'rate'
  | 'literal'
  | 'word'
  | 'ERROR';

/** The nodes that have nodes in them. A test compares this with the grammar. */
export const nftBranches: ReadonlySet<NftNodeType> = new Set<NftNodeType>([
  ...(['listing', 'table', 'block', 'base_chain', 'property', 'command', 'statement'] as const),
  ...(['priority', 'type_name', 'jump', 'selector', 'fib', 'numgen', 'rule_comment'] as const),
  ...(['extension', 'ERROR'] as const),
]);

/** What the words of one statement of nft are; what they mean, `statements/` reads. */
export type NftGrammar = LineParser<NftNodeType>;

/** Loads the grammar's wasm. */
export function loadNftGrammar(wasm: ParserWasm): Promise<NftGrammar> {
  return loadGrammar(wasm, { root: 'listing', error: 'ERROR', branches: nftBranches });
}
