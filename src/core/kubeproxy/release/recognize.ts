import { liveRules, type LiveRules, type ReleaseDump } from './dump';
import { iptablesSigns } from './iptablesSigns';
import { ipvsSigns, nftSigns } from './otherSigns';
import type { Work } from '../../work';
import { oldest, type ReleaseRange, type ReleaseSign } from './sign';

/**
 * Which releases of kube-proxy wrote a node's rules, by what they hold and lack. undefined where no
 * rule of kube-proxy is at hand, or where they contradict each other (parts of two releases).
 */
export function* recognizeRelease(dump: ReleaseDump): Work<ReleaseRange | undefined> {
  const signs = yield* signsOf(dump);
  const since = Math.max(oldest, ...signs.map((sign) => sign.since ?? oldest));
  const until = Math.min(...signs.map((sign) => sign.until ?? Infinity));
  if (signs.length === 0 || since > until) return undefined;
  const deciding = signs.filter(
    (sign) => (sign.since === since && since > oldest) || sign.until === until,
  );
  return { since, until: until === Infinity ? undefined : until, signs: deciding };
}

function* signsOf({ four, six, nft, sets = [] }: ReleaseDump): Work<readonly ReleaseSign[]> {
  const ownTable = nft ? nftSigns(nft) : [];
  if (ownTable.length > 0) return ownTable;
  const live = four && (yield* liveRules(four));
  // A dump of one table, or of a node without rules, shows no kube-proxy.
  if (!live?.some('nat', 'PREROUTING', /-j KUBE-SERVICES$/)) return [];
  if (isIpvs(live)) return ipvsSigns(sets, live.has('filter') ? live : undefined);
  return yield* iptablesSigns(live, six && (yield* liveRules(six)));
}

/** In ipvs mode the rules of KUBE-SERVICES ask sets, and none leads to the chain of a Service port. */
function isIpvs(live: LiveRules): boolean {
  return live.some('nat', 'KUBE-SERVICES', /--match-set KUBE-CLUSTER-IP /);
}
