import { parseAddress } from '../../core/address';
import { portNumber } from '../portNames';
import type { Endpoint } from '../../core/ipvs/state';

/**
 * `10.96.0.1:443`, `[fd00::1]:443`, and as `ipvsadm -L` prints them `10.96.0.1:https`,
 * `localhost:domain`; undefined for other names.
 */
export function parseEndpoint(text: string): Endpoint | undefined {
  const split = splitEndpoint(text);
  const name = split?.address;
  const address = name === 'localhost' ? loopback : name === undefined ? name : parseAddress(name);
  const port = split && portNumber(split.port);
  if (!address || port === undefined) return undefined;
  return port <= 65535 ? { address, port } : undefined;
}

const loopback = parseAddress('127.0.0.1')!;

/** The same in the hex of /proc/net/ip_vs: `0AF40001:799A`, `[fd00:0010:...:0001]:799A`. */
export function parseHexEndpoint(text: string): Endpoint | undefined {
  const split = splitEndpoint(text);
  if (!split || !/^[\dA-F]{4}$/i.test(split.port)) return undefined;
  const address = text.startsWith('[')
    ? parseAddress(split.address)
    : parseHexAddress(split.address);
  return address && { address, port: parseInt(split.port, 16) };
}

/** `0AF40001`, or the eight groups of an IPv6 address as /proc/net/ip_vs_conn prints it. */
export function parseHexAddress(text: string): Endpoint['address'] | undefined {
  if (text.includes(':')) return parseAddress(text);
  return /^[\dA-F]{8}$/i.test(text) ? { family: 4, words: [parseInt(text, 16)] } : undefined;
}

/** Where address and port stand in the text; brackets are not part of the address. */
export function splitEndpoint(
  text: string,
): { readonly address: string; readonly addressStart: number; readonly port: string } | undefined {
  const colon = text.lastIndexOf(':');
  if (colon < 0) return undefined;
  const bracketed = text.startsWith('[') && text[colon - 1] === ']';
  if (text.startsWith('[') !== bracketed) return undefined;
  const address = bracketed ? text.slice(1, colon - 1) : text.slice(0, colon);
  return { address, addressStart: bracketed ? 1 : 0, port: text.slice(colon + 1) };
}
