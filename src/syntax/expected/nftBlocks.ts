import type { ActualRule, ActualTables } from '../../core/rules/ruleTexts';
import type { Family } from '../../core/address';
import type { Work } from '../../core/work';
import { own } from '../../core/own';

/**
 * kube-proxy's table of one family in `nft list ruleset`: its chains with their rules, and its sets
 * and maps, as `@service-ips`, with their elements, as texts. Elements that traffic puts into a set
 * (`flags dynamic`) are left out. Empty without such a table.
 */
export function* nftBlocks(lines: Iterable<string>, family: Family): Work<ActualTables> {
  const head = family === 4 ? 'table ip kube-proxy {' : 'table ip6 kube-proxy {';
  const blocks = new Map<string, ActualRule[]>();
  let inside = false;
  let found = false;
  let block: ActualRule[] | undefined;
  let isSet = false;
  /** Text of `elements = {` so far, with the line of its beginning. */
  let elements: { text: string; readonly line: number } | undefined;
  let isDynamic = false;
  let number = -1;
  for (const raw of lines) {
    if (++number % 8192 === 8191) yield;
    const line = withoutHandle(raw).trim();
    if (raw.startsWith('table ')) {
      inside = line === head;
      found ||= inside;
      block = undefined;
      continue;
    }
    if (!inside || line === '') continue;
    if (elements) {
      elements.text += ` ${line}`;
      if (line.endsWith('}')) {
        if (!isDynamic) putElements(elements, block);
        elements = undefined;
      }
      continue;
    }
    const opens = /^(chain|set|map) (\S+) \{$/.exec(line);
    if (opens) {
      isSet = opens[1] !== 'chain';
      isDynamic = false;
      block = [];
      blocks.set(isSet ? `@${opens[2]}` : opens[2]!, block);
    } else if (line === '}') {
      if (block) block = undefined;
      else inside = false;
    } else if (block && isSet) {
      if (line.startsWith('elements = {')) {
        elements = { text: line, line: number };
        if (!line.endsWith('}')) continue;
        if (!isDynamic) putElements(elements, block);
        elements = undefined;
      } else {
        isDynamic ||= /^flags .*\bdynamic\b/.test(line);
        block.push({ text: line, line: number });
      }
    } else if (block) block.push({ text: canonicalNft(line), line: number });
  }
  return found ? new Map([['kube-proxy', blocks]]) : new Map();
}

function withoutHandle(line: string): string {
  const at = line.lastIndexOf(' # handle ');
  return at < 0 ? line : line.slice(0, at);
}

/** `elements = { a . b comment "x, y" : drop, c }`: cut at commas outside of quotes. */
function putElements(
  { text, line }: { readonly text: string; readonly line: number },
  block: ActualRule[] | undefined,
): void {
  const inner = text.slice(text.indexOf('{') + 1, text.lastIndexOf('}'));
  let start = 0;
  let quoted = false;
  for (let i = 0; i <= inner.length; i++) {
    if (inner[i] === '"') quoted = !quoted;
    if (i < inner.length && (quoted || inner[i] !== ',')) continue;
    const element = inner.slice(start, i).trim();
    if (element !== '') block?.push({ text: element, line });
    start = i + 1;
  }
}

const priorities: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
};

/** One spelling for what versions of nft print differently: priorities, counters, the kind of reject. */
function canonicalNft(line: string): string {
  if (line.startsWith('type ')) {
    return line.replace(/ priority ([a-z]+)(?: ([-+]) (\d+))?;/, (_, name: string, sign, by) => {
      const offset = by === undefined ? 0 : Number(`${sign}${by}`);
      return ` priority ${(own(priorities, name) ?? 0) + offset};`;
    });
  }
  return line
    .replace(/ ?\bcounter(?: packets \d+ bytes \d+)?\b/, '')
    .replace(/\breject with icmp(?:x|v6)? (?:type )?port-unreachable\b/, 'reject');
}
