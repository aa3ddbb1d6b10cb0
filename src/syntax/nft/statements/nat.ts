import { parseAddress, parseNetwork, type Address } from '../../../core/address';
import type { Expression } from '../../../core/rules/expression';
import type { Interval } from '../../../core/rules/optionValue';
import type { NatTarget } from '../../../core/rules/target';
import { readExpression } from '../expressions/expression';
import { numberOf, type Reader } from '../text/reader';
import { namedNumber } from '../values/names';

const kinds = {
  dnat: 'DNAT',
  snat: 'SNAT',
  masquerade: 'MASQUERADE',
  redirect: 'REDIRECT',
} as const;

/** What a nat statement translates to. */
export interface NatTo {
  readonly addresses?: NonNullable<NatTarget['addresses']>;
  readonly ports?: Interval;
  readonly toAddress?: Expression;
  readonly toPort?: Expression;
}

/**
 * `dnat ip to 10.0.0.1:80`, `dnat ip addr . port to KEY map { ... }`, `masquerade fully-random`,
 * `redirect to :15006`.
 */
export function readNat(reader: Reader): NatTarget | undefined {
  const from = reader.at;
  const kind = kinds[reader.word() as keyof typeof kinds];
  reader.at++;
  // `masquerade ip saddr ...`: the family is another statement's, unless it says to what.
  const family = /^(?:to|prefix|addr|interval|:)$/.test(reader.word(1))
    ? reader.takeOneOf(['ip', 'ip6'] as const)
    : undefined;
  const prefix = reader.take('prefix');
  // What the value is made of: nft prints it, and knows it from the map's type as well.
  if (!reader.take('addr', '.', 'port') && !reader.take('interval')) reader.take('addr');
  let to: NatTo | undefined = {};
  if (reader.take('to') || reader.word() === ':') to = readTo(reader);
  if (!to) return undefined;
  const flags = readFlags(reader);
  return {
    ...{ kind, ...to, ...flags },
    ...(family && { family: family === 'ip' ? (4 as const) : (6 as const) }),
    ...(prefix && { prefix }),
    range: reader.range(from),
  };
}

const flagWords = ['random', 'fully-random', 'random-fully', 'persistent'] as const;

function readFlags(reader: Reader): Pick<NatTarget, 'random' | 'fullyRandom' | 'persistent'> {
  const found = new Set<string>();
  for (;;) {
    const flag = reader.takeOneOf(flagWords);
    if (flag) found.add(flag);
    else if (!reader.take(',')) return natFlags(found);
  }
}

/** @param flags in nft's words */
export function natFlags(
  flags: ReadonlySet<string>,
): Pick<NatTarget, 'random' | 'fullyRandom' | 'persistent'> {
  return {
    random: flags.has('random'),
    fullyRandom: flags.has('fully-random') || flags.has('random-fully'),
    persistent: flags.has('persistent'),
  };
}

function readTo(reader: Reader): NatTo | undefined {
  const token = reader.token();
  const plain = token?.kind === 'word' ? endpoint(token.text) : undefined;
  let to = plain;
  if (plain) {
    reader.at++;
    // `10.0.0.1 . 80`: address and port as a concatenation of constants.
    if (reader.word() === '.' && plain.addresses && !plain.ports) {
      const ports = intervalOf(reader.word(1));
      if (!ports) return undefined;
      reader.at += 2;
      to = { ...plain, ports };
    }
  } else if (reader.word() !== ':') {
    const toAddress = readExpression(reader);
    if (!toAddress) return undefined;
    to = { toAddress };
  }
  // `map { ... }:8080` is one word behind the brace.
  const behind = to?.toAddress && endpoint(reader.word());
  if (behind?.ports && !behind.addresses) {
    reader.at++;
    return { ...to, ports: behind.ports };
  }
  if (!reader.take(':')) return to;
  const ports = portsAt(reader);
  if (ports) {
    reader.at++;
    return { ...to, ports };
  }
  const toPort = readExpression(reader);
  return toPort && { ...to, toPort };
}

/** `10.0.0.1`, `10.0.0.1-10.0.0.9:80-90`, `[fd00::1]:80`, `:15006`, `10.0.0.0/24` (behind `prefix`). */
export function endpoint(text: string): NatTo | undefined {
  if (text.startsWith(':') && !text.startsWith('::')) {
    const ports = intervalOf(text.slice(1));
    return ports && { ports };
  }
  const whole = text.includes(']:') ? undefined : addressInterval(text);
  if (whole) return { addresses: whole };
  const colon = text.lastIndexOf(':');
  const ports = intervalOf(text.slice(colon + 1));
  const addresses = addressInterval(text.slice(0, Math.max(0, colon)).replace(/[[\]]/g, ''));
  return ports && addresses && { addresses, ports };
}

function addressInterval(text: string): { from: Address; to: Address } | undefined {
  const bare = text.replace(/[[\]]/g, '');
  const hyphen = bare.indexOf('-');
  if (hyphen > 0) {
    const [from, to] = [parseAddress(bare.slice(0, hyphen)), parseAddress(bare.slice(hyphen + 1))];
    return from && to && { from, to };
  }
  const network = parseNetwork(bare);
  if (!network) return undefined;
  const { address, mask } = network;
  const words = address.words.map((word, i) => (word | ~mask[i]!) >>> 0);
  return { from: address, to: { family: address.family, words } };
}

/** `80`, `8000-8010`; `nft -S` prints `"https"`. */
function portsAt(reader: Reader): Interval | undefined {
  const token = reader.token();
  const port = token?.kind === 'string' ? namedNumber('inet_service', token.text) : undefined;
  return port === undefined ? intervalOf(reader.word()) : { from: port, to: port };
}

/** `80`, `8000-8010`. */
export function intervalOf(text: string): Interval | undefined {
  const hyphen = text.indexOf('-');
  const from = numberOf(hyphen < 0 ? text : text.slice(0, hyphen));
  const to = hyphen < 0 ? from : numberOf(text.slice(hyphen + 1));
  return from === undefined || to === undefined ? undefined : { from, to };
}
