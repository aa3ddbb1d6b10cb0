import { configuredTables } from './nftables/configured';
import { formatAddress, parseNetwork, prefixLength, sameAddress } from '../address';
import type { Family } from '../address';
import type { NodeState } from '../node';
import { jumpsTo, lastRules, matchOf, natChains } from '../rules/lookUp';
import type { ProxyModeName } from './proxyMode';
import type { NodePortAddressesSeen } from './seen';

const loopback = parseNetwork('127.0.0.0/8')!;

/**
 * The addresses on which node ports answer: in iptables mode those of the jumps to KUBE-NODEPORTS,
 * `--dst-type LOCAL` for all, `-d IP` for each one of nodePortAddresses. undefined where no such jump
 * is at hand.
 */
export function nodePortsSeen(
  node: NodeState,
  mode: ProxyModeName,
  family: Family,
): NodePortAddressesSeen | undefined {
  if (mode === 'nftables')
    return configuredTables(node)?.find((each) => each.family === family)?.nodePorts;
  for (const chain of natChains(node, family, 'KUBE-SERVICES')) {
    // They are the last rules of the chain: the first of other kind ends them.
    const addresses: string[] = [];
    let range: NodePortAddressesSeen['range'] | undefined;
    for (const rule of lastRules(chain, chain.length)) {
      if (jumpsTo(rule) !== 'KUBE-NODEPORTS') break;
      range = rule.range;
      const destination = matchOf(rule, 'destination');
      if (matchOf(rule, 'addrtype')) {
        const butLoopback =
          destination?.negated === true &&
          (family === 6 || sameAddress(destination.network.address, loopback.address));
        return { addresses: 'all', butLoopback, range };
      }
      if (destination && !destination.negated && prefixLength(destination.network) !== undefined) {
        addresses.push(formatAddress(destination.network.address));
      }
    }
    if (range) return { addresses: addresses.reverse(), butLoopback: false, range };
  }
  return undefined;
}
