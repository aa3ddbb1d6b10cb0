import * as l10n from '@vscode/l10n';
import type { Chain, Ruleset } from '../rules/ruleset';
import type { SourceRange } from '../source';
import { markEffect } from './arithmetic';

/** What a bit means to kube-proxy and kubelet, and how that is known. */
export interface MarkRole {
  readonly role: 'masquerade' | 'drop';
  readonly bits: number;
  /** The rule that shows it; undefined when only the default is known. */
  readonly evidence?: SourceRange;
}

/** --iptables-masquerade-bit and --iptables-drop-bit by default. */
const defaults: readonly MarkRole[] = [
  { role: 'masquerade', bits: 1 << 14 },
  { role: 'drop', bits: 1 << 15 },
];

/**
 * The bits that mean "masquerade" and "drop" here: those that KUBE-MARK-MASQ and KUBE-MARK-DROP of
 * the dump set, else the one that KUBE-POSTROUTING tests, else the defaults.
 */
export function markRoles(rulesets: readonly Ruleset[]): MarkRole[] {
  return defaults.map((fallback) => {
    const chain = fallback.role === 'masquerade' ? 'KUBE-MARK-MASQ' : 'KUBE-MARK-DROP';
    for (const { tables } of rulesets) {
      const nat = tables.get('nat')?.chains;
      const found =
        setIn(nat?.get(chain)) ??
        (fallback.role === 'masquerade' ? testedIn(nat?.get('KUBE-POSTROUTING')) : undefined);
      if (found) return { role: fallback.role, ...found };
    }
    return fallback;
  });
}

type Evidence = Pick<MarkRole, 'bits' | 'evidence'>;

/** `-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000`, `--or-mark 0x4000` in old releases. */
function setIn(chain: Chain | undefined): Evidence | undefined {
  for (let i = 0; chain && i < chain.length; i++) {
    const { target, range } = chain.rule(i);
    if (target?.kind !== 'MARK') continue;
    const { sets } = markEffect(target);
    if (sets !== 0) return { bits: sets, evidence: range };
  }
  return undefined;
}

/** `-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN`. */
function testedIn(chain: Chain | undefined): Evidence | undefined {
  for (let i = 0; chain && i < chain.length; i++) {
    const { matches, range } = chain.rule(i);
    for (const match of matches) {
      if (match.kind === 'mark' && match.mask !== 0) return { bits: match.mask, evidence: range };
    }
  }
  return undefined;
}

/** One sentence per role: `Bit 14 means "needs masquerade" to kube-proxy (KUBE-MARK-MASQ sets it).` */
export function describeMarkRole({ role, bits, evidence }: MarkRole): string {
  const bit = 31 - Math.clz32(bits);
  const usual = bit === (role === 'masquerade' ? 14 : 15);
  if (role === 'masquerade') {
    const setter = evidence
      ? l10n.t('KUBE-MARK-MASQ of this dump sets it')
      : l10n.t('the default; this dump sets none');
    const unusual = usual ? '' : l10n.t(', not the default bit 14');
    return l10n.t`Bit ${bit} means "needs masquerade" to kube-proxy: ${setter}${unusual}. KUBE-POSTROUTING clears it and rewrites the source.`;
  }
  const setter = evidence
    ? l10n.t('KUBE-MARK-DROP of this dump sets it')
    : l10n.t('the default; no rule of this dump sets it, and it is gone since KEP-3178');
  return l10n.t`Bit ${bit} means "drop" to kubelet's KUBE-FIREWALL: ${setter}.`;
}
