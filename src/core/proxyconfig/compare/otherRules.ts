import * as l10n from '@vscode/l10n';
import type { ProxyNode } from '../node';
import { modesInForce } from '../../kubeproxy/mode/judge';
import { natChains } from '../../rules/lookUp';
import { unknown, type Outcome } from './comparison';

/** Rules of another mode, or of two backends, tell nothing of what the file's mode would be given. */
export function otherRules(mode: string, node: ProxyNode): Outcome | undefined {
  const seen = modesInForce(node.state);
  if (seen.length === 0) return undefined;
  if (seen.some((one) => one.mode === mode)) {
    return mode === 'nftables' ? undefined : bothBackends(node);
  }
  return unknown(
    l10n.t`The rules are of ${seen[0]!.mode} mode, not of mode ${mode}.`,
    seen[0]!.range,
  );
}

/** Of kube-proxy's rules in both backends only those of one are kept up to date. */
function bothBackends({ state }: ProxyNode): Outcome | undefined {
  const [first, second] = natChains(state, 4, 'KUBE-SERVICES').filter(({ length }) => length > 0);
  if (!first || !second) return undefined;
  return unknown(
    l10n.t(
      'Both iptables-nft and iptables-legacy hold rules of kube-proxy; which of them are kept up to date is not known.',
    ),
    second.rule(0).range,
  );
}
