import { lineErrors } from './lineErrors';
import type { LineSyntax, SyntaxNode } from '../treeSitter';
import type { Option, RuleLine, Value } from './ruleLine';

/** The options of the first rule in the tree; undefined when the line is no `-A` rule at all. */
export function readRuleLine(text: string, syntax: LineSyntax): RuleLine | undefined {
  const { nodes } = syntax;
  const rule = nodes.findIndex(({ type }) => type === 'rule');
  if (rule < 0) return undefined;
  const options: Option[] = [];
  let counters: Value | undefined;
  nodes.forEach((node, i) => {
    if (node.parent !== rule) return;
    if (node.type === 'counters') counters = valueOf(text, node);
    if (node.type === 'option') options.push(readOption(text, nodes, i));
  });
  const errors = lineErrors(text, syntax);
  return { text, counters, options: options.filter(({ name }) => name), errors };
}

function readOption(text: string, nodes: readonly SyntaxNode[], at: number): Option {
  let name = '';
  const values: Value[] = [];
  let negated = false;
  for (let i = at + 1; i < nodes.length && nodes[i]!.parent >= at; i++) {
    const node = nodes[i]!;
    if (node.parent !== at) continue;
    if (node.type === 'option_name') name = text.slice(node.start, node.end);
    else if (node.type === 'negation') negated = true;
    else if (node.type !== 'missing_value' && !node.missing) values.push(valueOf(text, node));
  }
  const { start, end } = nodes[at]!;
  return { name, negated, values, start, end };
}

function valueOf(text: string, { type, start, end }: SyntaxNode): Value {
  const written = text.slice(start, end);
  if (type === 'string') return { text: unescaped(written.slice(1, -1)), start, end };
  if (type === 'unterminated_string') return { text: unescaped(written.slice(1)), start, end };
  return { text: written, start, end };
}

/** Between double quotes a backslash stands before any character (xshared.c, add_param_to_argv). */
function unescaped(text: string): string {
  return text.includes('\\') ? text.replace(/\\(.)/g, '$1') : text;
}
