import { l10n } from '../l10n';
import type { Chain, Rule } from '../rules/ruleset';
import type { SourceRange } from '../source';
import type { Open } from './answer';
import { ending, fork, rulesFor } from './environment';
import type { Environment, Outcome } from './environment';
import { gapsOf, withGiven } from './hook/given';
import type { BaseChain } from './hook/hookItem';
import { pushEnd } from './record';
import type { ChainFrame, State, Walk } from './state';
import { visit } from './visit';
import type { Deciding } from './visit';
import { capital } from '../sentence';

/** Rules that are looked at between two pauses: one that is decoded first takes 40 us, on a busy machine 200. */
const rulesAtOnce = 100;

/** Begins the walk of a base chain. */
export function enterBase(environment: Environment, state: State, base: BaseChain): void {
  const rules = rulesFor(environment, base.chain, state.header.destination);
  const frame = { chain: base.chain, rules, caller: undefined, returnTo: 0, depth: 0 };
  state.walk = { base, frame, position: 0, resume: undefined, accepted: false, gotos: 0 };
  state.given = withGiven(state.given, gapsOf(base.table));
}

/**
 * ipt_do_table (net/ipv4/netfilter/ip_tables.c) with a stack of its own: walks on until the table
 * accepts (then `state.walk` is undefined), a verdict is reached or something open decides.
 */
export function walkOn(environment: Environment, state: State): Outcome {
  const { spent, limits } = environment;
  for (let walk = state.walk; walk; walk = state.walk) {
    if (walk.accepted) {
      state.walk = undefined;
      return undefined;
    }
    if (++spent.sincePause > rulesAtOnce) {
      spent.sincePause = 0;
      return { pause: [] };
    }
    const unread = walk.position === 0 ? walk.frame.chain.prepare?.() : undefined;
    if (unread) return { pause: unread };
    const rule = nextRule(walk);
    if (!rule) {
      const outcome = endOfChain(environment, state, walk);
      if (outcome) return outcome;
      continue;
    }
    if (++spent.rules > limits.rules || spent.steps > limits.steps) {
      const reason = l10n.t`gave up after ${spent.rules} rules and ${spent.steps} steps`;
      find(environment, 'trace-too-long', l10n.t`The trace ${reason}.`, rule.range);
      return ending('UNKNOWN', reason, { range: rule.range });
    }
    const visited = visit(environment, state, walk, rule);
    if (!visited) continue;
    const outcome = visited.effect
      ? follow(environment, state, walk, rule, visited.effect)
      : visited.outcome;
    if (outcome) return outcome;
  }
  return undefined;
}

function nextRule(walk: Walk): Rule | undefined {
  if (walk.resume) return walk.resume.rule;
  const index = walk.frame.rules.at(walk.position);
  if (index === undefined) return undefined;
  walk.position++;
  return walk.frame.chain.rule(index);
}

function follow(
  environment: Environment,
  state: State,
  walk: Walk,
  rule: Rule,
  effect: Deciding,
): Outcome {
  switch (effect.kind) {
    case 'accept':
      if (walk.base.type === 'nat' && effect.text !== 'ACCEPT') state.mappedBy = rule.range;
      state.walk = undefined;
      return undefined;
    case 'return':
      return pop(walk) ? undefined : policy(environment, state, walk);
    case 'chain':
      return enter(environment, state, walk, rule, effect);
    case 'end':
      return { ending: { ...effect.ending, range: rule.range } };
  }
}

function enter(
  environment: Environment,
  state: State,
  walk: Walk,
  rule: Rule,
  { chain: name, goto }: Extract<Deciding, { kind: 'chain' }>,
): Outcome {
  const { frame } = walk;
  const chain = walk.base.table.chains.get(name);
  if (!chain) {
    const reason = l10n.t`the dump has no chain ${name}`;
    find(
      environment,
      'chain-not-found',
      l10n.t`${capital(reason)} in ${frame.chain.table}.`,
      rule.range,
    );
    return ending('UNKNOWN', reason, { range: rule.range });
  }
  const { size } = walk.base.table.chains;
  if (goto ? ++walk.gotos > size : isActive(frame, chain) || frame.depth > size) {
    const reason = l10n.t`${name} calls itself: the kernel would not load such rules`;
    find(environment, 'chain-loop', `${capital(reason)}.`, rule.range);
    return ending('UNKNOWN', reason, { range: rule.range });
  }
  const rules = rulesFor(environment, chain, state.header.destination);
  if (!goto) walk.gotos = 0;
  // After a goto the end of the chain goes back to where the caller of this chain goes on.
  const [caller, returnTo] = goto ? [frame.caller, frame.returnTo] : [frame, walk.position];
  walk.frame = { chain, rules, caller, returnTo, depth: (caller?.depth ?? 0) + 1 };
  walk.position = 0;
  return undefined;
}

/** Looked up among the nearest callers: a longer circle is deeper than there are chains in the end. */
function isActive(frame: ChainFrame, chain: Chain): boolean {
  let at: ChainFrame | undefined = frame;
  for (let near = 0; at && near < 200; near++, at = at.caller) if (at.chain === chain) return true;
  return false;
}

function pop(walk: Walk): boolean {
  const { caller, returnTo } = walk.frame;
  if (!caller) return false;
  walk.frame = caller;
  walk.position = returnTo;
  return true;
}

function endOfChain(environment: Environment, state: State, walk: Walk): Outcome {
  const { chain, caller } = walk.frame;
  if (chain !== walk.base.chain) {
    const effect = caller
      ? l10n.t`back to ${caller.chain.name}`
      : l10n.t`to the policy of ${walk.base.chain.name}`;
    pushEnd(environment, state, 'return', chain, effect);
  }
  return pop(walk) ? undefined : policy(environment, state, walk);
}

function policy(environment: Environment, state: State, { base }: Walk): Outcome {
  const { chain } = base;
  pushEnd(
    environment,
    state,
    'policy',
    chain,
    l10n.t`policy ${base.policy ?? l10n.t`not in the dump`}`,
  );
  const range = chain.declared;
  switch (base.policy) {
    case 'ACCEPT':
      state.walk = undefined;
      return undefined;
    case 'DROP':
      return ending('DROP', l10n.t`the policy of ${chain.table} ${chain.name}`, { range });
    case 'QUEUE':
      return ending('STOLEN', l10n.t`QUEUE: a program in user space decides`, { range });
    default:
      return fork(policyQuestion(chain), (branch, accepts) => {
        branch.walk!.accepted = true;
        const reason = l10n.t`the policy of ${chain.table} ${chain.name}, if it is DROP`;
        if (!accepts) branch.ending = { kind: 'DROP', reason, range };
      });
  }
}

function policyQuestion({ table, name }: Chain): Open {
  const unknown = l10n.t`the policy of ${table} ${name} is not in the dump`;
  const what = l10n.t`the policy of ${table} ${name}`;
  return { condition: l10n.t`${what} is ACCEPT`, otherwise: l10n.t`${what} is DROP`, unknown };
}

function find(environment: Environment, code: string, message: string, range: SourceRange): void {
  environment.find({ severity: 'warning', code, message, range });
}
