import * as l10n from '@vscode/l10n';
import { parseAddress } from '../../core/address';
import type { Address } from '../../core/address';
import type { Finding } from '../../core/finding';
import type { InterfaceAddress, NetworkInterface } from '../../core/node';
import { linkDetails } from '../link/linkDetails';
import { lineRange, parseLines, unknownLine, wordsOf } from '../lines';
import type { LineReader, Parsed, Word } from '../lines';

type Interfaces = readonly NetworkInterface[];
type Draft = Omit<NetworkInterface, 'addresses'> & { readonly addresses: InterfaceAddress[] };

/**
 * Reads `ip addr` and `ip -o addr`: `2: eth0@if5: <UP> mtu 1500 ... state UP`, then
 * `inet 10.244.0.1/24 brd 10.244.0.255 scope global eth0`, or `ip -br addr`:
 * `eth0@if5  UP  10.244.0.1/24 fe80::1/64`. Blanks at the line's start may be lost.
 */
export function ipAddressParser(source: string): LineReader<Interfaces> {
  const interfaces: Draft[] = [];
  const findings: Finding[] = [];

  function device(index: number, name: string, words: readonly Word[], range: Draft['range']) {
    const draft = readDevice(index, name, words, range);
    interfaces.push(draft);
    return draft;
  }

  return {
    line(text, line) {
      const words = wordsOf(text);
      const first = words[0]?.text;
      if (first === undefined) return;
      const range = lineRange(source, line, text);
      const index = /^(\d+):$/.exec(first)?.[1];
      const name = words[1]?.text;
      if (index !== undefined && name !== undefined) {
        const bare = name.replace(/:$/, '').split('@', 1)[0]!;
        const last = interfaces[interfaces.length - 1];
        const rest = words.slice(2);
        // `ip -o addr` names the device again for each of its addresses.
        const draft =
          last?.index === Number(index) ? last : device(Number(index), bare, rest, range);
        if (rest[0]?.text === 'inet' || rest[0]?.text === 'inet6') readInet(rest, draft);
        return;
      }
      const brief = briefDevice(words, interfaces.length + 1, range);
      if (brief) {
        interfaces.push(brief);
        return;
      }
      const current = interfaces[interfaces.length - 1];
      // `ip -d addr`
      const details = current && linkDetails(text);
      if (details) interfaces[interfaces.length - 1] = { ...current, ...details };
      else if (current && first.startsWith(linkWord)) {
        interfaces[interfaces.length - 1] = { ...current, ...linkTypeOf(words) };
      } else if (current && (first === 'inet' || first === 'inet6')) readInet(words, current);
      else if (!current || !isDetail(first, text)) {
        findings.push(unknownLine(range, 'ip addr'));
      }

      function readInet(inet: readonly Word[], draft: Draft): void {
        const address = interfaceAddress(inet, { ...range, start: inet[0]!.start });
        if (address) draft.addresses.push(address);
        else findings.push(badAddress(range));
      }
    },
    end: () => ({ value: interfaces, findings }),
  };
}

export function parseIpAddress(text: string, source: string): Parsed<Interfaces> {
  return parseLines(text, ipAddressParser(source));
}

/** States of a device as `ip -br` prints them (iproute2, oper_states). */
const states: ReadonlySet<string> = new Set([
  ...['UNKNOWN', 'NOTPRESENT', 'DOWN', 'LOWERLAYERDOWN', 'TESTING', 'DORMANT', 'UP'],
]);

/** A row of `ip -br addr`, which tells neither index nor scope. */
function briefDevice(
  words: readonly Word[],
  index: number,
  range: Draft['range'],
): Draft | undefined {
  const [name, state, ...rest] = words;
  if (!name || !state || !states.has(state.text)) return undefined;
  const addresses: InterfaceAddress[] = [];
  for (const [i, word] of rest.entries()) {
    if (word.text === 'peer' || rest[i - 1]?.text === 'peer') continue;
    const peer = rest[i + 1]?.text === 'peer' ? rest.slice(i + 1, i + 3) : [];
    const as = { ...word, text: 'inet' };
    const place = { ...range, start: word.start };
    const address = interfaceAddress([as, word, ...peer], place);
    if (address) addresses.push({ ...address, scope: scopeOf(address.address) });
  }
  const bare = name.text.split('@', 1)[0]!;
  return { index, name: bare, flags: [], state: state.text, addresses, range };
}

/** The scope that `ip addr add` and the kernel give to such an address. */
export function scopeOf({ family, words }: Address): string {
  if (family === 4) return words[0]! >>> 24 === 127 ? 'host' : 'global';
  if (words[0]! >>> 22 === 0xfe80 >>> 6) return 'link';
  return words.every((word, i) => word === (i === 3 ? 1 : 0)) ? 'host' : 'global';
}

function readDevice(
  index: number,
  name: string,
  words: readonly Word[],
  range: Draft['range'],
): Draft {
  const flags = /^<(.*)>$/.exec(words[0]?.text ?? '')?.[1];
  const mtu = valueOf(words, 'mtu');
  const state = valueOf(words, 'state');
  const master = valueOf(words, 'master');
  const group = valueOf(words, 'group');
  return {
    index,
    name,
    flags: flags ? flags.split(',') : [],
    ...(mtu === undefined ? {} : { mtu: Number(mtu) }),
    ...(state === undefined ? {} : { state }),
    ...(master === undefined ? {} : { master }),
    ...(group === undefined ? {} : { group }),
    // `ip -o link` has it in the same line.
    ...linkTypeOf(words),
    addresses: [],
    range,
  };
}

/** `inet 10.1.1.1 peer 10.1.1.2/32 brd 10.1.1.255 scope global secondary eth0`. */
function interfaceAddress(
  words: readonly Word[],
  range: InterfaceAddress['range'],
): InterfaceAddress | undefined {
  const own = words[1]?.text.split('/');
  const address = parseAddress(own?.[0] ?? '');
  if (!address) return undefined;
  const peer = valueOf(words, 'peer')?.split('/');
  const length = own?.[1] ?? peer?.[1] ?? (address.family === 4 ? '32' : '128');
  const broadcast = parseAddress(valueOf(words, 'brd') ?? '');
  const peerAddress = parseAddress(peer?.[0] ?? '');
  if (!/^\d{1,3}$/.test(length)) return undefined;
  const has = (flag: string): boolean => words.some((word) => word.text === flag);
  return {
    address,
    prefixLength: Number(length),
    scope: valueOf(words, 'scope') ?? 'global',
    ...(broadcast ? { broadcast } : {}),
    ...(peerAddress ? { peer: peerAddress } : {}),
    secondary: has('secondary'),
    ...(has('tentative') && !has('optimistic') ? { tentative: true } : {}),
    ...(has('deprecated') ? { deprecated: true } : {}),
    ...(has('temporary') ? { temporary: true } : {}),
    range: { ...range, end: endOf(words) },
  };
}

/** `ip -o` goes on after a backslash with the lifetimes: `scope link \`, `scope global eth0\`. */
function endOf(words: readonly Word[]): number {
  const cut = words.findIndex((word) => word.text.includes('\\'));
  if (cut < 0) return words.at(-1)!.end;
  const { text, start } = words[cut]!;
  const told = text.indexOf('\\');
  return told === 0 ? words[cut - 1]!.end : start + told;
}

const linkWord = 'link/';

/** `link/ether 52:54:00:12:34:56 brd ff:ff:ff:ff:ff:ff` */
function linkTypeOf(words: readonly Word[]): Pick<NetworkInterface, 'linkType'> {
  const word = words.find(({ text }) => text.startsWith(linkWord));
  return word ? { linkType: word.text.slice(linkWord.length) } : {};
}

function valueOf(words: readonly Word[], name: string): string | undefined {
  const at = words.findIndex((word) => word.text === name);
  return at < 0 ? undefined : words[at + 1]?.text;
}

/** Lines below a device that say nothing on its addresses; details of `ip -d` and `-s` are indented. */
function isDetail(first: string, text: string): boolean {
  return /^\s/.test(text) || /^(valid_lft|altname|alias)$/.test(first);
}

function badAddress(range: Finding['range']): Finding {
  const message = l10n.t`The address on this line is not understood; it is left out.`;
  return { severity: 'warning', code: 'bad-address', message, range };
}
