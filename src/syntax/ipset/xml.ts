import type { IpSet } from '../../core/ipset/types';
import type { LineReader } from '../lines';
import { ipsetListParser } from './list';

/** `<type>hash:ip</type>`, `<ipset name="KUBE-LOOP-BACK">`, `<counters/>`, each with the text behind it. */
const tags = /<(\/?[a-z]\w{0,40})(?: name="([^"]{0,64})")?\/?>([^<]*)/g;

/** The lines of `ipset list` that say the same. */
const fields: ReadonlyMap<string, string> = new Map([
  ['type', 'Type'],
  ['numentries', 'Number of entries'],
]);

/** Of `<header>`, not of the set's options. */
const figures = /^(?:\/?header|memsize|references|revision)$/;

/**
 * Reads `ipset list -o xml`: each set's fields and members become the lines of `ipset list`, in whose
 * words they are (lib/session.c).
 */
export function ipsetXmlParser(source: string): LineReader<ReadonlyMap<string, IpSet>> {
  const list = ipsetListParser(source);
  let inHeader = false;
  /** Options of the set, or of the element, as far as they were read. */
  let words: string[] = [];
  return {
    line(text, line) {
      for (const [, tag = '', name, value = ''] of text.matchAll(tags)) {
        const field = fields.get(tag);
        if (tag === 'ipset') list.line(`Name: ${name ?? ''}`, line);
        else if (field !== undefined) list.line(`${field}: ${value.trim()}`, line);
        else if (tag === 'header' || tag === 'member') {
          inHeader = tag === 'header';
          words = [];
        } else if (tag === '/member') list.line(words.join(' '), line);
        else if (tag === 'members') list.line('Members:', line);
        else if (tag === 'elem') words.push(value.trim());
        else if (inHeader && figures.test(tag)) {
          list.line(`Header: ${words.join(' ')}`, line);
          inHeader = false;
        } else if (!tag.startsWith('/') && !figures.test(tag)) words.push(`${tag} ${value}`.trim());
      }
    },
    end: () => list.end(),
  };
}
