import { plainText } from '../../core/flow/plainText';
import type { SourceRange } from '../../core/source';
import type { Block, Span } from './content';

/**
 * Markdown for an untrusted MarkdownString without HTML. Every ASCII punctuation character of
 * plain text is escaped (CommonMark 2.4), so that `](command:...)`, `<img>`, `**` or a bare
 * address in a rule comment stay what they are: text.
 */
export function toMarkdown(blocks: readonly Block[]): string {
  return blocks
    .map((block) =>
      'items' in block ? block.items.map((item) => `- ${spans(item)}`).join('\n') : spans(block),
    )
    .join('\n\n');
}

function spans(parts: readonly Span[]): string {
  return parts.map(spanText).join('');
}

function spanText(span: Span): string {
  if (typeof span === 'string') return escaped(span);
  if ('code' in span) return codeSpan(span.code);
  if ('strong' in span) return `**${escaped(span.strong)}**`;
  if ('quiet' in span) return `_${escaped(span.quiet)}_`;
  const target = linkTarget(span.link);
  return target === undefined ? escaped(span.text) : `[${escaped(span.text)}](${target})`;
}

/** Text as it is: escapes, and no line break that could end a list or begin a heading. */
export function escaped(text: string): string {
  return inOneLine(text).replace(/[!-/:-@[-`{-~]/g, '\\$&');
}

/** Without signs that nobody sees but that change how the rest reads (U+202E, ESC). */
function inOneLine(text: string): string {
  return plainText(text.replace(/[\r\n\u2028\u2029]+/g, ' '));
}

/** A code span can't be escaped, so its fence is longer than any run of backticks in it. */
function codeSpan(text: string): string {
  const clean = inOneLine(text);
  const longest = Math.max(0, ...Array.from(clean.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 || clean.trim() === '' ? ' ' : '';
  return `${fence}${pad}${clean}${pad}${fence}`;
}

/**
 * `file:///dumps/iptables-save.txt#L10,5`: needs no trust. Only for texts that a link can open
 * again; an untitled document's places are named without a link.
 */
function linkTarget({ source, line, start }: SourceRange): string | undefined {
  if (!/^(?:file|vscode-remote|vscode-vfs):/.test(source)) return undefined;
  const path = source.replace(/[()<>\s\\]/g, (c) => encodeURIComponent(c).replace(/[()]/g, hex));
  return `${path}#L${line + 1},${start + 1}`;
}

function hex(character: string): string {
  return `%${character.charCodeAt(0).toString(16)}`;
}
