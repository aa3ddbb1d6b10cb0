import * as l10n from '@vscode/l10n';
import { formatAddress, sameAddress, type Address } from '../address';
import { modeOf } from '../kubeproxy/mode/judge';
import type { InterfaceAddress, NetworkInterface, NodeState } from '../node';
import { kubeIpvsDevice } from '../trace/ipvs/items';
import { finding } from './answer';
import type { NodeAnswer } from './answer';
import { rulesOfAddress } from './rulesOfAddress';
import { startText } from './ways';

/**
 * The address on kube-ipvs0 is the node's own. Without a dump of filter the rule by which kube-proxy refuses a
 * ping to it since 1.26 may be there.
 *
 * @param start Yes where the trace ends at the node itself
 */
export function pingToIpvsDevice(
  question: string,
  node: NodeState,
  address: Address,
  start: 'Yes' | 'Likely',
): NodeAnswer | undefined {
  const held = heldByIpvs(node, address);
  const hasFilter = node.rulesets.some(
    ({ family, tables }) => family === address.family && tables.has('filter'),
  );
  if (!held || hasFilter) return undefined;
  return heldAnswer(question, held, {
    start,
    but: l10n.t(
      'unless it rejects the ping with KUBE-IPVS-FILTER, as kube-proxy of 1.26 and later does: `iptables-save -t filter` would decide it',
    ),
    command: 'iptables-save -t filter',
  });
}

function ipvsDevice({ interfaces, someInterfaces }: NodeState): NetworkInterface | undefined {
  return (interfaces ?? someInterfaces)?.find(({ name }) => name === kubeIpvsDevice);
}

function heldByIpvs(node: NodeState, address: Address): InterfaceAddress | undefined {
  return ipvsDevice(node)?.addresses.find((one) => sameAddress(one.address, address));
}

interface Held {
  readonly start: 'Yes' | 'Likely';
  readonly but: string;
  readonly command: string;
}

function heldAnswer(
  question: string,
  { address, range }: InterfaceAddress,
  { start, but, command }: Held,
): NodeAnswer {
  const text = formatAddress(address);
  return {
    question,
    answer: l10n.t`${startText(start)}: kube-ipvs0 holds ${text}, so that the node itself answers, ${but}.`,
    certainty: 'likely',
    command,
    findings: finding(
      'information',
      'ping-answered-by-node',
      l10n.t`kube-ipvs0 holds ${text}.`,
      range,
    ),
  };
}

/**
 * Where a ping can't be traced, what speaks for an answer: the address on kube-ipvs0; a virtual server in ipvs
 * mode, whose address kube-proxy puts there; a ClusterIP's rule of another mode, which asks for a port and so
 * takes no ping. docs/certainty.md has the weights.
 */
export function pingBySigns(
  question: string,
  node: NodeState,
  address: Address,
): NodeAnswer | undefined {
  const text = formatAddress(address);
  const refused = pingToIpvsDevice(question, node, address, 'Likely');
  if (refused) return refused;
  const held = heldByIpvs(node, address);
  const command = 'ip route show table all';
  if (held) {
    const but = l10n.t('which `ip route show table all` would decide');
    return heldAnswer(question, held, { start: 'Likely', but, command });
  }
  const device = ipvsDevice(node);
  const { mode } = modeOf(node);
  const server = node.ipvs?.virtualServers.find(
    (one) => one.address && sameAddress(one.address, address),
  );
  if (mode === 'ipvs' && server && device && !node.interfaces) {
    return {
      question,
      answer: l10n.t`Likely not: IPVS has a virtual server of ${text}, and kube-ipvs0 does not hold the address, so that the node does not answer for it; \`ip addr\` would decide it.`,
      certainty: 'likely',
      command: 'ip addr',
      findings: [
        ...finding(
          'warning',
          'virtual-server-without-address',
          l10n.t`kube-ipvs0 does not hold ${text}.`,
          device.range,
        ),
        ...finding('information', 'virtual-server', l10n.t('Its virtual server.'), server.range),
      ],
    };
  }
  if (mode === 'ipvs' && server && !node.interfaces) {
    return {
      question,
      answer: l10n.t(
        `Likely: kube-proxy puts every virtual server’s address on kube-ipvs0, and the node answers; from 1.26 KUBE-IPVS-FILTER rejects it. \`ip addr show kube-ipvs0\` and \`iptables-save -t filter\` decide.`,
      ),
      certainty: 'likely',
      command: 'ip addr',
      findings: finding(
        'information',
        'virtual-server',
        l10n.t('Its virtual server.'),
        server.range,
      ),
    };
  }
  if (mode === undefined || mode === 'ipvs') return undefined;
  const rule = rulesOfAddress(node, address).find(({ kind }) => kind === 'cluster-ip');
  if (!rule) return undefined;
  return {
    question,
    answer: l10n.t`Likely not: the rules of ${text} ask for a port, which a ping has not, and nobody has the address itself; \`ip route show table all\` would decide it.`,
    certainty: 'likely',
    command,
    findings: finding(
      'information',
      'rule-asks-for-port',
      l10n.t('This rule of the address asks for a port.'),
      rule.range,
    ),
  };
}
