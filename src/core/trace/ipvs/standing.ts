import { l10n } from '../../l10n';
import { protocolNumbers, tcpFlagBits } from '../../packet';
import type { Environment } from '../environment';
import type { Connection, FlowState, IpvsFlow } from '../conntrack/flowState';
import type { State } from '../state';
import { sameAddress, withPort } from '../../address';
import { proxySysctl, reuseMode } from './settings';
import { currentServer } from './table';
import { nextTcpState } from './tcpState';
import type { IpvsDirection } from './tcpState';

const { tcp } = protocolNumbers;
const { SYN } = tcpFlagBits;

/** Whether IPVS still serves a connection when the next packet of its client comes. */
export type Standing =
  | { readonly kind: 'serves' }
  /** The connection is ended, and the packet is looked at as if there had been none. */
  | { readonly kind: 'anew' }
  | { readonly kind: 'dropped'; readonly reason: string };

/** ip_vs_in_hook (ip_vs_core.c) on a packet of a known connection: may it be scheduled anew, is its server there? */
export function standingOf(environment: Environment, state: State, flow: IpvsFlow): Standing {
  const { ipvs } = environment.node;
  const server = ipvs && currentServer(ipvs, flow);
  // Past all servers (cache_bypass) there is none that could go.
  const bypasses = flow.real.method === 'Bypass';
  const isNew = state.packet.protocol === tcp && ((state.packet.flags ?? SYN) & SYN) !== 0;
  const weight = server?.weight ?? flow.real.weight;
  if (isNew && weight === 0 && !bypasses && proxySysctl(environment, 'expire_nodest_conn')) {
    if (reuseMode(environment) === 0) {
      environment.assume(
        l10n.t`the kernel is of December 2021 or later (5.16, long-term series): before, conn_reuse_mode=0 left new connections at a draining server`,
      );
    }
    return expire(state, flow, l10n.t`whose real server drains (weight 0)`);
  }
  if (isNew && isReusable(environment, flow)) return expire(state, flow, l10n.t`that is closed`);
  if (server || bypasses || !ipvs || ipvs.incomplete !== undefined) return { kind: 'serves' };
  const to = withPort(flow.real.address, flow.realPort);
  if (proxySysctl(environment, 'expire_nodest_conn'))
    return expire(state, flow, l10n.t`to ${to}, which is gone`);
  const reason = l10n.t`this client's connection is pinned to ${to}, which is gone`;
  return { kind: 'dropped', reason: `IPVS: ${reason}` };
}

/** is_new_conn_expected: a SYN on a connection that has ended. */
function isReusable(environment: Environment, flow: IpvsFlow): boolean {
  const { controlled, tcpState } = flow;
  const ended = tcpState === 'TIME_WAIT' || tcpState === 'CLOSE';
  const half = tcpState === 'FIN_WAIT' && isOneWay(flow);
  if (controlled || !(ended || half)) return false;
  const mode = reuseMode(environment);
  return ended ? mode !== 0 : (mode & 2) !== 0;
}

/** IP_VS_CONN_F_NOOUTPUT: no answer of its server has come by. */
function isOneWay({ real, answered }: IpvsFlow): boolean {
  return real.method !== 'Masq' && !answered;
}

/**
 * ip_vs_conn_uses_old_conntrack and ip_vs_conn_expire_now: one that conntrack knows would still be sent to its old server, so that this
 * packet is dropped and conntrack's entry goes with it; the client's next one starts anew.
 */
function expire(state: State, flow: IpvsFlow, what: string): Standing {
  state.ipvs = state.ipvs.filter((other) => other !== flow);
  const { connection } = state;
  if (!flow.tracked || connection?.confirmed !== true) return { kind: 'anew' };
  // One whose destination a rule rewrote before is not found by the virtual server's address.
  state.dropsConnection = isOf(connection, flow);
  return {
    kind: 'dropped',
    reason: l10n.t`IPVS ends a connection ${what}, and conntrack's entry with it: the client's next packet starts anew`,
  };
}

/** Writes the TCP state that a packet brings a connection to. */
export function noteState(state: State, flow: IpvsFlow, from: 'client' | 'server'): void {
  if (flow.protocol !== tcp) return;
  const { flags = SYN } = state.packet;
  const direction: IpvsDirection = from === 'server' ? 'out' : isOneWay(flow) ? 'in-only' : 'in';
  const tcpState = nextTcpState(flow.tcpState, direction, flags);
  const answered = flow.answered || from === 'server';
  if (tcpState === flow.tcpState && answered === flow.answered) return;
  state.ipvs = state.ipvs.map((other) =>
    other === flow ? { ...flow, tcpState, answered } : other,
  );
}

/**
 * With expire_nodest_conn Linux 5.9 and later ends the connections of a real server when it is deleted
 * (ip_vs_expire_nodest_conn_flush), their conntrack entries with them.
 */
export function forgetDeleted(
  environment: Pick<Environment, 'node' | 'assume'>,
  memory: FlowState,
): FlowState {
  const { ipvs } = environment.node;
  if (!ipvs || ipvs.incomplete !== undefined) return memory;
  const gone = (memory.ipvs ?? []).filter(
    // One that a dump lists was there: an older kernel leaves it to its next packet.
    (flow) => !flow.counted && flow.real.method !== 'Bypass' && !currentServer(ipvs, flow),
  );
  if (gone.length === 0 || !proxySysctl(environment, 'expire_nodest_conn')) return memory;
  environment.assume(
    l10n.t`the kernel is 5.9 or later: it ends the connections of a deleted server at once`,
  );
  return {
    ...memory,
    ipvs: memory.ipvs?.filter((flow) => !gone.includes(flow)),
    ipvsTemplates: memory.ipvsTemplates?.filter((template) => currentServer(ipvs, template)),
    connections: memory.connections?.filter(
      (connection) => !gone.some((flow) => flow.tracked && isOf(connection, flow)),
    ),
  };
}

function isOf({ original }: Connection, flow: IpvsFlow): boolean {
  return (
    original.protocol === flow.protocol &&
    original.sourcePort === flow.clientPort &&
    original.destinationPort === flow.port &&
    sameAddress(original.source, flow.client) &&
    sameAddress(original.destination, flow.address)
  );
}
