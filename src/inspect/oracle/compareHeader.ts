import { formatAddress, sameAddress, withPort } from '../../core/address';
import type { Address } from '../../core/address';
import { isIcmp } from '../../core/trace/conntrack/conntrack';
import type { Connection, Tuple } from '../../core/trace/conntrack/flowState';
import type { Header } from '../../core/trace/trace';
import type { OracleAnswer, OraclePacket } from './format';
import { addressOf, protocolNumber } from './packet';

/** What of a recorded head is compared; a head of a protocol without ports has none. */
type Recorded = Pick<OraclePacket, 'proto' | 'dst' | 'sport' | 'dport' | 'src'> & {
  readonly inner?: string;
};

/** Why a head is not the recorded one; undefined when it is. */
export function headerDifference(
  header: Header | undefined,
  recorded: Recorded | undefined,
): string | undefined {
  if (!recorded) return undefined;
  if (!header) return 'no final header';
  const same =
    header.protocol === protocolNumber(recorded.proto) &&
    isAddress(header.source, recorded.src) &&
    isAddress(header.destination, recorded.dst) &&
    header.destinationPort === recorded.dport &&
    samePort(header, recorded.sport) &&
    (recorded.inner === undefined || innerText(header.inner) === recorded.inner);
  if (same) return undefined;
  const ours = `${formatAddress(header.source)}:${header.sourcePort ?? JSON.stringify(header.sourcePorts)} > ${formatAddress(header.destination)}:${header.destinationPort}`;
  return `final ${ours}, not ${recorded.src}:${recorded.sport} > ${recorded.dst}:${recorded.dport}`;
}

/** `10.244.0.44:40898->10.96.0.50:80`. */
function innerText(inner: Header['inner']): string | undefined {
  if (!inner) return undefined;
  const { source, sourcePort, destination, destinationPort } = inner;
  return `${withPort(source, sourcePort)}->${withPort(destination, destinationPort)}`;
}

/** As addresses: `::ffff:a00:1` and `::ffff:10.0.0.1` are one. */
function isAddress(address: Address, text: string | undefined): boolean {
  return text !== undefined && sameAddress(address, addressOf(text));
}

/** A random port is one of those that the trace leaves open. */
function samePort({ sourcePort, sourcePorts }: Header, port: number | undefined): boolean {
  if (!sourcePorts) return sourcePort === port;
  return port !== undefined && sourcePorts.some(({ from, to }) => port >= from && port <= to);
}

/** The entry of the connection table that the kernel reported for a first packet. */
export function conntrackDifference(
  connection: Connection | undefined,
  recorded: OracleAnswer['conntrack'],
): string | undefined {
  if (!recorded) return undefined;
  if (!connection) return 'no connection, where the kernel made one';
  const wrong =
    tupleDifference('original', connection.original, recorded.orig) ??
    tupleDifference('reply', connection.reply, recorded.reply);
  return wrong && `conntrack ${wrong}`;
}

function tupleDifference(
  side: string,
  tuple: Tuple,
  recorded: Omit<Recorded, 'inner'> & { readonly id?: number },
): string | undefined {
  const { source, destination } = tuple;
  const ports = isIcmp(tuple.protocol)
    ? recorded.id === undefined || isPort(tuple, recorded.id) || tuple.sourcePort === recorded.id
    : tuple.sourcePort === recorded.sport && isPort(tuple, recorded.dport);
  const addresses = isAddress(source, recorded.src) && isAddress(destination, recorded.dst);
  if (ports && addresses) return undefined;
  const ours = `${formatAddress(source)}:${tuple.sourcePort} > ${formatAddress(destination)}:${tuple.destinationPort}`;
  return `${side} ${ours}, not ${recorded.src}:${recorded.sport} > ${recorded.dst}:${recorded.dport}`;
}

function isPort({ destinationPort, destinationPorts }: Tuple, port: number | undefined): boolean {
  if (!destinationPorts) return destinationPort === port;
  return port !== undefined && destinationPorts.some(({ from, to }) => port >= from && port <= to);
}
