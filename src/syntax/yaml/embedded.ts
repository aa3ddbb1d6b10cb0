import type { YamlNode, YamlScalar } from '../../core/yamlNode';
import type { ParsedYaml, Placement, YamlProblem } from './parse';
import { nextLine } from './split';
import { own } from '../../core/own';

/** A YAML document in a string of another: `data['config.conf']` of kube-proxy's ConfigMap. */
export interface EmbeddedYaml {
  readonly root: YamlNode | undefined;
  readonly problems: readonly YamlProblem[];
  /**
   * Whether the ranges are those of the values themselves, as in a block scalar with `|` and in
   * quotes on one line (JSON). In a folded string each is the range of the whole string.
   */
  readonly exact: boolean;
}

/**
 * Parses the document in a string.
 *
 * @param text the whole text that `scalar` is of
 * @param parse `parseYaml`
 */
export function embeddedYaml(
  scalar: YamlScalar,
  text: string,
  parse: (text: string) => ParsedYaml,
): EmbeddedYaml {
  const { range, style, value } = scalar;
  const ofValue = parse(typeof value === 'string' ? value : '');
  if (style === 'block' && text[range.start] === '|') {
    // All its lines are indented alike, so that they are YAML as they stand.
    const start = text.indexOf('\n', range.start) + 1;
    const parsed = parse(withoutMark(text.slice(start, range.end)));
    if (parsed.intact || !ofValue.intact) return embedded(parsed, start, true);
  }
  if (style === 'quoted') {
    const offsets = offsetsInQuotes(text.slice(range.start, range.end), String(value));
    if (offsets) {
      const outer = (inner: number) => range.start + (offsets[inner] ?? range.end - range.start);
      const place = (start: number, end: number) => ({ start: outer(start), end: outer(end) });
      return embedded(ofValue, place, true);
    }
  }
  return embedded(ofValue, range, false);
}

/** The `---` at the beginning is no mark of a document any more when it is indented. */
function withoutMark(block: string): string {
  for (let line = 0; line < block.length; line = nextLine(block, line)) {
    const text = block.slice(line, nextLine(block, line)).trim();
    if (text === '' || text.startsWith('#')) continue;
    const mark = block.indexOf(text, line);
    return text === '---' ? `${block.slice(0, mark)}   ${block.slice(mark + 3)}` : block;
  }
  return block;
}

/** What a backslash and a letter stand for in double quotes (YAML 1.2, 5.7), JSON's among them. */
const escapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '\t': '\t',
  '"': '"',
  '/': '/',
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

/**
 * Where each character of a quoted string's value stands in its source, and behind the last one
 * where the value ends; undefined for a string over several lines, whose line breaks are folded.
 */
function offsetsInQuotes(source: string, value: string): readonly number[] | undefined {
  const part =
    source[0] === "'"
      ? /''|[^'\r\n]/gy
      : /\\x[\da-fA-F]{2}|\\u[\da-fA-F]{4}|\\U[\da-fA-F]{8}|\\[^\r\n]|[^"\\\r\n]/gy;
  part.lastIndex = 1;
  const offsets: number[] = [];
  let read = '';
  for (let at = 1, match = part.exec(source); match; match = part.exec(source)) {
    const plain = unescaped(match[0]);
    for (let i = 0; i < plain.length; i++) offsets[read.length + i] = at;
    read += plain;
    at = part.lastIndex;
    offsets[read.length] = at;
  }
  return read === value ? offsets : undefined;
}

function unescaped(part: string): string {
  if (part === "''") return "'";
  if (part.length === 1) return part;
  if (part.length > 2) {
    const code = Number.parseInt(part.slice(2), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : '';
  }
  return own(escapes, part[1]!) ?? part;
}

function embedded(parsed: ParsedYaml, placement: Placement, exact: boolean): EmbeddedYaml {
  return { root: parsed.root(placement), problems: parsed.problems(placement), exact };
}
