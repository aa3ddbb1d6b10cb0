import type { Certainty } from '../../certainty';
import { wholeIpvs } from '../../ipvs/wholeIpvs';
import type { NodeState } from '../../node';
import { workOnce } from '../../once';
import { finish, type Work } from '../../work';
import type { ProxyModeName } from '../proxyMode';
import type { ModeJudgement, ModeSign, SignWeight } from './sign';
import { modeSigns } from './signs';

/**
 * Which mode kube-proxy runs in: every sign at hand is weighed, and one that may be left over from
 * another mode decides nothing where a better one speaks. The one judge of this in the project.
 */
export function modeOf(node: NodeState): ModeJudgement {
  return finish(judgeMode(node));
}

/** The same in slices: the first look at 55,000 chains takes some 50 ms. */
export const judgeMode = workOnce(function* (node: NodeState): Work<ModeJudgement> {
  return judge(node, yield* modeSigns(node));
});

/** The modes whose rules are in force, each with the first rule that shows it. */
export function modesInForce(node: NodeState): readonly ModeSign[] {
  const found = new Map<ProxyModeName, ModeSign>();
  for (const sign of modeOf(node).signs) {
    if (sign.weight === 'in-force' && !found.has(sign.mode)) found.set(sign.mode, sign);
  }
  return [...found.values()];
}

/** What kube-proxy says of its mode, and the rules in force, which are all of others. */
export interface ModeContradiction {
  readonly said: ModeSign;
  readonly inForce: ModeSign;
  /** Whether the dumps at hand would show rules of the mode that is said. */
  readonly shown: boolean;
}

/**
 * A mode that kube-proxy, its configuration or its flags name and that none of the rules in force is
 * of, as in the middle of a roll-out; undefined where they agree, or one of them is not at hand.
 */
export function modeContradiction(node: NodeState): ModeContradiction | undefined {
  const said = modeOf(node).signs.find(
    ({ weight }) => weight === 'runs' || weight === 'configured',
  );
  const [inForce, ...others] = modesInForce(node);
  if (!said || !inForce || [inForce, ...others].some(({ mode }) => mode === said.mode)) {
    return undefined;
  }
  return { said, inForce, shown: wouldShow(node, said.mode) };
}

function judge(node: NodeState, signs: readonly ModeSign[]): ModeJudgement {
  const of = (weight: SignWeight) => modesOf(signs.filter((sign) => sign.weight === weight));
  const [runs] = of('runs');
  if (runs) return decided(runs, 'certain', signs);
  const inForce = of('in-force');
  const [configured] = of('configured');
  if (configured && (inForce.includes(configured) || !wouldShow(node, configured))) {
    const shown = inForce.includes(configured) && inForce.length === 1;
    return decided(configured, shown ? 'certain' : 'likely', signs);
  }
  const [only] = inForce;
  if (inForce.length > 1) return undecided(inForce, signs);
  if (only) return decided(only, contradicted(node, only) ? 'likely' : 'certain', signs);
  // KUBE-SERVICES that leads nowhere: the chains of Services are dead, whatever their number.
  const dead = hasServicesChain(node);
  const traces = of('trace').filter((mode) => mode !== 'iptables' || !dead);
  if (traces.length > 1) return undecided(traces, signs);
  const first = traces[0] ?? configured;
  return first ? decided(first, 'likely', signs) : undecided([], signs);
}

function modesOf(signs: readonly ModeSign[]): readonly ProxyModeName[] {
  return [...new Set(signs.map(({ mode }) => mode))];
}

/** Whether rules of a mode would be seen in the dumps at hand if they were in force. */
function wouldShow(node: NodeState, mode: ProxyModeName): boolean {
  return mode === 'nftables' ? node.nftables !== undefined : hasServicesChain(node);
}

/** Whether the rules of nat KUBE-SERVICES are at hand, or are known to be none. */
function hasServicesChain({ rulesets }: NodeState): boolean {
  return rulesets.some(({ tables }) => {
    const nat = tables.get('nat');
    const chain = nat?.chains.get('KUBE-SERVICES');
    return chain !== undefined && (chain.length > 0 || (nat!.complete && !!chain.declared));
  });
}

/** Rules that ask kube-proxy's sets, and a dump of IPVS without a virtual server. */
function contradicted(node: NodeState, mode: ProxyModeName): boolean {
  return mode === 'ipvs' && wholeIpvs(node)?.virtualServers.length === 0;
}

const weights: readonly SignWeight[] = ['runs', 'in-force', 'configured', 'trace'];

function decided(
  mode: ProxyModeName,
  certainty: Certainty,
  signs: readonly ModeSign[],
): ModeJudgement {
  const rank = (sign: ModeSign) => (sign.mode === mode ? 0 : 4) + weights.indexOf(sign.weight);
  const sorted = [...signs].sort((left, right) => rank(left) - rank(right));
  return { mode, certainty, signs: sorted, candidates: [mode] };
}

function undecided(
  candidates: readonly ProxyModeName[],
  signs: readonly ModeSign[],
): ModeJudgement {
  return { mode: undefined, certainty: 'unknown', signs, candidates };
}
