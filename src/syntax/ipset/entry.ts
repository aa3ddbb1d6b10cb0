import * as l10n from '@vscode/l10n';
import { prefixMask, parseAddress } from '../../core/address';
import type { Finding } from '../../core/finding';
import type { IpSetEntry, IpSetPart } from '../../core/ipset/types';
import type { SourceRange } from '../../core/source';
import type { Word } from '../lines';
import { parsePart } from './part';

/** What the elements of one set look like. */
export interface EntryFormat {
  /** `hash:ip,port,net` -> `ip`, `port`, `net`. */
  readonly dimensions: readonly string[];
  readonly mask?: readonly number[];
}

/** The form of the elements from a set's type and options. */
export function entryFormat(type: string, options: ReadonlyMap<string, string>): EntryFormat {
  const dimensions = type.slice(type.indexOf(':') + 1).split(',');
  // Only types without a net part have these two options (ipset(8), "netmask", "bitmask").
  const netmask = options.get('netmask');
  const family = options.get('family') === 'inet6' ? 6 : 4;
  if (netmask !== undefined && /^\d+$/.test(netmask)) {
    return { dimensions, mask: prefixMask(family, Number(netmask)) };
  }
  const bitmask = parseAddress(options.get('bitmask') ?? '');
  return bitmask ? { dimensions, mask: bitmask.words } : { dimensions };
}

/** How many more elements ranges of one text may come to: 50 characters may be worth millions. */
export interface RangeBudget {
  left: number;
}

/** Two ranges come to 62 networks each at most, and no type of the kernel takes more ranges. */
const mostOfLine = 4096;

/** Eight sets of the kernel's default size (`maxelem`). */
export function rangeBudget(): RangeBudget {
  return { left: 8 * 65_536 };
}

/**
 * The elements that one line holds: `10.96.0.1,tcp:443 timeout 30 comment "a b"`. More than one
 * where the line gives a range of addresses. Problems are added to `findings`.
 */
export function parseEntries(
  words: readonly Word[],
  format: EntryFormat,
  at: { readonly source: string; readonly line: number },
  findings: Finding[],
  budget: RangeBudget,
): IpSetEntry[] {
  const element = words[0]!;
  const range: SourceRange = { ...at, start: element.start, end: element.end };
  const options = entryOptions(words.slice(1), at, findings);
  const { dimensions } = format;
  const texts = element.text.split(',');
  // The mac of a bitmap:ip,mac element may be left out: any address then (ipset(8), bitmap:ip,mac).
  const optional = dimensions[dimensions.length - 1] === 'mac' ? 1 : 0;
  if (texts.length > dimensions.length || texts.length < dimensions.length - optional) {
    const message = l10n.t`The element ${element.text} does not have the parts of the set's type, ${dimensions.join(',')}.`;
    findings.push({ severity: 'warning', code: 'ipset-element-parts', message, range });
    return [{ parts: [other(element.text)], text: element.text, range, ...options.fields }];
  }
  let all: readonly (readonly IpSetPart[])[] = [[]];
  texts.forEach((text, i) => {
    let ways = parsePart(dimensions[i]!, text, format.mask);
    if (ways.length === 0 || ways[0]!.kind === 'other') {
      const message = l10n.t`The part ${text} is not understood: whether a packet is in this element is unknown.`;
      findings.push({ severity: 'warning', code: 'ipset-element-part', message, range });
      ways = [other(text)];
    }
    if (options.wildcard) {
      ways = ways.map((way) => (way.kind === 'interface' ? { ...way, wildcard: true } : way));
    }
    const many = all.length * ways.length;
    if (ways.length > 1 && (many > mostOfLine || many > budget.left)) {
      const message = l10n.t`The ranges come to ${many.toLocaleString('en')} elements or more, which is more than is read: whether a packet is in this element is unknown.`;
      findings.push({ severity: 'warning', code: 'ipset-element-ranges', message, range });
      ways = [other(text)];
    }
    all = all.flatMap((parts) => ways.map((way) => [...parts, way]));
  });
  if (all.length > 1) budget.left -= all.length;
  return all.map((parts) => ({ parts, text: element.text, range, ...options.fields }));
}

function other(text: string): IpSetPart {
  return { kind: 'other', text };
}

type EntryFields = Pick<IpSetEntry, 'nomatch' | 'timeout' | 'comment' | 'counters' | 'skbMark'>;

function entryOptions(
  words: readonly Word[],
  at: { readonly source: string; readonly line: number },
  findings: Finding[],
): { readonly fields: EntryFields; readonly wildcard: boolean } {
  const values = new Map<string, string>();
  for (let i = 0; i < words.length; i++) {
    const { text, start, end } = words[i]!;
    if (text === 'nomatch' || text === 'wildcard') values.set(text, '');
    else if (valued.has(text) && i + 1 < words.length) values.set(text, words[++i]!.text);
    else if (text !== '-exist' && text !== '-!') {
      const message = l10n.t`The option ${text} of an element is not known; it is left out.`;
      const range = { ...at, start, end };
      findings.push({ severity: 'warning', code: 'ipset-element-option', message, range });
    }
  }
  const timeout = values.get('timeout');
  const comment = values.get('comment');
  const packets = values.get('packets');
  return {
    wildcard: values.has('wildcard'),
    fields: {
      nomatch: values.has('nomatch'),
      ...(timeout === undefined ? {} : { timeout: Number(timeout) }),
      ...(comment === undefined ? {} : { comment: comment.replace(/^"|"$/g, '') }),
      ...skbMarkOf(values.get('skbmark')),
      ...(packets === undefined
        ? {}
        : { counters: { packets: Number(packets), bytes: Number(values.get('bytes') ?? 0) } }),
    },
  };
}

/** `0x10/0xff`; without a mask all bits. */
function skbMarkOf(text: string | undefined): Pick<IpSetEntry, 'skbMark'> {
  if (text === undefined) return {};
  const [value, mask = '0xffffffff'] = text.split('/');
  const skbMark = { value: Number(value), mask: Number(mask) };
  return Number.isInteger(skbMark.value) && Number.isInteger(skbMark.mask) ? { skbMark } : {};
}

const valued: ReadonlySet<string> = new Set([
  'timeout',
  'packets',
  'bytes',
  'comment',
  'skbmark',
  'skbprio',
  'skbqueue',
  'before',
  'after',
]);
