import { prefixMask } from '../../core/address';
import type { Network } from '../../core/address';
import type { Finding } from '../../core/finding';
import type { Route, RouteType } from '../../core/node';
import { lineRange, parseLines, unknownLine, wordsOf } from '../lines';
import { lowByteFirst, withoutColons } from './procAddress';
import type { LineReader, Parsed } from '../lines';

type Routes = readonly Route[];
type Reader = (words: readonly string[]) => Omit<Route, 'range' | 'flags'> | undefined;

/** include/uapi/linux/route.h and ipv6_route.h. */
const gatewayFlag = 0x2;
const rejectFlag = 0x200;
const anycastFlag = 0x100000;
const localFlag = 0x80000000;

/**
 * Reads /proc/net/route: the IPv4 routes of table main, in hex as the CPU holds it, low byte first
 * (kernel: net/ipv4/fib_trie.c, fib_route_seq_show). Of a multipath route it has the first hop only.
 */
export function procRouteParser(source: string): LineReader<Routes> {
  return routeParser(source, '/proc/net/route', readRoute);
}

/**
 * Reads /proc/net/ipv6_route: the IPv6 routes of all tables, without naming them (kernel:
 * net/ipv6/ip6_fib.c, rt6_info_route / ipv6_route_native_seq_show). Own and multicast addresses are of
 * table local, the others are taken for main.
 */
export function procIpv6RouteParser(source: string): LineReader<Routes> {
  return routeParser(source, '/proc/net/ipv6_route', readIpv6Route);
}

export function parseProcRoute(text: string, source: string): Parsed<Routes> {
  return parseLines(text, procRouteParser(source));
}

export function parseProcIpv6Route(text: string, source: string): Parsed<Routes> {
  return parseLines(text, procIpv6RouteParser(source));
}

function routeParser(source: string, format: string, read: Reader): LineReader<Routes> {
  const value: Route[] = [];
  const findings: Finding[] = [];
  return {
    line(text, line) {
      if (/^\s*(Iface\s.*)?$/.test(text)) return;
      const range = lineRange(source, line, text);
      const route = read(wordsOf(text).map((word) => word.text));
      if (route) value.push({ ...route, flags: [], range });
      else findings.push(unknownLine(range, format));
    },
    end: () => ({ value, findings }),
  };
}

/** `eth0 000200C0 00000000 0001 0 0 0 00FFFFFF 0 0 0`. */
function readRoute(words: readonly string[]): ReturnType<Reader> {
  const [device, destination, gateway, flagText, , , metric, mask] = words;
  const address = lowByteFirst(destination ?? '');
  const maskAddress = lowByteFirst(mask ?? '');
  const via = lowByteFirst(gateway ?? '');
  if (device === undefined || !address || !maskAddress || !via) return undefined;
  const flags = parseInt(flagText ?? '', 16);
  const hop = { device, via: flags & gatewayFlag ? via : undefined, weight: 1 };
  return {
    type: flags & rejectFlag ? 'unreachable' : 'unicast',
    destination: { address, mask: maskAddress.words },
    table: 'main',
    nextHops: flags & rejectFlag ? [] : [hop],
    metric: Number(metric),
  };
}

/** `DESTINATION 40 SOURCE 00 NEXT-HOP METRIC REFERENCES USE FLAGS DEVICE`, numbers in hex. */
function readIpv6Route(words: readonly string[]): ReturnType<Reader> {
  const [destination, length, source, sourceLength, gateway, metric, , , flagText, device] = words;
  const network = networkOf(destination, length);
  const from = sourceLength === '00' ? undefined : networkOf(source, sourceLength);
  const via = withoutColons(gateway ?? '');
  if (!network || !via || device === undefined) return undefined;
  const flags = parseInt(flagText!, 16) >>> 0;
  const type: RouteType =
    flags & rejectFlag && !(flags & localFlag)
      ? 'unreachable'
      : flags & localFlag
        ? 'local'
        : flags & anycastFlag
          ? 'anycast'
          : network.address.words[0]! >>> 24 === 0xff
            ? 'multicast'
            : 'unicast';
  const own = type === 'local' || type === 'anycast' || type === 'multicast';
  const hop = { device, via: flags & gatewayFlag ? via : undefined, weight: 1 };
  return {
    type,
    destination: network,
    ...(from ? { from } : {}),
    table: own ? 'local' : 'main',
    nextHops: type === 'unreachable' ? [] : [hop],
    metric: parseInt(metric!, 16),
  };
}

function networkOf(text: string | undefined, length: string | undefined): Network | undefined {
  const address = withoutColons(text ?? '');
  if (!address || length === undefined || !/^[\da-f]{2}$/i.test(length)) return undefined;
  return { address, mask: prefixMask(6, parseInt(length, 16)) };
}
