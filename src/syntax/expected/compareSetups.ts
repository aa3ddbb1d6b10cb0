import type { Family } from '../../core/address';
import { compareFares, type FareDifference } from '../../core/expected/fare/compareFares';
import { packetsOf, packetsOfNone, sendersOf } from '../../core/expected/fare/packets';
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
  const families = ([4, 6] as const).filter((family) => sendersOf(node, right, family));
  const ours = left && (yield* expectedNode(node, left, parser, families, 'left'));
  const theirs = yield* expectedNode(node, right, parser, families, 'right');
  const differences: FareDifference[] = [];
  let [packets, leftOut] = [0, 0];
  for (const family of families) {
    const senders = sendersOf(node, right, family)!;
    const ports = yield* portsOf(asked ?? left ?? right, asked ?? right, family);
    leftOut += Math.max(0, ports.length - mostServicePorts);
    const some = ports.slice(0, mostServicePorts);
    const sent = [
      ...some.flatMap((port) => packetsOf(port, senders)),
      ...packetsOfNone(right, senders),
    ];
    packets += sent.length;
    const ends = new Set(some.flatMap(({ endpoints }) => endpoints.map(({ text }) => text)));
    const state = ours?.state ?? node;
    for (const one of yield* compareFares(state, theirs.state, sent, ends)) differences.push(one);
  }
  return { packets, differences, leftOut, families, ruleAt: rulesOf(ours, theirs) };
}

/** Those of both sides: a Service may be in one alone. */
function* portsOf(
  left: ExpectedInput,
  right: ExpectedInput,
  family: Family,
): Work<readonly ServicePort[]> {
  const all = new Map<string, ServicePort>();
  for (const input of left === right ? [left] : [left, right]) {
    for (const port of yield* servicePortsOf(input, family)) {
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
