import type { LineSyntax, SyntaxNode } from '../treeSitter';
import type { Option, RuleLine, Unread, Value } from './ruleLine';

/** The options of the first rule in the tree; undefined when the line is no `-A` rule at all. */
export function readRuleLine(text: string, { nodes }: LineSyntax): RuleLine | undefined {
  const rule = nodes.findIndex(({ type }) => type === 'rule');
  if (rule < 0) return undefined;
  const options: Option[] = [];
  const unread: Unread[] = [];
  let counters: Value | undefined;
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!;
    if (node.type === 'ERROR' || node.missing) {
      unread.push({ start: node.start, end: node.end });
    } else if (node.parent === rule) {
      if (node.type === 'counters') counters = valueOf(text, node);
      else if (node.type === 'invalid') unread.push({ start: node.start, end: node.end });
      else if (node.type === 'option') {
        const option = readOption(text, nodes, i);
        if (option.name) options.push(option);
        else unread.push({ start: node.start, end: node.end });
      }
    }
  }
  return { text, counters, options, unread: unread.filter(isOutermost) };
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
    else if (node.type !== 'missing_value') values.push(valueOf(text, node));
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

/** One finding for a place, not one more for what is missing inside it. */
function isOutermost({ start, end }: Unread, at: number, all: readonly Unread[]): boolean {
  return !all.some(
    (other, i) =>
      i !== at &&
      other.start <= start &&
      end <= other.end &&
      (i < at || end - start < other.end - other.start),
  );
}

/** Between double quotes a backslash stands before any character (xshared.c, add_param_to_argv). */
function unescaped(text: string): string {
  return text.includes('\\') ? text.replace(/\\(.)/g, '$1') : text;
}
