import * as l10n from '@vscode/l10n';
import type { NodeType } from './nodeType';
import type { LineSyntax, SyntaxNode } from '../treeSitter';

/** Something on a line that iptables-restore would refuse, too. */
export interface LineError {
  readonly code: 'bad-argument' | 'unterminated-string' | 'syntax-error';
  /** One plain sentence. */
  readonly message: string;
  /** UTF-16 offsets into the parsed text, end exclusive; never empty unless the text is. */
  readonly start: number;
  readonly end: number;
}

/** What is missing, in the words of a sentence. */
const wanted: Partial<Record<NodeType, string>> = {
  option_name: l10n.t`an option`,
  chain_name: l10n.t`the name of a chain`,
  policy_name: l10n.t`a policy`,
  table_name: l10n.t`the name of a table`,
  counters: l10n.t`counters`,
  number: l10n.t`a number`,
  word: l10n.t`a word`,
};

/**
 * The syntax errors of a line, in its order; an empty list for a good one. Left to others:
 * whether an `unknown_line` belongs into a dump (the line index knows), and what the options
 * say, also one without its value (lowering does).
 */
export function lineErrors(text: string, { nodes }: LineSyntax): LineError[] {
  const errors: LineError[] = [];
  const inError = new Set<number>();
  nodes.forEach((node, index) => {
    // What stands inside of an ERROR is the parser's guess.
    const nested = inError.has(node.parent);
    if (node.type === 'ERROR' || nested) inError.add(index);
    const error = nested ? undefined : errorOf(node);
    if (error) errors.push(error);
  });
  return errors;

  function errorOf(node: SyntaxNode): LineError | undefined {
    const words = () => text.slice(node.start, node.end).trim();
    if (node.missing) {
      const what = wanted[node.type] ?? l10n.t`something`;
      return at(node, 'syntax-error', l10n.t`Here ${what} is missing.`);
    }
    switch (node.type) {
      case 'ERROR':
        return at(node, 'syntax-error', l10n.t`iptables does not understand "${words()}" here.`);
      case 'invalid':
        return at(node, 'bad-argument', l10n.t`No option takes "${words()}".`);
      case 'unterminated_string':
        return at(node, 'unterminated-string', l10n.t`The text has no closing quotation mark.`);
      default:
        return undefined;
    }
  }

  /** An empty range would not be seen: it takes the character before it. */
  function at(node: SyntaxNode, code: LineError['code'], message: string): LineError {
    const start = node.start === node.end ? Math.max(0, node.start - 1) : node.start;
    return { code, message, start, end: Math.max(node.end, Math.min(start + 1, text.length)) };
  }
}
