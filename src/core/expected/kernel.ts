import type { ActualTables } from '../rules/ruleTexts';
import type { KernelFacts } from './input';

/**
 * What kube-proxy found out of the kernel, as the rules that it wrote tell; where they do not, a
 * kernel of today is taken.
 *
 * @param sysctls of the node
 */
export function kernelFactsOf(
  actual: ActualTables,
  sysctls: ReadonlyMap<string, string> | undefined,
): KernelFacts {
  const texts = (table: string, chain: string, sign: RegExp) =>
    (actual.get(table)?.get(chain) ?? []).filter(({ text }) => sign.test(text));
  const invalid = texts('filter', 'KUBE-FORWARD', /--ctstate INVALID\b/);
  const masquerade = texts('nat', 'KUBE-POSTROUTING', /requiring SNAT" [^"]*-j MASQUERADE\b/);
  return {
    nfacct: invalid.every(({ text }) => text.includes('--nfacct-name')),
    randomFully: masquerade.every(({ text }) => text.includes('--random-fully')),
    tcpBeLiberal: sysctls?.get('net.netfilter.nf_conntrack_tcp_be_liberal') === '1',
  };
}
