import { escapeMarkdown } from '../../core/escapeMarkdown';
import { plainText } from '../../core/plainText';
import type { SourceRange } from '../../core/source';
import type { Block, Span } from './content';

/**
 * Markdown for an untrusted MarkdownString without HTML: `](command:...)`, `<img>`, `**` or a bare
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
  if (typeof span === 'string') return escapeMarkdown(span);
  if ('code' in span) return codeSpan(span.code);
  if ('strong' in span) return `**${escapeMarkdown(span.strong)}**`;
  if ('quiet' in span) return `_${escapeMarkdown(span.quiet)}_`;
  const target = linkTarget(span.link);
  return target === undefined
    ? escapeMarkdown(span.text)
    : `[${escapeMarkdown(span.text)}](${target})`;
}

/** A code span can't be escaped, so its fence is longer than any run of backticks in it. */
function codeSpan(text: string): string {
  const clean = plainText(text);
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
