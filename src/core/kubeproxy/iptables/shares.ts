import { hiddenInterfaces } from '../../rules/match';
import type { Chain, Rule, Table } from '../../rules/ruleset';
import { finish, itemsAtOnce, type Work } from '../../work';
import { splitChainName } from '../names';

/** What of a chain's traffic one rule gets. */
export interface RuleShare {
  /** From 0, as Chain.rule counts. */
  readonly index: number;
  /**
   * 0 to 1: of the packets that enter the chain and that no condition of an earlier rule sent
   * elsewhere. undefined where the packet or the node's state decides (an address, `recent`).
   */
  readonly share: number | undefined;
  /** False when the packet goes on with the next rule, as after `-j KUBE-MARK-MASQ`. */
  readonly ends: boolean;
}

/**
 * The share of each rule. kube-proxy writes 1/3, 0.5 and no probability for three endpoints: each
 * rule only gets what the ones before it left, so each gets a third (xt_statistic.c).
 */
export function* readShares(table: Table, chain: Chain): Work<RuleShare[]> {
  const shares: RuleShare[] = [];
  const ofService = splitChainName(chain.name) !== undefined;
  let left = 1;
  for (let index = 0; index < chain.length; index++) {
    if (index % itemsAtOnce === itemsAtOnce - 1) yield;
    const rule = chain.rule(index);
    const chance = chanceOf(rule, ofService);
    const ends = endsPacket(table, rule);
    const share = chance === undefined ? undefined : left * chance;
    shares.push({ index, share, ends });
    if (share !== undefined && ends) left = Math.max(0, left - share);
  }
  return shares;
}

/** As readShares, at once. */
export function ruleShares(table: Table, chain: Chain): RuleShare[] {
  return finish(readShares(table, chain));
}

/** The chance that a packet matches, as far as it does not depend on the packet or on state. */
function chanceOf({ matches, findings }: Rule, ofService = false): number | undefined {
  if (findings.some(({ severity }) => severity === 'error')) return undefined;
  let chance = 1;
  for (const match of matches) {
    switch (match.kind) {
      case 'comment':
      case 'nfacct':
        break;
      case 'protocol':
        // Whoever reaches a Service's chain has its protocol.
        if (match.negated) return undefined;
        break;
      case 'tcp':
      case 'udp':
      case 'sctp':
        if (match.dport || match.sport || match.flags || match.unmodelled) return undefined;
        break;
      case 'recent':
        // `--set` always matches (xt_recent.c).
        if (match.action !== 'set' || match.negated) return undefined;
        break;
      case 'statistic': {
        const { mode } = match;
        const matched = 'random' in mode ? mode.random : 1 / mode.every;
        chance *= match.negated ? 1 - matched : matched;
        break;
      }
      case 'unmodelled':
        // In a Service's chain only rules to KUBE-MARK-MASQ ask for a device (`! -i veth+`).
        if (ofService && match.name === hiddenInterfaces) break;
        return undefined;
      default:
        return undefined;
    }
  }
  return chance;
}

/** Whether a packet that matches leaves the chain for good. */
function endsPacket(table: Table, { target }: Rule, depth = 0): boolean {
  switch (target?.kind) {
    case 'ACCEPT':
    case 'DROP':
    case 'RETURN':
    case 'QUEUE':
    case 'REJECT':
    case 'DNAT':
    case 'SNAT':
    case 'MASQUERADE':
    case 'REDIRECT':
    case 'NETMAP':
    case 'NFQUEUE':
    case 'TPROXY':
    case 'goto':
      return true;
    case 'jump': {
      // No need to decode an endpoint's rules to know that they end in DNAT.
      if (splitChainName(target.chain)) return true;
      const chain = table.chains.get(target.chain);
      const last = chain && chain.length > 0 ? chain.rule(chain.length - 1) : undefined;
      if (!last || depth > 8 || last.target?.kind === 'RETURN') return false;
      return chanceOf(last) === 1 && endsPacket(table, last, depth + 1);
    }
    default:
      return false;
  }
}
