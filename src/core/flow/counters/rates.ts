import { l10n } from '../../l10n';
import type { Counters } from '../../rules/counters';

/** What the rules of some chains had counted when a dump was taken. */
export interface CounterSnapshot {
  /** ISO 8601 by the node's own clock, from the dump's header; undefined where it has none. */
  readonly captured: string | undefined;
  /**
   * By table and chain (`nat KUBE-SERVICES`, of nft `ip nat web`), then by the rule's text; `several` where a chain has
   * the same rule more than once. Rules without counters are left out.
   */
  readonly chains: ReadonlyMap<string, ReadonlyMap<string, Counters | 'several'>>;
}

/** How fast a rule counted between two captures; without a number, why there is none. */
export type RuleRate =
  { readonly packets: number; readonly perSecond: number } | { readonly reason: string };

export interface Rates {
  /** Seconds between the captures. */
  readonly seconds: number;
  /** When the earlier one was taken, by the node's clock: ISO 8601. */
  readonly since: string;
  /** @param chain `nat KUBE-SERVICES`. */
  of(chain: string, rule: string): RuleRate;
}

/** What two captures of one node tell of the time between; else why they can't be compared. */
export function ratesBetween(
  earlier: CounterSnapshot,
  later: CounterSnapshot,
): Rates | { readonly reason: string } {
  if (earlier.captured === undefined || later.captured === undefined) {
    return { reason: l10n.t`the time of one of the two captures is not known` };
  }
  // Both by the same clock: only their difference counts, so any zone does.
  const seconds = (Date.parse(`${later.captured}Z`) - Date.parse(`${earlier.captured}Z`)) / 1000;
  if (seconds < 0)
    return { reason: l10n.t`by the header of the dump, the earlier capture is the later one` };
  if (!(seconds > 0)) return { reason: l10n.t`the two captures were taken in the same second` };
  if (earlier.chains.size === 0) return { reason: l10n.t`the earlier capture holds no counters` };
  const reset = resetGroups(earlier, later);
  return {
    seconds,
    since: earlier.captured,
    of(chain, rule) {
      const now = later.chains.get(chain)?.get(rule);
      const before = earlier.chains.get(chain)?.get(rule);
      if (now === 'several' || before === 'several') {
        return { reason: l10n.t`the chain has this rule more than once` };
      }
      if (now === undefined) return { reason: l10n.t`the dump has no counters of this rule` };
      if (reset.has(groupOf(chain))) {
        return { reason: l10n.t`the counters were reset between the captures` };
      }
      if (before === undefined)
        return { reason: l10n.t`the earlier capture does not have this rule` };
      const packets = now.packets - before.packets;
      return { packets, perSecond: packets / seconds };
    },
  };
}

/**
 * The groups of chains in which a counter went down. kube-proxy writes many of its chains in one go
 * (iptables-restore --noflush empties those that it declares), so that one of them that was reset
 * leaves the others of its table in doubt; a counter that has grown past its old value since
 * would look like a small rate.
 */
function resetGroups(earlier: CounterSnapshot, later: CounterSnapshot): ReadonlySet<string> {
  const groups = new Set<string>();
  for (const [chain, rules] of later.chains) {
    const old = earlier.chains.get(chain);
    for (const [text, now] of rules) {
      const before = old?.get(text);
      if (before === undefined || before === 'several' || now === 'several') continue;
      if (now.packets < before.packets || now.bytes < before.bytes) groups.add(groupOf(chain));
    }
  }
  return groups;
}

function groupOf(chain: string): string {
  const name = chain.lastIndexOf(' ') + 1;
  return chain.startsWith('KUBE-', name) ? chain.slice(0, name) : chain;
}
