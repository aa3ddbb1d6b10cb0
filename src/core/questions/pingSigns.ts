import * as l10n from '@vscode/l10n';
import { formatAddress, sameAddress, type Address } from '../address';
import { modeOf } from '../kubeproxy/mode/judge';
import type { NodeState } from '../node';
import { kubeIpvsDevice } from '../trace/ipvs/items';
import { finding } from './answer';
import type { NodeAnswer } from './answer';
import { rulesOfAddress } from './rulesOfAddress';

/**
 * Where a ping can't be traced, what speaks for an answer: the address on kube-ipvs0, which is the
 * node's own; a virtual server in ipvs mode, whose address kube-proxy puts there; a rule of iptables
 * mode, which asks for a port and so takes no ping. docs/certainty.md has the weights.
 */
export function pingBySigns(
  question: string,
  node: NodeState,
  address: Address,
): NodeAnswer | undefined {
  const text = formatAddress(address);
  const device = (node.interfaces ?? node.someInterfaces)?.find(
    ({ name }) => name === kubeIpvsDevice,
  );
  const held = device?.addresses.find((one) => sameAddress(one.address, address));
  const filter = node.rulesets.some(
    ({ family, tables }) => family === address.family && tables.has('filter'),
  );
  if (held) {
    const but = filter
      ? l10n.t('`ip route show table all` would decide it')
      : l10n.t(
          'kube-proxy of 1.26 and later rejects it with KUBE-IPVS-FILTER: `iptables-save -t filter` would decide it',
        );
    return {
      question,
      answer: l10n.t`Likely: kube-ipvs0 holds ${text}, so that the node itself answers; ${but}.`,
      certainty: 'likely',
      command: filter ? 'ip route show table all' : 'iptables-save -t filter',
      findings: finding(
        'information',
        'ping-answered-by-node',
        l10n.t`kube-ipvs0 holds ${text}.`,
        held.range,
      ),
    };
  }
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
  const rule = mode === 'iptables' ? rulesOfAddress(node, address).next().value : undefined;
  if (!rule) return undefined;
  return {
    question,
    answer: l10n.t`Likely not: the rules of ${text} ask for a port, which a ping has not, and nobody has the address itself; \`ip route show table all\` would decide it.`,
    certainty: 'likely',
    command: 'ip route show table all',
    findings: finding(
      'information',
      'rule-asks-for-port',
      l10n.t('This rule of the address asks for a port.'),
      rule.range,
    ),
  };
}
