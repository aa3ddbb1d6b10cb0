import { Language, Parser } from 'web-tree-sitter';
import type { Tree } from 'web-tree-sitter';
import type { NodeType } from './iptables/nodeType';

/** The two WebAssembly files. The caller reads them: this runs in a browser, too. */
export interface ParserWasm {
  /** web-tree-sitter's own web-tree-sitter.wasm. */
  readonly runtime: Uint8Array;
  /** syntaxes/tree-sitter-NAME/tree-sitter-NAME.wasm. */
  readonly grammar: Uint8Array;
}

/** A named node of the syntax tree, out of wasm's memory. */
export interface SyntaxNode<Type extends string = NodeType> {
  readonly type: Type;
  /** UTF-16 offsets into the parsed text, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** Index into {@link LineSyntax.nodes}; -1 for the root. */
  readonly parent: number;
  /** Something had to stand here and does not; start equals end. */
  readonly missing?: true;
}

export interface LineSyntax<Type extends string = NodeType> {
  /** In document order, every parent before its children; nodes[0] is the root. */
  readonly nodes: readonly SyntaxNode<Type>[];
  /** Whether an ERROR or a missing node is among them (`invalid` is no error to tree-sitter). */
  readonly hasError: boolean;
}

export interface LineParser<Type extends string = NodeType> {
  /**
   * What the line (or the few lines) is. Takes about 20 µs for one rule: parse
   * the rules at hand, not a dump. Never throws: text the parser fails on
   * is one ERROR node.
   */
  parse(text: string): LineSyntax<Type>;
}

/** What a grammar calls its nodes: the root, those with nodes in them, and `ERROR`. */
export interface GrammarNodes<Type extends string> {
  readonly root: Type;
  readonly error: Type;
  readonly branches: ReadonlySet<Type>;
}

let runtime: Promise<void> | undefined;

/**
 * Loads the parser: once in a process, for two copies of the runtime break each
 * other. Rejects when the bytes are no WebAssembly, or of another ABI.
 */
export async function loadGrammar<Type extends string>(
  wasm: ParserWasm,
  nodes: GrammarNodes<Type>,
): Promise<LineParser<Type>> {
  runtime ??= Parser.init({ wasmBinary: wasm.runtime });
  try {
    await runtime;
  } catch (error) {
    runtime = undefined;
    throw error;
  }
  return lineParser(await Language.load(wasm.grammar), nodes);
}

function lineParser<Type extends string>(
  language: Language,
  grammar: GrammarNodes<Type>,
): LineParser<Type> {
  /** The name of a node by its symbol; undefined for what has none, as `:` and the line break. */
  const types = Array.from({ length: language.nodeTypeCount }, (_, id) =>
    language.nodeTypeIsNamed(id) ? (language.nodeTypeForId(id) as Type) : undefined,
  );
  /** Most nodes are leaves; asking each for its children costs a third of the walk. */
  const leaf = types.map((type) => !type || !grammar.branches.has(type));
  let parser: Parser | undefined;

  return {
    parse(text) {
      try {
        if (!parser) {
          parser = new Parser();
          parser.setLanguage(language);
        }
        // A NUL ends the text for tree-sitter's lexers; its stand-in keeps the offsets.
        const tree = parser.parse(text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text);
        if (!tree) return failed(text, grammar);
        try {
          return flatten(tree, types, leaf, grammar.error);
        } finally {
          tree.delete();
        }
      } catch {
        // The state of a parser that failed is not known: the next line gets a new one.
        parser = undefined;
        return failed(text, grammar);
      }
    },
  };
}

function failed<Type extends string>(
  text: string,
  { root, error }: GrammarNodes<Type>,
): LineSyntax<Type> {
  return {
    nodes: [
      { type: root, start: 0, end: text.length, parent: -1 },
      { type: error, start: 0, end: text.length, parent: 0 },
    ],
    hasError: true,
  };
}

/** Every call into wasm costs as much as a good part of parsing, so each node is visited once. */
function flatten<Type extends string>(
  tree: Tree,
  types: readonly (Type | undefined)[],
  leaf: readonly boolean[],
  error: Type,
): LineSyntax<Type> {
  const hasError = tree.rootNode.hasError;
  const nodes: SyntaxNode<Type>[] = [];
  const cursor = tree.walk();
  try {
    // parents[depth] is the index of the nearest named node above that depth.
    const parents = [-1];
    for (;;) {
      const parent = parents[parents.length - 1] ?? -1;
      // ERROR is not in the grammar's own list of symbols.
      const id = cursor.nodeTypeId;
      const type = types[id] ?? (hasError && cursor.nodeType === 'ERROR' ? error : undefined);
      let index = parent;
      if (type) {
        const node = { type, start: cursor.startIndex, end: cursor.endIndex, parent };
        index =
          nodes.push(hasError && cursor.nodeIsMissing ? { ...node, missing: true } : node) - 1;
      } else if (hasError && cursor.nodeIsMissing) {
        const at = cursor.startIndex;
        nodes.push({ type: error, start: at, end: at, parent, missing: true });
      }
      if (!leaf[id] && cursor.gotoFirstChild()) {
        parents.push(index);
        continue;
      }
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) return { nodes, hasError };
        parents.pop();
      }
    }
  } finally {
    cursor.delete();
  }
}
