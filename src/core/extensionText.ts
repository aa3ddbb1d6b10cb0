import type { ExtensionHeader } from './packet';

/**
 * Reads the extension headers of an IPv6 packet as a user names them, in their order:
 * `hop-by-hop,routing:4,fragment:0+,destination,ah:256`. A routing header has its type, and behind a
 * second colon the segments left; a fragment its offset in units of 8 bytes, and `+` where more
 * follow (without either: a whole packet that has the header all the same); ah its SPI.
 *
 * @returns undefined where one is not understood
 */
export function parseExtensions(text: string): readonly ExtensionHeader[] | undefined {
  const headers = text.split(',').map(readHeader);
  return headers.every((header) => header !== undefined) ? headers : undefined;
}

function readHeader(text: string): ExtensionHeader | undefined {
  const [, name = '', first = '0', more, second = '0'] =
    /^([a-z-]+)(?::(\d{1,10})(\+)?)?(?::(\d{1,3}))?$/.exec(text) ?? [];
  const value = Number(first);
  const kind = kinds.get(name);
  const plain = !text.includes(':');
  if (more !== undefined && kind !== 'fragment') return undefined;
  if (second !== '0' && kind !== 'routing') return undefined;
  switch (kind) {
    case 'hop-by-hop':
    case 'destination':
      return plain ? { kind, options: padding } : undefined;
    case 'routing':
      return value > 255
        ? undefined
        : { kind, type: value, segmentsLeft: Number(second), addresses: [] };
    case 'fragment':
      return value > 0x1fff ? undefined : { kind, offset: value, more: more !== undefined };
    case 'authentication':
      return value > 0xffffffff ? undefined : { kind, spi: value };
    default:
      return undefined;
  }
}

/** As parseExtensions reads it. */
export function formatExtensions(headers: readonly ExtensionHeader[]): string {
  return headers.map(formatHeader).join(',');
}

function formatHeader(header: ExtensionHeader): string {
  switch (header.kind) {
    case 'hop-by-hop':
    case 'destination':
      return header.kind;
    case 'routing':
      return `routing:${header.type}${header.segmentsLeft > 0 ? `:${header.segmentsLeft}` : ''}`;
    case 'fragment': {
      const { offset, more } = header;
      return offset === 0 && !more ? 'fragment' : `fragment:${offset}${more ? '+' : ''}`;
    }
    case 'authentication':
      return `ah:${header.spi}`;
  }
}

/** PadN over the rest of the 8 bytes: such a header says nothing. */
const padding = [{ type: 1, data: [0, 0, 0, 0] }];

/** The names that are written here, and those of ip6tables' `-m ipv6header`. */
const kinds: ReadonlyMap<string, ExtensionHeader['kind']> = new Map([
  ['hop-by-hop', 'hop-by-hop'],
  ['hop', 'hop-by-hop'],
  ['hbh', 'hop-by-hop'],
  ['destination', 'destination'],
  ['dst', 'destination'],
  ['routing', 'routing'],
  ['route', 'routing'],
  ['rt', 'routing'],
  ['fragment', 'fragment'],
  ['frag', 'fragment'],
  ['ah', 'authentication'],
  ['auth', 'authentication'],
]);
