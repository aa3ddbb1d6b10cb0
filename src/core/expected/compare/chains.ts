import type { ExpectedChain, ExpectedRule, ExpectedRuleset } from '../rules';
import type { Work } from '../../work';
import type { ActualRule, ActualTables } from './actual';

/** Where the rules of a dump are not what kube-proxy should have written. */
export interface RuleDifference {
  readonly table: string;
  readonly chain: string;
  /** `order`: the rules are all there, and stand wrong: `expected` should stand where `actual` does. */
  readonly kind: 'missing' | 'stale' | 'order' | 'missing-chain';
  readonly expected?: ExpectedRule;
  readonly actual?: ActualRule;
  /** The chain that should be there, for those that are missing as a whole. */
  readonly wanted?: ExpectedChain;
}

export interface ChainComparison {
  readonly differences: readonly RuleDifference[];
  /** Chains named as kube-proxy's that nothing leads to: left over, or not deleted yet. */
  readonly leftovers: readonly { readonly table: string; readonly chain: string }[];
  /** Tables that the dump does not hold: nothing is said of them. */
  readonly absent: readonly string[];
}

/** Compares chain by chain; gives way every some chains. */
export function* compareChains(
  expected: ExpectedRuleset,
  actual: ActualTables,
): Work<ChainComparison> {
  const differences: RuleDifference[] = [];
  const leftovers: { table: string; chain: string }[] = [];
  const absent: string[] = [];
  for (const { name: table, chains } of expected.tables.values()) {
    const found = actual.get(table);
    if (!found) {
      absent.push(table);
      continue;
    }
    let count = 0;
    for (const chain of chains.values()) {
      if (++count % 1024 === 0) yield;
      const rules = found.get(chain.name);
      if (!rules)
        differences.push({ table, chain: chain.name, kind: 'missing-chain', wanted: chain });
      else for (const difference of compareChain(table, chain, rules)) differences.push(difference);
    }
    for (const chain of found.keys()) {
      if (!chains.has(chain) && ownChain.test(chain)) leftovers.push({ table, chain });
    }
  }
  return { differences, leftovers, absent };
}

/** Chains that kube-proxy alone writes; in others its rules stand among those of the kubelet. */
const ownChain =
  /^KUBE-(?:SERVICES|EXTERNAL-SERVICES|NODEPORTS|NODE-PORT|POSTROUTING|MARK-MASQ|FORWARD|PROXY-FIREWALL|PROXY-CANARY|LOAD-BALANCER|SOURCE-RANGES-FIREWALL|FIRE-WALL|IPVS-FILTER|IPVS-OUT-FILTER|(?:SVC|SVL|EXT|FW|XLB|SEP)-[A-Z2-7]{16})$/;

/** Chains to which each Service port adds its rules, in an order that differs from run to run. */
const sharedChain =
  /^KUBE-(?:SERVICES|EXTERNAL-SERVICES|NODEPORTS|PROXY-FIREWALL|IPVS-OUT-FILTER)$/;

function compareChain(
  table: string,
  chain: ExpectedChain,
  rules: readonly ActualRule[],
): readonly RuleDifference[] {
  const wanted = chain.rules;
  if (rules.length === wanted.length && rules.every(({ text }, i) => text === wanted[i]!.text)) {
    return [];
  }
  const place = { table, chain: chain.name };
  const left = new Map<string, ActualRule[]>();
  for (const rule of rules) {
    const list = left.get(rule.text);
    if (list) list.push(rule);
    else left.set(rule.text, [rule]);
  }
  const differences: RuleDifference[] = [];
  const matched: { readonly expected: ExpectedRule; readonly actual: ActualRule }[] = [];
  for (const expected of wanted) {
    const actual = left.get(expected.text)?.shift();
    if (actual) matched.push({ expected, actual });
    else differences.push({ ...place, kind: 'missing', expected });
  }
  const shared = chain.builtIn === true || !ownChain.test(chain.name);
  for (const rest of left.values()) {
    for (const actual of rest) {
      if (!shared || leadsToOwn(actual)) differences.push({ ...place, kind: 'stale', actual });
    }
  }
  if (!shared) {
    for (const { expected, actual } of misplaced(chain.name, matched)) {
      differences.push({ ...place, kind: 'order', expected, actual });
    }
  }
  return differences;
}

/** A jump from a chain of the kernel's into one of kube-proxy's. */
function leadsToOwn({ text }: ActualRule): boolean {
  const target = / ?-[jg] (\S+)/.exec(text)?.[1];
  return target !== undefined && ownChain.test(target) && target !== 'KUBE-MARK-MASQ';
}

interface Match {
  readonly expected: ExpectedRule;
  readonly actual: ActualRule;
}

/** Rules out of order: in shared chains among those of one Service port, and before the last ones. */
function misplaced(chain: string, matched: readonly Match[]): readonly Match[] {
  const isShared = sharedChain.test(chain);
  const last = new Map<unknown, number>();
  let lowestTail = Infinity;
  if (isShared) {
    for (const { expected, actual } of matched) {
      if (expected.role === 'node-ports') lowestTail = Math.min(lowestTail, actual.line);
    }
  }
  return matched.filter(({ expected, actual }) => {
    if (isShared && expected.role === 'node-ports') return false;
    if (isShared && actual.line > lowestTail) return true;
    const key = isShared ? (expected.servicePort ?? 'node') : chain;
    const before = last.get(key) ?? -1;
    last.set(key, Math.max(before, actual.line));
    return actual.line < before;
  });
}
