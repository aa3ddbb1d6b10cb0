import { SHA256 } from '@stablelib/sha256';
import type { ServicePortName } from '../service';

/** The protocols a Service port can have, as they stand in a name's hash. */
export const serviceProtocols = ['tcp', 'udp', 'sctp'] as const;

/** A chain's name in two: `KUBE-SVC-` and `OQCLJJ5GLLNFY3XB`. */
export interface HashedName {
  readonly prefix: ServiceChainPrefix;
  readonly hash: string;
}

export type ServiceChainPrefix =
  'KUBE-SVC-' | 'KUBE-SVL-' | 'KUBE-EXT-' | 'KUBE-FW-' | 'KUBE-XLB-' | 'KUBE-SEP-';

const hashedName = /^(KUBE-(?:SVC|SVL|EXT|FW|XLB|SEP)-)([A-Z2-7]{16})$/;

/** undefined for every name that is not kube-proxy's chain of a Service port or an endpoint. */
export function splitChainName(name: string): HashedName | undefined {
  const parts = hashedName.exec(name);
  return parts ? { prefix: parts[1] as ServiceChainPrefix, hash: parts[2]! } : undefined;
}

/** Whether `splitChainName` takes it, for tables of tens of thousands of chains. */
export function isServiceChain(name: string): boolean {
  return hashedName.test(name);
}

/** `default/whoami:http`, and `default/whoami` for an unnamed port. */
export function formatServicePortName({ namespace, name, port }: ServicePortName): string {
  return port === '' ? `${namespace}/${name}` : `${namespace}/${name}:${port}`;
}

const servicePortName =
  /(?<![\w./-])([a-z0-9][-a-z0-9]{0,62})\/([a-z0-9][-a-z0-9.]{0,252})(?::([a-z0-9][-a-z0-9]{0,62})?)?(?![\w/:])/g;

/** Every `namespace/name[:port]` in a text, in order: `pod traffic for shop/edge:http external ...`. */
export function servicePortNamesIn(text: string): ServicePortName[] {
  return Array.from(text.matchAll(servicePortName), ([, namespace, name, port]) => ({
    namespace: namespace!,
    name: name!,
    port: port ?? '',
  }));
}

/**
 * The hash in KUBE-SVC-, KUBE-SVL-, KUBE-EXT-, KUBE-FW- and KUBE-XLB- (pkg/proxy/iptables/proxier.go,
 * portProtoHash): of `default/whoami:http` + `tcp`. Several, because releases before 1.16 kept
 * the colon of an unnamed port (`default/whoami:`) and later ones drop it; the newer form is first.
 * `protocol` is in lower case.
 */
export function servicePortHashes(servicePort: ServicePortName, protocol: string): string[] {
  return spellings(servicePort).map((text) => nameHash(text + protocol));
}

/**
 * The hash in KUBE-SEP- (portProtoHash's sibling servicePortEndpointChainName): of the Service
 * port's text, the protocol, and `10.244.0.3:3000` or `[fd00::3]:3000`.
 */
export function endpointHashes(
  servicePort: ServicePortName,
  protocol: string,
  endpoint: string,
): string[] {
  return spellings(servicePort).map((text) => nameHash(text + protocol + endpoint));
}

function spellings(servicePort: ServicePortName): string[] {
  const text = formatServicePortName(servicePort);
  return servicePort.port === '' ? [text, `${text}:`] : [text];
}

export type NftChainKind = 'service' | 'local' | 'external' | 'firewall' | 'endpoint' | 'affinity';

/**
 * The name of a chain or set in nftables mode (pkg/proxy/nftables/proxier.go, hashAndTruncate):
 * `service-LX3JQ64U-default/whoami/tcp/`. The 8 characters are the hash of the rest. An endpoint
 * adds `__10.244.0.3/3000`, with IPv6's colons as dots. Longer than 240 characters it is cut.
 */
export function nftChainName(
  kind: NftChainKind,
  { namespace, name, port }: ServicePortName,
  protocol: string,
  endpoint?: { readonly address: string; readonly port: number },
): string {
  const service = `${namespace}/${name}/${protocol}/${port}`;
  const rest = endpoint
    ? `${service}__${endpoint.address.replaceAll(':', '.')}/${endpoint.port}`
    : service;
  const hashed = `${nameHash(rest).slice(0, 8)}-${rest}`;
  return `${kind}-${hashed.length > 240 ? `${hashed.slice(0, 237)}...` : hashed}`;
}

/** True when the 8 characters of `service-LX3JQ64U-default/whoami/tcp/` fit the rest of it. */
export function nftChainNameHolds(name: string): boolean {
  const parts = /^(?:service|local|external|firewall|endpoint|affinity)-([A-Z2-7]{8})-(.*)$/.exec(
    name,
  );
  return parts !== null && nameHash(parts[2]!).startsWith(parts[1]!);
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** One of each for all names: a cluster of 50,000 endpoints has more than as many. */
const encoder = new TextEncoder();
const hasher = new SHA256();
const usualLength = new Uint8Array(1024);
const digest = new Uint8Array(hasher.digestLength);
const codes = new Array<number>(16);

/** The first 16 characters of base32(sha256(text)), RFC 4648's alphabet: the first 80 bits. */
export function nameHash(text: string): string {
  hasher.reset();
  // UTF-8 has at most three bytes for a unit of UTF-16.
  if (text.length * 3 > usualLength.length) hasher.update(encoder.encode(text));
  else hasher.update(usualLength, encoder.encodeInto(text, usualLength).written);
  hasher.finish(digest);
  for (let i = 0; i < 16; i++) {
    const bit = i * 5;
    const byte = bit >> 3;
    const pair = (digest[byte]! << 8) | digest[byte + 1]!;
    codes[i] = base32.charCodeAt((pair >> (11 - (bit & 7))) & 31);
  }
  return String.fromCharCode(...codes);
}
