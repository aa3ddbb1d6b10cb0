import { parseAddress } from '../../../core/address';
import { isRecord } from '../../../core/record';
import { listOf, numberAt, scalarText, textOf, type Json, type JsonObject } from './value';

/**
 * What nft's own listing says of a part that is told as it is written; undefined where that is not known.
 *
 * @param name its name in libnftables-json(5)
 */
export function listedText(name: string, value: Json | undefined): string | undefined {
  const about = isRecord(value) ? (value as JsonObject) : {};
  switch (name) {
    case 'ct helper':
    case 'ct timeout':
    case 'ct expectation':
      return typeof value === 'string' ? `${name} set "${value}"` : undefined;
    case 'ct count':
      return words(name, about.inv === true && 'over', scalarText(about.val));
    case 'flow':
      return words('flow', textOf(about.op), textOf(about.flowtable));
    case 'queue':
      return words('queue', flags(about), about.num !== undefined && `to ${scalarText(about.num)}`);
    case 'dup':
    case 'fwd':
    case 'tproxy':
      return sent(name, about);
    case 'synproxy':
      return synproxy(value, about);
    case 'ipsec': {
      const number = numberAt(about, 'spnum');
      const spnum = number !== undefined && number > 0 && `spnum ${number}`;
      return words(name, textOf(about.dir), spnum, textOf(about.family), textOf(about.key));
    }
    case 'osf': {
      const ttl = textOf(about.ttl);
      return words(name, ttl !== undefined && `ttl ${ttl}`, textOf(about.key));
    }
    default:
      return undefined;
  }
}

function words(...all: readonly (string | false | undefined)[]): string {
  return all.filter((word) => word !== undefined && word !== false && word !== '').join(' ');
}

function flags({ flags }: JsonObject): string | undefined {
  return flags === undefined ? undefined : `flags ${listOf(flags).map(scalarText).join(',')}`;
}

/** `dup to 10.0.0.1 device "eth0"`, `fwd to "eth0"`, `tproxy ip to 127.0.0.1:50080`. */
function sent(name: string, about: JsonObject): string | undefined {
  const [address, device] = [scalarText(about.addr), textOf(about.dev)];
  const port = scalarText(about.port);
  if ((about.addr !== undefined && address === undefined) || (about.port && port === undefined)) {
    return undefined;
  }
  const goal =
    address === undefined
      ? ''
      : name === 'dup' && !parseAddress(address)
        ? `"${address}"`
        : host(address, port);
  const behind = port === undefined ? '' : `:${port}`;
  if (name !== 'fwd' || goal !== '') {
    const via = device === undefined ? undefined : `device "${device}"`;
    return words(name, textOf(about.family), 'to', goal + behind, via);
  }
  return device === undefined ? undefined : `fwd to "${device}"`;
}

/** An IPv6 address before a port stands in brackets. */
function host(address: string, port: string | undefined): string {
  return port !== undefined && address.includes(':') ? `[${address}]` : address;
}

function synproxy(value: Json | undefined, about: JsonObject): string | undefined {
  if (typeof value === 'string') return `synproxy name "${value}"`;
  if ('map' in about) return undefined;
  const [mss, scale] = [numberAt(about, 'mss'), numberAt(about, 'wscale')];
  return words(
    'synproxy',
    mss !== undefined && `mss ${mss}`,
    scale !== undefined && `wscale ${scale}`,
    ...listOf(about.flags).map(scalarText),
  );
}
