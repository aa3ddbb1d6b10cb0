import { splitChainName } from '../../../core/kubeproxy/names';
import type { LineIndex } from '../lines/lineIndex';

/** From the `.table` of each target's registration in the kernel (xt_nat.c, xt_CT.c, ...). */
const tableOfTarget: ReadonlyMap<string, string> = new Map(
  Object.entries({
    DNAT: 'nat',
    SNAT: 'nat',
    MASQUERADE: 'nat',
    REDIRECT: 'nat',
    NETMAP: 'nat',
    REJECT: 'filter',
    CT: 'raw',
    NOTRACK: 'raw',
    TPROXY: 'mangle',
    TTL: 'mangle',
  }),
);

/** Chains of kube-proxy that are of one table alone (pkg/proxy/iptables, ipvs). */
const tableOfChain: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'KUBE-MARK-MASQ': 'nat',
    'KUBE-POSTROUTING': 'nat',
    'KUBE-EXTERNAL-SERVICES': 'filter',
    'KUBE-FORWARD': 'filter',
    'KUBE-PROXY-FIREWALL': 'filter',
    'KUBE-SOURCE-RANGES-FIREWALL': 'filter',
    'KUBE-IPVS-FILTER': 'filter',
    'KUBE-IPVS-OUT-FILTER': 'filter',
  }),
);

/** The table that a rule's line alone tells, by its chain or its target; undefined where it may be of several. */
export function tableOfRule(index: LineIndex, line: number): string | undefined {
  const chain = index.names.text(index.chain(line));
  const target = index.names.text(index.target(line));
  if (splitChainName(chain) || splitChainName(target)) return 'nat';
  return tableOfChain.get(chain) ?? tableOfTarget.get(target);
}
