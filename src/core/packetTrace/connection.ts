import { l10n } from '../l10n';
import { formatAddress, sameAddress, withPort } from '../address';
import type { ConntrackEntry, ConntrackTuple } from '../connections';
import type { NodeState } from '../node';
import type { Packet } from '../packet';
import { protocolName } from '../protocol';
import type { SourceRange } from '../source';
import { arrivalOf } from '../trace/arrival';
import { leaves, type Leaf } from '../trace/leaves';
import { traceFlow } from '../trace/tracer';

/** A connection that conntrack printed, laid on the rules of a node's dumps. */
export interface LaidConnection {
  readonly entry: ConntrackEntry;
  /** What the kernel did with it: `to 10.244.0.5:53 (DNAT), from 10.0.0.1 (SNAT)`. */
  readonly kernel: string;
  /** The rule or row that does so by the dump. */
  readonly by?: SourceRange;
  /** Why it can't be said what the dump does with such a connection. */
  readonly open?: string;
  /** What the dump does with a new connection of these ends, where that is something else. */
  readonly differs?: string;
}

/** Ways that are named where the kernel took another. */
const mostNamed = 3;

/**
 * The entry says where the kernel sent the connection: DNAT where answers come from another than was
 * asked, SNAT where they go to another than asked. No rule is named in it; the tracer finds the one
 * that sends it there, or tells that by the dump it would go elsewhere.
 */
export function layConnection(node: NodeState, entry: ConntrackEntry): LaidConnection {
  const kernel = kernelText(entry);
  const { source } = entry.original;
  const arrival = arrivalOf(node, source);
  if (arrival.kind === 'unknown') return { entry, kernel, open: arrival.reason };
  const device = arrival.kind === 'device' ? arrival.device : undefined;
  const { path } = traceFlow(node, packetOf(entry, device), { memory: {} });
  const ways = leaves(path);
  const same = ways.find((way) => isWayOf(entry, way));
  if (same) return { entry, kernel, by: translatorOf(same) };
  const open = ways.find(({ verdict, branches }) => {
    return verdict.kind === 'UNKNOWN' || branches.some(({ unknown }) => unknown !== undefined);
  });
  if (open) return { entry, kernel, open: l10n.t`what the dumps lack leaves its way open` };
  const others = [...new Set(ways.map((way) => wayText(way)))];
  const more =
    others.length > mostNamed ? l10n.t`, or another (${others.length - mostNamed} more)` : '';
  const differs = l10n.t`by the dump it would go ${others.slice(0, mostNamed).join(l10n.t`, or `)}${more}: the dump is of another time or another node, or the connection is older than its rules`;
  return { entry, kernel, differs };
}

/** As one line, and a second one where kernel and dump differ. */
export function connectionText({ entry, kernel, by, open, differs }: LaidConnection): string[] {
  const { protocol, original, state, event } = entry;
  const ends = `${endText(original, 'source')} > ${endText(original, 'destination')}`;
  const words = [event && `[${event}]`, protocolName(protocol), ends, state].filter(Boolean);
  const place = by ? `  (${by.source}:${by.line + 1})` : '';
  const why = open === undefined ? '' : l10n.t`  [unknown: ${open}]`;
  return [
    `${words.join(' ')}: ${kernel}${why}${place}`,
    ...(differs === undefined ? [] : [`  ! ${differs}`]),
  ];
}

function packetOf({ protocol, original, icmp }: ConntrackEntry, device?: string): Packet {
  return {
    protocol,
    source: original.source,
    sourcePort: original.sourcePort ?? 0,
    destination: original.destination,
    destinationPort: original.destinationPort ?? 0,
    inInterface: device,
    ...(protocol === 6 ? { flags: 2 } : {}),
    ...(icmp ? { icmpType: icmp.type, icmpCode: icmp.code } : {}),
  };
}

function kernelText({ original, reply }: ConntrackEntry): string {
  const to = isTranslated(original, 'destination', reply, 'source');
  const from = isTranslated(original, 'source', reply, 'destination');
  const parts = [
    ...(to ? [l10n.t`to ${endText(reply, 'source')} (DNAT)`] : []),
    ...(from ? [l10n.t`from ${endText(reply, 'destination')} (SNAT)`] : []),
  ];
  return parts.join(l10n.t`, `) || l10n.t`not translated`;
}

type End = 'source' | 'destination';

function portOf(tuple: ConntrackTuple, end: End): number | undefined {
  return end === 'source' ? tuple.sourcePort : tuple.destinationPort;
}

function endText(tuple: ConntrackTuple, end: End): string {
  return withPort(tuple[end], portOf(tuple, end));
}

function isTranslated(
  one: ConntrackTuple,
  end: End,
  other: ConntrackTuple,
  otherEnd: End,
): boolean {
  return !sameAddress(one[end], other[otherEnd]) || portOf(one, end) !== portOf(other, otherEnd);
}

/** Whether a way ends where the answers come from, and changes the source where they go elsewhere. */
function isWayOf({ original, reply }: ConntrackEntry, { verdict }: Leaf): boolean {
  const { kind, final } = verdict;
  if (kind !== 'ACCEPT' || !final) return false;
  const there =
    sameAddress(final.destination, reply.source) &&
    (reply.sourcePort === undefined || final.destinationPort === reply.sourcePort);
  const masked = !sameAddress(final.source, original.source);
  return there && masked === !sameAddress(reply.destination, original.source);
}

/** The rule that translated the destination, else the source; of IPVS the real server's row. */
function translatorOf({ steps }: Leaf): SourceRange | undefined {
  const real = steps.find((step) => step.kind === 'ipvs' && step.real !== undefined);
  return (real ?? steps.find((step) => step.kind === 'nat'))?.range;
}

function wayText({ verdict }: Leaf): string {
  const { kind, final, reason } = verdict;
  if (kind !== 'ACCEPT' || !final) return l10n.t`nowhere (${kind}: ${reason})`;
  const to = withPort(final.destination, final.destinationPort);
  return l10n.t`to ${to} from ${formatAddress(final.source)}`;
}
