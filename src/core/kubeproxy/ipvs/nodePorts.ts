import { formatAddress } from '../../address';
import { wholeIpvs } from '../../ipvs/wholeIpvs';
import type { NodeState } from '../../node';
import type { SourceRange } from '../../source';

/** Where the node ports of ipvs mode answer. */
export interface VirtualNodePorts {
  /** Of their virtual servers: `192.168.77.10`. */
  readonly addresses: readonly string[];
  /** The first of these; undefined without one. */
  readonly range: SourceRange | undefined;
}

/**
 * The IPv4 addresses on which node ports have virtual servers in ipvs mode: one at each of the
 * node's addresses for each port of the sets KUBE-NODE-PORT-TCP, -UDP and -SCTP-HASH.
 *
 * @returns 'no-servers' and 'no-ports' where no dump holds the one or the other
 */
export function virtualNodePorts(state: NodeState): VirtualNodePorts | 'no-servers' | 'no-ports' {
  const ipvs = wholeIpvs(state);
  if (!ipvs) return 'no-servers';
  const ports = portsOf(state);
  if (ports.size === 0) return 'no-ports';
  const dummy = state.interfaces?.find(({ name }) => name === 'kube-ipvs0');
  const held = new Set(dummy?.addresses.map(({ address }) => formatAddress(address)));
  const servers = ipvs.virtualServers.flatMap(({ address, port, range }) => {
    if (address?.family !== 4 || !ports.has(port ?? -1)) return [];
    const text = formatAddress(address);
    return held.has(text) ? [] : [{ text, range }];
  });
  return {
    addresses: [...new Set(servers.map(({ text }) => text))],
    range: servers[0]?.range,
  };
}

function portsOf({ sets }: NodeState): Set<number> {
  const ports = new Set<number>();
  for (const [name, { entries }] of sets ?? []) {
    if (!/^KUBE-NODE-PORT-(?:TCP|UDP|SCTP-HASH)$/.test(name)) continue;
    for (const { parts } of entries) {
      for (const part of parts) if (part.kind === 'port') ports.add(part.from);
    }
  }
  return ports;
}
