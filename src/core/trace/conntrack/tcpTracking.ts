import { tcpFlagBits } from '../../packet';

/** As `conntrack -L` prints it (tcp_conntrack_names); SYN_SENT2 is both sides opening at once. */
export type TcpState =
  | 'SYN_SENT'
  | 'SYN_RECV'
  | 'ESTABLISHED'
  | 'FIN_WAIT'
  | 'CLOSE_WAIT'
  | 'LAST_ACK'
  | 'TIME_WAIT'
  | 'CLOSE'
  | 'SYN_SENT2';

/** What conntrack remembers of a TCP connection (struct ip_ct_tcp), but for its windows. */
export interface TcpTracking {
  readonly state: TcpState;
  /** Somebody has sent the first FIN (IP_CT_TCP_FLAG_CLOSE_INIT), so that a SYN may open it anew. */
  readonly closing: boolean;
  /** The last segment that was looked at (last_index, last_dir). */
  readonly last: { readonly segment: Segment; readonly reply: boolean };
}

const { RST, SYN, FIN, ACK, URG } = tcpFlagBits;

type Segment = 'syn' | 'synack' | 'fin' | 'ack' | 'rst' | 'none';

/**
 * What a segment does to its connection: `invalid` for a packet that conntrack does not take for one of
 * the connection; `reopen` for a SYN that makes the kernel forget it and begin anew.
 */
export type TcpStep = TcpTracking | 'invalid' | 'reopen';

/** Where a segment leads; `ignored` passes and changes nothing. States that are absent are invalid. */
type Moves = Partial<Record<TcpState, TcpState | 'ignored'>>;

const closes = {
  SYN_RECV: 'FIN_WAIT',
  ESTABLISHED: 'FIN_WAIT',
  FIN_WAIT: 'LAST_ACK',
  CLOSE_WAIT: 'LAST_ACK',
  LAST_ACK: 'LAST_ACK',
  TIME_WAIT: 'TIME_WAIT',
  CLOSE: 'CLOSE',
} as const;

const acknowledges = {
  ESTABLISHED: 'ESTABLISHED',
  FIN_WAIT: 'CLOSE_WAIT',
  CLOSE_WAIT: 'CLOSE_WAIT',
  LAST_ACK: 'TIME_WAIT',
  TIME_WAIT: 'TIME_WAIT',
  CLOSE: 'CLOSE',
} as const;

const afterOpening = {
  SYN_RECV: 'ignored',
  ESTABLISHED: 'ignored',
  FIN_WAIT: 'ignored',
  CLOSE_WAIT: 'ignored',
  LAST_ACK: 'ignored',
} as const;

const fromClient: Readonly<Record<Exclude<Segment, 'rst'>, Moves>> = {
  syn: {
    ...afterOpening,
    SYN_SENT: 'SYN_SENT',
    SYN_SENT2: 'SYN_SENT2',
    TIME_WAIT: 'SYN_SENT',
    CLOSE: 'SYN_SENT',
  },
  synack: { SYN_RECV: 'SYN_RECV', SYN_SENT2: 'SYN_RECV' },
  fin: closes,
  ack: { ...acknowledges, SYN_RECV: 'ESTABLISHED' },
  none: {},
};

const fromServer: Readonly<Record<Exclude<Segment, 'rst'>, Moves>> = {
  syn: { SYN_SENT: 'SYN_SENT2', SYN_SENT2: 'SYN_SENT2', TIME_WAIT: 'SYN_SENT' },
  synack: {
    ...afterOpening,
    SYN_SENT: 'SYN_RECV',
    SYN_SENT2: 'SYN_RECV',
    TIME_WAIT: 'ignored',
    CLOSE: 'ignored',
  },
  fin: closes,
  ack: { ...acknowledges, SYN_RECV: 'SYN_RECV', SYN_SENT: 'ignored', SYN_SENT2: 'ignored' },
  none: {},
};

/**
 * What a first segment opens (tcp_new): a SYN, or where nf_conntrack_tcp_loose allows it an ACK from the
 * middle of a connection. undefined: INVALID.
 *
 * @param flags bits of `tcpFlagBits`
 */
export function openedBy(flags: number, loose: boolean): TcpTracking | undefined {
  if (!isPossible(flags)) return undefined;
  const segment = segmentOf(flags);
  const last = { segment, reply: false };
  if (segment === 'syn') return { state: 'SYN_SENT', closing: false, last };
  if (segment !== 'ack' || !loose) return undefined;
  return { state: 'ESTABLISHED', closing: false, last };
}

/**
 * A further segment (nf_conntrack_tcp_packet and tcp_conntracks, nf_conntrack_proto_tcp.c). Sequence
 * numbers are taken to be in the window.
 */
export function afterSegment(tcp: TcpTracking, reply: boolean, flags: number): TcpStep {
  if (!isPossible(flags)) return 'invalid';
  const segment = segmentOf(flags);
  const last = { segment, reply };
  if (segment === 'rst') return { ...tcp, state: 'CLOSE', last };
  const next = (reply ? fromServer : fromClient)[segment][tcp.state];
  if (next === undefined) return 'invalid';
  const isClosed = tcp.state === 'TIME_WAIT' || tcp.state === 'CLOSE';
  const reopens = next === 'SYN_SENT' && isClosed;
  if (reopens && (tcp.closing || isAborted(tcp, reply))) return 'reopen';
  if (reopens || next === 'ignored') {
    // The server answers a SYN that was let through: the two are in step, and conntrack follows them.
    const answers = segment === 'synack' && tcp.last.segment === 'syn' && tcp.last.reply !== reply;
    return answers ? { ...tcp, state: 'SYN_RECV', last } : { ...tcp, last };
  }
  const closing = tcp.closing || (next === 'FIN_WAIT' && tcp.state !== next);
  return { state: next, closing, last };
}

function isAborted({ last }: TcpTracking, reply: boolean): boolean {
  return last.segment === 'rst' && last.reply === reply;
}

/** An ACK that completes the handshake, or the first answer within a connection that was picked up. */
export function assures(before: TcpTracking, after: TcpTracking): boolean {
  const open = before.state === 'SYN_RECV' || before.state === 'ESTABLISHED';
  return open && after.state === 'ESTABLISHED';
}

/** get_conntrack_index: RST before SYN before FIN before ACK. */
function segmentOf(flags: number): Segment {
  if (flags & RST) return 'rst';
  if (flags & SYN) return flags & ACK ? 'synack' : 'syn';
  if (flags & FIN) return 'fin';
  return flags & ACK ? 'ack' : 'none';
}

/** tcp_valid_flags: combinations that a TCP may send; PSH, ECE and CWR don't count. */
function isPossible(flags: number): boolean {
  return possible.has(flags & (FIN | SYN | RST | ACK | URG));
}

const possible: ReadonlySet<number> = new Set([
  ...[SYN, SYN | URG, SYN | ACK, RST, RST | ACK],
  ...[FIN | ACK, FIN | ACK | URG, ACK, ACK | URG],
]);
