import { append } from '../../append';
import type { ExpectedChain, ExpectedRule, ExpectedRuleset, ExpectedSet, RuleRole } from '../rules';
import type { Work } from '../../work';
import type { ActualRule, ActualTables } from '../../rules/ruleTexts';

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

/**
 * A chain named as kube-proxy's that none of its rules leads to, or a jump into one of them from a
 * chain of the kernel's: of another mode or release, or not deleted yet.
 */
export interface Leftover {
  readonly table: string;
  readonly chain: string;
  /** Of a jump. */
  readonly rule?: ActualRule;
}

export interface ChainComparison {
  readonly differences: readonly RuleDifference[];
  readonly leftovers: readonly Leftover[];
  /** Tables that the dump does not hold: nothing is said of them. */
  readonly absent: readonly string[];
}

/** So many rules are compared before others may go: some 10 ms. */
const mostAtOnce = 2048;

/** Compares chain by chain; gives way every some chains. */
export function* compareChains(
  expected: ExpectedRuleset,
  actual: ActualTables,
): Work<ChainComparison> {
  const differences: RuleDifference[] = [];
  const leftovers: Leftover[] = [];
  const absent: string[] = [];
  const silent = new Set(expected.unknown.map(({ role }) => role));
  for (const { name: table, chains, sets } of expected.tables.values()) {
    const found = actual.get(table);
    if (!found) {
      absent.push(table);
      continue;
    }
    let count = 0;
    for (const block of blocksOf(table, chains.values(), sets.values())) {
      count += 1 + block.chain.rules.length;
      if (count >= mostAtOnce) {
        yield;
        count = 0;
      }
      const rules = found.get(block.chain.name);
      if (rules) {
        for (const difference of compareChain(table, block, rules, silent, leftovers)) {
          differences.push(difference);
        }
      } else {
        const { chain } = block;
        differences.push({ table, chain: chain.name, kind: 'missing-chain', wanted: chain });
      }
    }
    for (const chain of found.keys()) {
      if (++count % mostAtOnce === 0) yield;
      if (chain.startsWith('@') ? sets.has(chain.slice(1)) : chains.has(chain)) continue;
      if (table === 'kube-proxy' || ownChain.test(chain)) leftovers.push({ table, chain });
      // kube-proxy deletes virtual servers of others; the caller leaves out what it spares.
      if (table === 'ipvs') {
        for (const rule of found.get(chain)!) {
          differences.push({ table, chain, kind: 'stale', actual: rule });
        }
      }
    }
  }
  return { differences, leftovers, absent };
}

/** What is compared at once: a chain, or a set with its head and elements. */
interface Block {
  readonly chain: ExpectedChain;
  /** `none`: a set. `ports`: only among the rules of one Service port. */
  readonly order: 'all' | 'ports' | 'none';
  /** Other software writes here too. */
  readonly shared: boolean;
}

function* blocksOf(
  table: string,
  chains: Iterable<ExpectedChain>,
  sets: Iterable<ExpectedSet>,
): Generator<Block> {
  for (const chain of chains) {
    if (table === 'ipvs' || table === 'kube-ipvs0') {
      yield { chain, order: 'none', shared: false };
      continue;
    }
    if (table === 'kube-proxy') {
      yield { chain: withHead(chain), order: 'all', shared: false };
      continue;
    }
    const shared = chain.builtIn === true || !ownChain.test(chain.name);
    const order = shared ? 'none' : sharedChain.test(chain.name) ? 'ports' : 'all';
    yield { chain, order, shared };
  }
  for (const { name, header, elements } of sets) {
    const head = header.map((text): ExpectedRule => ({ text, role: 'node' }));
    const chain = { name: `@${name}`, rules: [...head, ...elements] };
    yield { chain, order: 'none', shared: false };
  }
}

/** nft lists a chain's hook and comment before its rules. */
function withHead(chain: ExpectedChain): ExpectedChain {
  const head: ExpectedRule[] = [];
  if (chain.hook !== undefined) head.push({ text: chain.hook, role: 'hook' });
  if (chain.comment !== undefined) {
    head.push({ text: `comment "${chain.comment}"`, role: 'node' });
  }
  return head.length === 0 ? chain : { ...chain, rules: [...head, ...chain.rules] };
}

/** Chains that kube-proxy alone writes; in others its rules stand among those of the kubelet. */
const ownChain =
  /^KUBE-(?:SERVICES|EXTERNAL-SERVICES|NODEPORTS|NODE-PORT|POSTROUTING|MARK-MASQ|FORWARD|PROXY-FIREWALL|PROXY-CANARY|LOAD-BALANCER|SOURCE-RANGES-FIREWALL|FIRE-WALL|IPVS-FILTER|IPVS-OUT-FILTER|(?:SVC|SVL|EXT|FW|XLB|SEP)-[A-Z2-7]{16})$/;

/** Chains to which each Service port adds its rules, in an order that differs from run to run. */
const sharedChain =
  /^KUBE-(?:SERVICES|EXTERNAL-SERVICES|NODEPORTS|PROXY-FIREWALL|IPVS-OUT-FILTER)$/;

function compareChain(
  table: string,
  { chain, order, shared }: Block,
  rules: readonly ActualRule[],
  silent: ReadonlySet<RuleRole>,
  leftovers: Leftover[],
): readonly RuleDifference[] {
  const wanted = chain.rules;
  if (rules.length === wanted.length && rules.every(({ text }, i) => text === wanted[i]!.text)) {
    return [];
  }
  const place = { table, chain: chain.name };
  const left = new Map<string, ActualRule[]>();
  for (const rule of rules) append(left, rule.text, rule);
  const differences: RuleDifference[] = [];
  const matched: { readonly expected: ExpectedRule; readonly actual: ActualRule }[] = [];
  for (const expected of wanted) {
    const actual = [expected.text, ...(expected.also ?? [])]
      .map((text) => left.get(text)?.shift())
      .find((rule) => rule !== undefined);
    if (actual) matched.push({ expected, actual });
    else if (!silent.has(expected.role)) differences.push({ ...place, kind: 'missing', expected });
  }
  for (const rest of left.values()) {
    for (const actual of rest) {
      if (silent.size > 0 && isOf(silent, actual)) continue;
      if (!shared) differences.push({ ...place, kind: 'stale', actual });
      else if (leadsToOwn(actual)) leftovers.push({ ...place, rule: actual });
    }
  }
  if (order !== 'none') {
    for (const { expected, actual } of misplaced(order === 'ports', matched)) {
      differences.push({ ...place, kind: 'order', expected, actual });
    }
  }
  return differences;
}

/** Rules of roles that can't be judged, known by what they look like. */
function isOf(silent: ReadonlySet<RuleRole>, { text }: ActualRule): boolean {
  const isNodePorts = /-j KUBE-NODEPORTS$|@(?:no-endpoint|service)-nodeports$/.test(text);
  if (isNodePorts) return silent.has('node-ports');
  return / drop comment "Drop traffic to unallocated/.test(text) && silent.has('service-ranges');
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
function misplaced(isShared: boolean, matched: readonly Match[]): readonly Match[] {
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
    const key = isShared ? (expected.servicePort ?? 'node') : '';
    const before = last.get(key) ?? -1;
    last.set(key, Math.max(before, actual.line));
    return actual.line < before;
  });
}
