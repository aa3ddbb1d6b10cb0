import * as l10n from '@vscode/l10n';
import { missing } from '../missing';
import { formatAddress, parseAddress, sameAddress } from '../address';
import type { Finding } from '../finding';
import type { NodeState } from '../node';
import { protocolNumbers } from '../packet';
import type { ClusterObjects } from '../objects/types';
import { kubeIpvsDevice } from '../trace/ipvs/items';
import { leaves } from '../trace/leaves';
import { probeOf } from '../trace/probe';
import { traceFlow } from '../trace/tracer';
import { modeOf } from '../kubeproxy/mode/judge';
import { finding, unknownAnswer } from './answer';
import type { NodeAnswer } from './answer';
import { list } from '../list';

/**
 * Has kube-ipvs0 taken an address that a node has itself? In ipvs mode every node then holds it, and
 * ssh to it ends on whichever node gets the packet.
 *
 * @param objects what tells whose address it is and which Service asks for it
 * @param others the dumps of other nodes, whose addresses count as the Node objects' do
 */
export function askExternalIps(
  node: NodeState,
  { services = [], nodes = [] }: Partial<ClusterObjects> = {},
  others: readonly NodeState[] = [],
): NodeAnswer {
  const question = l10n.t("Has kube-ipvs0 taken an address that is a node's own?");
  const devices = node.interfaces ?? node.someInterfaces;
  const device = devices?.find(({ name }) => name === kubeIpvsDevice);
  if (!device && !node.interfaces) return byObjects(question, node, { services, nodes });
  if (!device) {
    return {
      question,
      answer: l10n.t('No: there is no kube-ipvs0.'),
      certainty: 'certain',
      findings: [],
    };
  }
  const findings: Finding[] = [];
  for (const { address, range } of device.addresses) {
    const text = formatAddress(address);
    const owners = [
      ...[node, ...others].flatMap((one) => holders(one, text)),
      ...nodes
        .filter(({ addresses }) => addresses.some((own) => isSame(own.address, text)))
        .map(({ metadata }) => l10n.t`Node ${metadata.name}`),
    ];
    if (owners.length === 0) continue;
    const who = services.find(({ spec }) => spec.externalIPs.some((ip) => isSame(ip, text)));
    const service = who
      ? l10n.t` (externalIPs of ${who.metadata.namespace}/${who.metadata.name})`
      : '';
    const message = l10n.t`${text}${service} is an address of ${list(owners, 'row')}, and kube-ipvs0 holds it on every node: ssh to it ${sshWay(node, text)}.`;
    findings.push(...finding('error', 'node-address-on-kube-ipvs0', message, range));
    const servers = node.ipvs?.virtualServers ?? [];
    for (const server of servers.filter((own) => own.address && sameAddress(own.address, address)))
      findings.push(
        ...finding('information', 'virtual-server', l10n.t(`Its virtual server.`), server.range),
      );
  }
  if (findings.length > 0) {
    const answer = l10n.t(
      'Yes: every node answers for it, so that a connection lands on a random node.',
    );
    return { question, answer, certainty: 'certain', findings };
  }
  if (nodes.length > 0) {
    const answer = l10n.t('No: kube-ipvs0 holds no address that a node is known to have.');
    return { question, answer, certainty: 'certain', findings };
  }
  // Only kube-ipvs0 itself is shown: of no node is it known which addresses it has.
  if (!node.interfaces) {
    const only = l10n.t`of \`ip addr\` only a part is at hand`;
    return unknownAnswer(question, only, 'ip addr');
  }
  const command = 'kubectl get nodes -o yaml';
  const answer = l10n.t`Likely not: kube-ipvs0 holds no address that this node has; of the other nodes \`${command}\` would tell.`;
  return { question, answer, certainty: 'likely', command, findings };
}

/** Without the node's addresses: what the Services ask for, against what the Nodes have. */
function byObjects(
  question: string,
  node: NodeState,
  { services, nodes }: Pick<ClusterObjects, 'services' | 'nodes'>,
): NodeAnswer {
  const none = unknownAnswer(question, missing('ip addr'), 'ip addr');
  const { mode } = modeOf(node);
  if (mode === undefined) return none;
  if (mode !== 'ipvs') {
    const answer = l10n.t`Likely not: in mode ${mode} kube-proxy gives kube-ipvs0 no address; what ipvs mode left on it \`ip addr\` would show.`;
    return { question, answer, certainty: 'likely', command: 'ip addr', findings: [] };
  }
  const at = node.ipvs?.virtualServers[0]?.range;
  const findings = services.flatMap(({ metadata, spec, range = at }) =>
    spec.externalIPs.flatMap((ip) => {
      const address = parseAddress(ip);
      const text = address && formatAddress(address);
      const owner = nodes.find(({ addresses }) =>
        addresses.some((own) => text !== undefined && isSame(own.address, text)),
      );
      if (!owner) return [];
      const message = l10n.t`externalIPs of ${metadata.namespace}/${metadata.name} names ${ip}, an address of Node ${owner.metadata.name}.`;
      return finding('error', 'external-ip-is-node-address', message, range);
    }),
  );
  if (findings.length === 0) return none;
  const answer = l10n.t(
    'Likely: a Service asks for an address of a node, and in ipvs mode kube-proxy binds it to kube-ipvs0 on every node. `ip addr show kube-ipvs0` would tell.',
  );
  return { question, answer, certainty: 'likely', command: 'ip addr', findings };
}

function holders({ name, interfaces = [] }: NodeState, text: string): readonly string[] {
  return interfaces
    .filter((device) => device.name !== kubeIpvsDevice)
    .filter(({ addresses }) => addresses.some(({ address }) => formatAddress(address) === text))
    .map((device) => `${name} (${device.name})`);
}

/** What a SYN to port 22 of it does here. */
function sshWay(node: NodeState, text: string): string {
  const destination = parseAddress(text)!;
  const packet = probeOf({ source: destination }, protocolNumbers.tcp, destination, 22);
  const ways = leaves(traceFlow(node, packet).path);
  const here = ways.length > 0 && ways.every(({ verdict }) => verdict.delivered === 'local');
  return here ? l10n.t('from this node ends on this node') : l10n.t('does not end on this node');
}

function isSame(left: string, right: string): boolean {
  const address = parseAddress(left);
  return address !== undefined && formatAddress(address) === right;
}
