import { beginsDump } from './prefixes';

/** `> ` of mail and Markdown; no dump's line begins so. */
const quote = /^ {0,3}>(?:[ >]|$)[> ]*/;

/** Fences and tags that stand around a block: ```` ```text ````, `{noformat}`, `<pre>`, `<details>`. */
const fence = /^\s*(?:`{3,}|~{3,})[\w .+-]*$|^\s*\{(?:code|noformat)[^}]*\}\s*$/;
/** Jira's, with the first or the last line of the block on the same line. */
const glued = /^\s*\{(?:code|noformat)[^{}]{0,100}\}|\{(?:code|noformat)\}\s*$/g;
const tag = /<\/?(?:pre|code|details|summary|p|br|div|blockquote)(?: [^<>]*)?>/g;

/** A line of its own as code: `-A INPUT -j DROP` between backticks. */
const code = /^\s*`([^`]+)`\s*$/;

/** The first line of a block that a page indents as code. */
const indented =
  /^([ \t]+)(?:\*(?:nat|filter|mangle|raw|security)\b|:[A-Z]|-[APN] \S|Chain \S+ \(|# (?:Generated|Warning)|IP Virtual Server|\d+: [\w@.-]+: <|table (?:ip|ip6|inet|arp|bridge|netdev) )/;

/** Whether any line may have something of the page around it. */
export function hasMargins(text: string): boolean {
  return (
    /^[ \t]*(?:>|`|~{3}|<\/?[a-z])|\{(?:code|noformat)/m.test(text) || indentedAnywhere.test(text)
  );
}

const indentedAnywhere = new RegExp(indented.source, 'm');

/** Takes quotes, fences, tags and the indentation of blocks away; each line stays where it is. */
export function withoutMargins(lines: readonly string[]): string[] {
  let margin = 0;
  return lines.map((line, i) => {
    const rest = quote.test(line) ? line.replace(quote, '') : line;
    // One such line alone is a quote where a block begins with it; among others it stays what can't be read.
    const begins = (lines[i - 1] ?? '').trim() === '' && beginsDump(rest);
    let text = begins || [lines[i - 1], lines[i + 1]].some(isQuote) ? rest : line;
    if (fence.test(text)) return '';
    if (text.includes('{')) text = text.replace(glued, '');
    text = code.exec(text)?.[1] ?? text;
    if (/^\s*</.test(text)) text = text.replace(tag, '');
    const [, blanks] = indented.exec(text) ?? [];
    if (blanks !== undefined && margin === 0) margin = blanks.length;
    if (text.trim() !== '' && text.search(/\S/) < margin) margin = 0;
    return text.slice(margin);
  });
}

function isQuote(line: string | undefined): boolean {
  return line !== undefined && quote.test(line);
}
