import { l10n } from '../../l10n';
import { modeOf, modesInForce } from '../../kubeproxy/mode/judge';
import type { NodeState } from '../../node';
import { unknown } from '../../truth';
import { known, type Fact } from '../../fact';
import { list } from '../../list';

/** `iptables (nft)`, `ipvs`; unknown where neither kube-proxy nor rules of it are in the dumps. */
export function modeText(state: NodeState): Fact<string> {
  const { mode, candidates } = modeOf(state);
  if (mode === undefined) {
    return candidates.length > 1
      ? unknown(l10n.t`there are traces of ${list(candidates)} mode`)
      : unknown(l10n.t`neither kube-proxy nor its rules tell`);
  }
  if (mode !== 'iptables') return known(mode);
  const words = backendsInForce(state);
  return known(words.length > 0 ? `iptables (${list(words)})` : 'iptables');
}

/** Which backends hold rules of iptables mode that the kernel asks. */
function backendsInForce(state: NodeState): readonly string[] {
  if (!modesInForce(state).some(({ mode }) => mode === 'iptables')) return [];
  const sources = new Set(
    modeOf(state)
      .signs.filter(({ kind }) => kind === 'services-to-chains')
      .map(({ range }) => range.source),
  );
  const backends = state.rulesets
    .filter(({ source }) => sources.has(source))
    .map(({ backend }) => backend);
  return (['nf_tables', 'legacy'] as const)
    .filter((name) => backends.includes(name))
    .map((name) => (name === 'nf_tables' ? 'nft' : name));
}
