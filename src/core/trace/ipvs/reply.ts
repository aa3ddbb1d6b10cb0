import { withPort } from '../../address';
import { l10n } from '../../l10n';
import { protocolNumbers, tcpFlagBits } from '../../packet';
import { ownRefusals } from '../client/refusal';
import { ending } from '../environment';
import type { Environment, Outcome } from '../environment';
import type { IpvsFlow } from '../conntrack/flowState';
import { headerText } from '../headerText';
import type { HookRun, State } from '../state';
import type { Header } from '../trace';
import { ipvsSysctl } from './settings';
import { pushIpvs } from './record';
import { noteState } from './standing';
import { masqueradedServer, replyOf } from './table';
import { untrackOrAlter } from './transmit';

const { tcp } = protocolNumbers;

/** The hook's next item, or as a walk: undefined goes on from where the state now stands. */
export type Turn = Outcome | 'next';

/** handle_response: the source becomes the virtual server's, and all but LOCAL_IN routes anew. */
export function reply(environment: Environment, state: State, run: HookRun): Turn {
  const flow = replyOf(state);
  if (!flow) return refuse(environment, state);
  noteState(state, flow, 'server');
  const { header } = state;
  const after = { ...header, source: flow.address, sourcePort: flow.port };
  return answer(environment, state, run, flow, after);
}

/** nat_icmp_send: what a masqueraded server sends of no connection is refused, but for a RST. */
function refuse({ node }: Environment, { header, packet }: State): Turn {
  if (!node.ipvs || ipvsSysctl(node, 'nat_icmp_send') === 0) return 'next';
  const isReset = packet.protocol === tcp && ((packet.flags ?? 0) & tcpFlagBits.RST) !== 0;
  const real = isReset ? undefined : masqueradedServer(node.ipvs, header);
  if (!real) return 'next';
  const reason = l10n.t`IPVS: from the real server ${withPort(real.address, real.port)}, of no connection that it knows (net.ipv4.vs.nat_icmp_send)`;
  const reply = ownRefusals.port[header.source.family];
  return ending('REJECT', reason, { by: 'ipvs', range: real.range, reply });
}

/** What the client gets of its real server, with the virtual server's address. */
export function answer(
  { node }: Environment,
  state: State,
  run: HookRun,
  flow: IpvsFlow,
  after: Header,
): Turn {
  const before = state.header;
  state.header = after;
  untrackOrAlter(state, flow, 'out');
  const { virtual, real } = flow;
  const effect = l10n.t`reply of ${withPort(real.address, flow.realPort)}: ${headerText(before)} -> ${headerText(after)}`;
  const { hook } = run;
  const { range } = virtual;
  pushIpvs(state, run, { virtual, real, range, before, after, effect }, 'out');
  state.ipvsDone = true;
  // ip_vs_route_me_harder.
  const routes = real.method === 'Masq' && hook !== 'input' && state.route?.kind !== 'local';
  if (routes && ipvsSysctl(node, 'snat_reroute') !== 0) {
    state.reroute = l10n.t`IPVS rewrote the source`;
  }
  return 'next';
}
