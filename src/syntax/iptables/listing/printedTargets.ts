import { parseAddress, parseNetwork } from '../../../core/address';
import type { Family } from '../../../core/address';
import type { ConnmarkTarget, Target } from '../../../core/rules/target';
import { parseNatPorts, parseNatRange } from '../targets/nat';
import { proxyAddress } from '../targets/mark';
import { parseDirections, parseMasked, parseNumber } from '../values';
import type { Words } from './words';
import { zoneIn } from '../targets/zone';

type WithoutRange<T> = T extends unknown ? Omit<T, 'range'> : never;

/** A target as its iptables extension prints it, before it has a place. */
export type PrintedTarget = WithoutRange<Target>;

/**
 * Reads a target that begins with the next word; undefined when it does not begin there. At the end
 * of the row it reads what a target without printed options means.
 */
export type TargetReader = (words: Words, family: Family) => PrintedTarget | undefined;

const all = 0xffffffff;

/** `set 0x1`, `xset 0x1/0x3`, `or 0x4000`, `and 0xff`, `xor 0x4000` (libxt_MARK.c, mark_tg_print). */
function readChange(words: Words): { readonly clear: number; readonly xor: number } | undefined {
  const how = words.next();
  const mark = parseMasked(words.next());
  if (!mark) return undefined;
  const { value, mask } = mark;
  switch (how) {
    case 'set':
      return { clear: all, xor: value };
    case 'xset':
      return { clear: mask, xor: value };
    case 'or':
      return { clear: value, xor: value };
    case 'and':
      return { clear: ~value >>> 0, xor: 0 };
    case 'xor':
      return { clear: 0, xor: value };
    default:
      return undefined;
  }
}

/** `save`, `restore mask 0xff`, `restore ctmask 0x2 nfmask ~0x1`: the `~` is printed, not meant. */
function readCopy(words: Words, how: 'save' | 'restore'): ConnmarkTarget['operation'] | undefined {
  const read = (key: string) => {
    const text = words.after(key);
    return text === undefined ? undefined : parseNumber(text.replace(/^~/, ''));
  };
  const mask = read('mask') ?? all;
  const first = read('nfmask');
  const ctmask = read('ctmask') ?? mask;
  const nfmask = first ?? read('nfmask') ?? mask;
  return how === 'save' ? { save: { nfmask, ctmask } } : { restore: { nfmask, ctmask } };
}

function readConnmark(words: Words): PrintedTarget | undefined {
  if (!words.skip('CONNMARK')) return undefined;
  const how = words.peek();
  if (how === 'save' || how === 'restore') {
    words.next();
    const operation = readCopy(words, how);
    return operation && { kind: 'CONNMARK', operation };
  }
  const set = readChange(words);
  return set && { kind: 'CONNMARK', operation: { set } };
}

function natReader(kind: 'DNAT' | 'SNAT' | 'MASQUERADE' | 'REDIRECT'): TargetReader {
  return (words) => {
    let range: ReturnType<typeof parseNatRange> = undefined;
    if (words.peek().startsWith('to:')) range = parseNatRange(words.next().slice(3));
    else if (words.skip('masq', 'ports:') || words.skip('redir', 'ports')) {
      range = parseNatPorts(words.next());
    } else if (/^(random|random-fully|persistent)$/.test(words.peek()) || words.done) {
      range = {};
    }
    if (!range || (kind.endsWith('NAT') && !range.addresses && !range.ports)) return undefined;
    const flags = new Set<string>();
    while (/^(random|random-fully|persistent)$/.test(words.peek())) flags.add(words.next());
    return {
      kind,
      ...range,
      random: flags.has('random'),
      fullyRandom: flags.has('random-fully'),
      persistent: flags.has('persistent'),
    };
  };
}

/** Takes all that follows, once one of these words begins it. */
function asWritten(
  kind: 'LOG' | 'NFLOG' | 'TCPMSS' | 'CHECKSUM' | 'AUDIT' | 'TOS' | 'DSCP' | 'TTL' | 'HL',
  ...first: readonly (readonly string[])[]
): TargetReader {
  return (words) => {
    const begins = first.some((key) => key.every((word, i) => words.peek(i) === word));
    return begins ? { kind, text: words.rest() } : undefined;
  };
}

function withoutOptions(target: PrintedTarget): TargetReader {
  return (words) => (words.done ? target : undefined);
}

/** `TPROXY redirect 127.0.0.1:15001 mark 0x1/0x3`, of IPv6 `::1:15001` without brackets (libxt_TPROXY.c). */
const readTproxy: TargetReader = (words) => {
  if (!words.skip('TPROXY', 'redirect')) return undefined;
  const [, written = '', decimal = ''] = /^(.*):(\d+)$/.exec(words.next()) ?? [];
  const [address, port] = [parseAddress(written), parseNumber(decimal)];
  const mark = parseMasked(words.after('mark') ?? '0/0');
  if (!address || port === undefined || !mark) return undefined;
  return {
    ...{ kind: 'TPROXY', address: proxyAddress(address), port },
    ...{ clear: mark.mask, xor: mark.value },
  };
};

const readSet: TargetReader = (words) => {
  const [, operation] = /^(add|del|map)-set$/.exec(words.peek()) ?? [];
  if (operation === undefined) return undefined;
  words.next();
  const set = words.next();
  const directions = parseDirections(words.next());
  if (!directions) return undefined;
  const text = words.rest();
  return { kind: 'SET', operation: operation as 'add' | 'del' | 'map', set, directions, text };
};

const readNetmap: TargetReader = (words) => {
  const [, text] = /^to:(.+)$/.exec(words.peek()) ?? [];
  const network = text === undefined ? undefined : parseNetwork(text);
  if (!network) return undefined;
  words.next();
  return { kind: 'NETMAP', address: network.address, mask: network.mask };
};

export const printedTargets: ReadonlyMap<string, TargetReader> = new Map<string, TargetReader>([
  ...(['ACCEPT', 'DROP', 'RETURN', 'QUEUE'] as const).map(
    (kind) => [kind, withoutOptions({ kind })] as const,
  ),
  ...(['DNAT', 'SNAT', 'MASQUERADE', 'REDIRECT'] as const).map(
    (kind) => [kind, natReader(kind)] as const,
  ),
  [
    'REJECT',
    (words) => {
      const type = words.after('reject-with');
      return type === undefined ? undefined : { kind: 'REJECT', with: type };
    },
  ],
  [
    'MARK',
    (words) => {
      const change = words.skip('MARK') ? readChange(words) : undefined;
      return change && { kind: 'MARK', ...change };
    },
  ],
  ['CONNMARK', readConnmark],
  ['NETMAP', readNetmap],
  ['TPROXY', readTproxy],
  ['SET', readSet],
  ['TRACE', withoutOptions({ kind: 'TRACE', text: '' })],
  ['LOG', asWritten('LOG', ['LOG', 'flags'], ['LOG', 'level'])],
  ['NFLOG', asWritten('NFLOG', ['nflog-prefix'], ['nflog-group'], ['nflog-range'], ['nflog-size'])],
  ['TCPMSS', asWritten('TCPMSS', ['TCPMSS', 'set'], ['TCPMSS', 'clamp'])],
  ['CHECKSUM', asWritten('CHECKSUM', ['CHECKSUM', 'fill'])],
  ['AUDIT', asWritten('AUDIT', ['AUDIT'])],
  ['TOS', asWritten('TOS', ...['set', 'and', 'or', 'xor'].map((how) => ['TOS', how]))],
  ['DSCP', asWritten('DSCP', ['DSCP', 'set'])],
  ['TTL', asWritten('TTL', ...['set', 'increment', 'decrement'].map((how) => ['TTL', how]))],
  ['HL', asWritten('HL', ...['set', 'increment', 'decrement'].map((how) => ['HL', how]))],
  [
    'CT',
    (words) => {
      if (words.skip('NOTRACK')) return { kind: 'CT', notrack: true, text: '' };
      if (!words.skip('CT')) return undefined;
      const notrack = words.skip('notrack');
      const text = words.rest();
      return { kind: 'CT', notrack, ...zoneIn(text), text };
    },
  ],
  [
    'NOTRACK',
    (words) => {
      if (!words.skip('NOTRACK') && !words.done) return undefined;
      return { kind: 'CT', notrack: true, text: '' };
    },
  ],
  [
    'NFQUEUE',
    (words) => {
      if (!words.skip('NFQUEUE')) return undefined;
      const text = words.rest();
      return { kind: 'NFQUEUE', text, bypass: text.split(' ').includes('bypass') };
    },
  ],
]);

/** How the words of targets begin that do not name themselves, as most do (`CLASSIFY set 1:10`). */
const namelessTargets: ReadonlyMap<string, RegExp> = new Map([
  ['IDLETIMER', /^timeout:\d/],
  ['LED', /^led-trigger-id:/],
  ['RATEEST', /^name$/],
]);

/** Whether the words of a target that is not read in detail begin here. */
export function beginsTarget(name: string, word: string): boolean {
  return word === name || namelessTargets.get(name)?.test(word) === true;
}
