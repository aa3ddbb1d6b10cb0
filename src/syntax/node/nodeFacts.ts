import type { ConntrackEntry } from '../../core/connections';
import type { IpvsConnection, IpvsState } from '../../core/ipvs/state';
import type { LearnedMac, LinkFacts, Neighbour } from '../../core/links';
import type { IpSet } from '../../core/ipset/types';
import type { NetworkInterface, NodeState, Route, RoutingRule } from '../../core/node';
import type { SysctlLine } from '../ip/sysctl';
import type { LineReader } from '../lines';

/** The parts of a node's state; each is told by one or several kinds of dumps. */
export type NodePart =
  | 'rules'
  | 'nftables'
  | 'sets'
  | 'interfaces'
  | 'routes'
  | 'routing rules'
  | 'IPVS'
  | 'connections'
  | 'links'
  | 'forwarding'
  | 'neighbours'
  | 'groups'
  | 'sysctls'
  | 'mode';

/** What one dump tells of a node: seldom more than one part. */
export interface NodeFacts {
  readonly sets?: ReadonlyMap<string, IpSet>;
  readonly interfaces?: readonly NetworkInterface[];
  readonly routes?: readonly Route[];
  readonly routingRules?: readonly RoutingRule[];
  readonly ipvs?: IpvsState;
  readonly ipvsConnections?: readonly IpvsConnection[];
  readonly connections?: readonly ConntrackEntry[];
  readonly links?: readonly LinkFacts[];
  readonly neighbours?: readonly Neighbour[];
  readonly learned?: readonly LearnedMac[];
  readonly groups?: NodeState['groups'];
  readonly sysctls?: ReadonlyMap<string, SysctlLine>;
  readonly proxyMode?: NodeState['proxyMode'];
  /** Rules of nft: `nft list ruleset`, or its JSON. */
  readonly nftables?: NodeState['nftables'];
}

/** A parser of one part as a parser of facts. */
export function asFacts<T>(
  parser: LineReader<T>,
  facts: (value: T) => NodeFacts,
): LineReader<NodeFacts> {
  return {
    line: (text, number) => parser.line(text, number),
    end() {
      const { value, findings } = parser.end();
      return { value: facts(value), findings };
    },
  };
}
