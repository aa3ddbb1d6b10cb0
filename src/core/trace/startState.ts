import { lasting } from './facts';
import type { Packet } from '../packet';
import type { FlowState } from './conntrack/flowState';
import type { State } from './state';
import type { Header } from './trace';

/** A packet before its first step: as it comes in, or as the node sends it. */
export function startState(
  packet: Packet,
  { memory, mark }: { readonly memory?: FlowState; readonly mark?: number },
): State {
  const { protocol, source, destination, sourcePort, destinationPort, inner } = packet;
  const header: Header = { protocol, source, destination, sourcePort, destinationPort, inner };
  return {
    packet,
    header,
    mark: mark ?? 0,
    tos: packet.tos ?? 0,
    ttl: packet.ttl,
    tracking: 'unseen',
    template: undefined,
    ctState: 'NEW',
    reply: false,
    connection: undefined,
    dropsConnection: false,
    ipvs: memory?.ipvs ?? [],
    ipvsTemplates: memory?.ipvsTemplates ?? [],
    ipvsDone: false,
    reinjected: false,
    route: undefined,
    inDevice: packet.inInterface,
    slave: undefined,
    switched: false,
    looped: false,
    original: undefined,
    sentBy: undefined,
    stage: 'enter',
    run: undefined,
    walk: undefined,
    before: undefined,
    mappedBy: undefined,
    reroute: undefined,
    lists: memory?.lists,
    written: memory?.written ?? new Map(),
    counters: memory?.counters,
    facts: memory?.facts ? lasting(memory.facts) : new Map(),
    given: [],
    ending: undefined,
    steps: [],
  };
}
