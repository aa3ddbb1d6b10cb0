import type { NodeFacts } from '../syntax/node/nodeFacts';
import { kindOf } from '../syntax/dumps/kinds';
import { dumpKind, headLength } from '../syntax/dumps/recognize';
import { parseLines } from '../syntax/lines';
import { groupPackets } from '../core/packetTrace/group';
import { parsePacketTrace } from '../syntax/packetTrace/read';
import { otherKinds } from './checkOther';
import { plural } from './plural';
import type { Finding } from '../core/finding';

/** What a dump that is not one of iptables holds, and what of it could not be read. */
export interface DumpReport {
  /** `ipvsadm-Sn`, `ip-route`, ... */
  readonly kind: string;
  /** `12 virtual servers, 30 real servers`. */
  readonly holds: string;
  readonly findings: readonly Finding[];
}

/**
 * Reads a dump of any kind but iptables'.
 *
 * @returns undefined for a dump of iptables, and for a text of no known kind
 */
export async function checkDump(file: string, text: string): Promise<DumpReport | undefined> {
  const id = dumpKind(file, text.slice(0, headLength));
  const kind = kindOf(id);
  if (!kind || kind.part === 'rules' || id === 'unknown') return undefined;
  if (id === 'packet-trace') {
    const { value, findings } = parsePacketTrace(text, file);
    const packets = groupPackets(value).length;
    return { kind: id, holds: `${value.length} lines of ${packets} packets`, findings };
  }
  const other = otherKinds.get(id);
  if (other) return { kind: id, ...(await other(text, file)) };
  if (!kind.read) return undefined;
  const { value, findings } = parseLines(text, await kind.read({ source: file }));
  return { kind: id, holds: holdingsOf(value), findings };
}

function holdingsOf(facts: NodeFacts): string {
  const { ipvs, sets, interfaces, routes, routingRules, sysctls, connections, ipvsConnections } =
    facts;
  const counted: readonly (readonly [number | undefined, string])[] = [
    [sets?.size, 'set'],
    [sets && [...sets.values()].reduce((sum, { entries }) => sum + entries.length, 0), 'element'],
    [ipvs?.virtualServers.length, 'virtual server'],
    [
      ipvs?.virtualServers.reduce((sum, { realServers }) => sum + realServers.length, 0),
      'real server',
    ],
    [interfaces?.length, 'device'],
    [interfaces?.reduce((sum, { addresses }) => sum + addresses.length, 0), 'address'],
    [routes?.length, 'route'],
    [routingRules?.length, 'routing rule'],
    [connections?.length, 'connection'],
    [ipvsConnections?.length, 'connection of IPVS'],
    [sysctls?.size, 'sysctl'],
    [facts.links?.length, 'device'],
    [facts.links?.filter(({ hairpin }) => hairpin === true).length, 'port in hairpin mode'],
    [facts.neighbours?.length, 'neighbour'],
    [facts.learned?.length, 'learned frame address'],
    [facts.groups && [...facts.groups.values()].flat().length, 'multicast group'],
    [facts.nftables?.tables.length, 'table'],
  ];
  const words = counted.flatMap(([count, what]) =>
    count === undefined ? [] : [plural(count, what)],
  );
  return words.length > 0 ? words.join(', ') : 'nothing';
}
