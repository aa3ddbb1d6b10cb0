import { tcpFlagBits } from '../../packet';

/** The states of a TCP connection as `ipvsadm -Lnc` prints them; NONE before its first packet. */
export type IpvsTcpState =
  | 'NONE'
  | 'ESTABLISHED'
  | 'SYN_SENT'
  | 'SYN_RECV'
  | 'FIN_WAIT'
  | 'TIME_WAIT'
  | 'CLOSE'
  | 'CLOSE_WAIT'
  | 'LAST_ACK'
  | 'LISTEN'
  | 'SYNACK';

/** From the client; from the real server; from the client where the answers pass IPVS by (Route). */
export type IpvsDirection = 'in' | 'out' | 'in-only';

type Segment = 'syn' | 'fin' | 'ack' | 'rst';
/** Where each state leads; `else` of the states that are not named, and those that stay are absent. */
type Moves = Partial<Record<IpvsTcpState | 'else', IpvsTcpState>>;

const fromClient: Readonly<Record<Segment, Moves>> = {
  syn: { ESTABLISHED: 'ESTABLISHED', SYN_SENT: 'ESTABLISHED', else: 'SYN_RECV' },
  fin: {
    NONE: 'CLOSE',
    ESTABLISHED: 'CLOSE_WAIT',
    SYN_RECV: 'TIME_WAIT',
    FIN_WAIT: 'TIME_WAIT',
    SYNACK: 'TIME_WAIT',
  },
  ack: {
    NONE: 'ESTABLISHED',
    SYN_RECV: 'ESTABLISHED',
    SYNACK: 'ESTABLISHED',
    LAST_ACK: 'CLOSE',
  },
  rst: {
    SYN_RECV: 'SYN_RECV',
    LAST_ACK: 'LAST_ACK',
    LISTEN: 'LISTEN',
    SYNACK: 'SYN_RECV',
    else: 'CLOSE',
  },
};

const fromServer: Readonly<Record<Segment, Moves>> = {
  syn: {
    ESTABLISHED: 'ESTABLISHED',
    SYN_RECV: 'SYN_RECV',
    LISTEN: 'LISTEN',
    SYNACK: 'SYN_RECV',
    else: 'SYN_SENT',
  },
  fin: {
    NONE: 'TIME_WAIT',
    ESTABLISHED: 'FIN_WAIT',
    SYN_RECV: 'TIME_WAIT',
    CLOSE_WAIT: 'TIME_WAIT',
    SYNACK: 'TIME_WAIT',
  },
  ack: {
    NONE: 'ESTABLISHED',
    SYN_RECV: 'ESTABLISHED',
    LISTEN: 'ESTABLISHED',
    SYNACK: 'ESTABLISHED',
  },
  rst: { SYN_SENT: 'SYN_SENT', TIME_WAIT: 'TIME_WAIT', else: 'CLOSE' },
};

/** A client whose server's answers are never seen: its FIN alone is half of the close. */
const fromClientOnly: Readonly<Record<Segment, Moves>> = {
  ...fromClient,
  fin: { ...fromClient.fin, ESTABLISHED: 'FIN_WAIT', FIN_WAIT: 'FIN_WAIT' },
  rst: { ...fromClient.rst, SYNACK: 'CLOSE' },
};

const tables = { in: fromClient, out: fromServer, 'in-only': fromClientOnly } as const;

/**
 * The state after a segment (set_tcp_state and tcp_states, net/netfilter/ipvs/ip_vs_proto_tcp.c).
 *
 * @param flags bits of `tcpFlagBits`
 */
export function nextTcpState(
  state: IpvsTcpState,
  direction: IpvsDirection,
  flags: number,
): IpvsTcpState {
  const segment = segmentOf(flags);
  if (!segment) return 'CLOSE';
  const moves = tables[direction][segment];
  return moves[state] ?? moves.else ?? state;
}

/** tcp_state_idx: RST before SYN before FIN before ACK. */
function segmentOf(flags: number): Segment | undefined {
  const { RST, SYN, FIN, ACK } = tcpFlagBits;
  if (flags & RST) return 'rst';
  if (flags & SYN) return 'syn';
  if (flags & FIN) return 'fin';
  return flags & ACK ? 'ack' : undefined;
}

/** Whether `ActiveConn` counts a connection in this state (tcp_state_active_table). */
export function isActiveState(state: IpvsTcpState): boolean {
  return ['ESTABLISHED', 'SYN_SENT', 'SYN_RECV', 'SYNACK'].includes(state);
}
