import { missing } from '../../missing';
import { contains } from '../../address';
import type { VirtualServerMatch } from '../../rules/match';
import type { Negatable } from '../../rules/optionValue';
import { unknown } from '../../truth';
import { openFor } from '../answer';
import type { Answer } from '../answer';
import { replyOf, templatePort, turned } from '../ipvs/table';
import type { StatementContext } from './context';
import { own } from '../../own';

/**
 * ipvs_mt (net/netfilter/xt_ipvs.c): `--ipvs` asks whether IPVS has had the packet; all other options
 * match only requests that already have their real server's address.
 */
export function virtualServerMatch(
  match: VirtualServerMatch,
  { node, state }: StatementContext,
): Answer {
  if (!node.ipvs) return openFor(unknown(missing('ipvsadm -Ln')), 'ipvs', 'ipvs');
  const { ipvs, protocol, address, port, direction, method, controlPort } = match;
  const others = [protocol, address, port, direction, method, controlPort];
  if (others.every((option) => option === undefined)) {
    return state.ipvsDone !== (ipvs?.negated ?? false);
  }
  if (!state.ipvsDone) return false;
  if (!holds(protocol, (value) => value === state.header.protocol)) return false;
  const flow = replyOf({ ipvs: state.ipvs, header: turned(state.header) });
  if (!flow) return false;
  const control = flow.controlled ? templatePort(flow.virtual, flow.port) : undefined;
  const tracked = state.tracking === 'tracked';
  return (
    holds(port, (value) => value === flow.port) &&
    holds(controlPort, (value) => value === control) &&
    (direction === undefined ||
      (tracked && holds(direction, (value) => (value === 'REPLY') === state.reply))) &&
    holds(method, (value) => own(methods, value.toUpperCase()) === flow.real.method) &&
    holds(address, (value) => contains(value, flow.address))
  );
}

const methods: Readonly<Record<string, string>> = { GATE: 'Route', IPIP: 'Tunnel', MASQ: 'Masq' };

function holds<T>(asked: Negatable<T> | undefined, test: (value: T) => boolean): boolean {
  return asked === undefined || test(asked.value) !== asked.negated;
}
