import type { Family } from '../../core/address';
import { compareFares, type FareDifference } from '../../core/expected/fare/compareFares';
import {
  packetsOf,
  packetsOfNone,
  sendersOf,
  type Senders,
} from '../../core/expected/fare/packets';
import type { ExpectedInput } from '../../core/expected/input';
import { servicePortsOf, type ServicePort } from '../../core/expected/servicePorts';
import type { NodeState } from '../../core/node';
import type { SourceRange } from '../../core/source';
import type { Work } from '../../core/work';
import type { LineParser } from '../treeSitter';
import { expectedNode, type ExpectedNode } from './expectedNode';

/** Two setups of kube-proxy on one node, by the packets that fare differently. */
export interface SetupComparison {
  readonly packets: number;
  readonly differences: readonly FareDifference[];
  /** Service ports whose packets were not compared, since there are too many. */
  readonly leftOut: number;
  readonly families: readonly Family[];
  readonly ruleAt: (side: 'left' | 'right', range: SourceRange) => string | undefined;
}

/** Some 15 packets each, traced twice: a few seconds. */
const mostServicePorts = 300;

/**
 * Compares how packets fare on a node under two setups: other objects, another configuration or mode.
 *
 * @param left undefined: the node as its dumps show it
 * @param asked whose Services are asked for, where it is not those of both sides
 */
export function* compareSetups(
  node: NodeState,
  left: ExpectedInput | undefined,
  right: ExpectedInput,
  parser: LineParser,
  asked?: ExpectedInput,
): Work<SetupComparison> {
  const senders = new Map<Family, Senders>();
  for (const family of [4, 6] as const) {
    const own = sendersOf(node, right, family);
    if (own) senders.set(family, own);
  }
  const families = [...senders.keys()];
  const ours = left && (yield* expectedNode(node, left, parser, families, 'left'));
  const theirs = yield* expectedNode(node, right, parser, families, 'right');
  const differences: FareDifference[] = [];
  let [packets, leftOut] = [0, 0];
  for (const [family, from] of senders) {
    const ports = asked
      ? yield* servicePortsOf(asked, family)
      : portsOf(family, ours ? [ours, theirs] : [theirs]);
    leftOut += Math.max(0, ports.length - mostServicePorts);
    const some = ports.slice(0, mostServicePorts);
    const sent = [...some.flatMap((port) => packetsOf(port, from)), ...packetsOfNone(right, from)];
    packets += sent.length;
    const ends = new Set(some.flatMap(({ endpoints }) => endpoints.map(({ text }) => text)));
    const state = ours?.state ?? node;
    for (const one of yield* compareFares(state, theirs.state, sent, ends)) differences.push(one);
  }
  return { packets, differences, leftOut, families, ruleAt: rulesOf(ours, theirs) };
}

/** Those of both sides: a Service may be in one alone. */
function portsOf(family: Family, sides: readonly ExpectedNode[]): readonly ServicePort[] {
  const all = new Map<string, ServicePort>();
  for (const { servicePorts } of sides) {
    for (const port of servicePorts.get(family) ?? []) {
      const { namespace, name, port: own } = port.name;
      const { clusterIp, nodePort, externalIps, loadBalancerIps } = port;
      const key = [namespace, name, own, port.port, port.protocol, clusterIp, nodePort];
      all.set([...key, ...externalIps, ...loadBalancerIps].join(), port);
    }
  }
  return [...all.values()];
}

function rulesOf(left: ExpectedNode | undefined, right: ExpectedNode): SetupComparison['ruleAt'] {
  return (side, range) => (side === 'left' ? left : right)?.ruleAt(range);
}
