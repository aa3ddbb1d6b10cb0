import { l10n } from '../l10n';
import type { Rule } from '../rules/ruleset';
import { isAction } from '../rules/statementKind';
import type { ActionOption, Effect } from './action/effect';
import { carryOut, isPassing } from './action/index';
import { settle } from './answer';
import type { Open } from './answer';
import { fork } from './environment';
import type { Environment, Option, Outcome } from './environment';
import { evaluate } from './evaluate';
import type { MatchesAnswer, OpenMatches } from './evaluate';
import type { Choice } from './expression/choice';
import type { StatementContext } from './match/context';
import { pushRule } from './record';
import { unready } from './sets/ready';
import type { Chosen, Resume, State, Walk } from './state';

/** What the walk must do after a rule; undefined: go on with the next one. */
export type Visited =
  | undefined
  | { readonly outcome: Outcome; readonly effect?: undefined }
  | { readonly effect: Deciding; readonly outcome?: undefined };

/** An effect that ends the rule and leads elsewhere. */
export type Deciding = Extract<Effect, { kind: 'accept' | 'return' | 'chain' | 'end' }>;

const nothingChosen: Chosen = new Map();

/** So many values that are tried take as long as a rule that is looked at. */
const triedInPlaceOfRule = 512;

/**
 * Carries the statements of a rule out from left to right, until one fails or decides (nft_do_chain,
 * net/netfilter/nf_tables_core.c; of iptables first all matches, then the target), or until it is open
 * how to go on.
 */
export function visit(environment: Environment, state: State, walk: Walk, rule: Rule): Visited {
  const { resume, base, frame } = walk;
  const pause = unready(rule, base.table, environment.node);
  if (pause) {
    walk.resume ??= beginning(rule, state);
    return { outcome: { pause } };
  }
  walk.resume = undefined;
  const context: StatementContext = {
    node: environment.node,
    connections: environment.connections,
    state,
    run: state.run!,
    table: base.table,
    rule,
    chain: frame.chain,
    scope: base.scope,
    chosen: resume ? resume.chosen : nothingChosen,
    tried: (values) => void (environment.spent.sincePause += values / triedInPlaceOfRule),
    at: 0,
  };
  const answer = evaluate(context, resume ? resume.at : 0);
  if (answer === false && !resume) return undefined;
  return carryOn(environment, context, resume ?? beginning(rule, state), answer);
}

function beginning(rule: Rule, { mark, header }: State): Resume {
  return { rule, at: 0, done: [], chosen: nothingChosen, mark, header };
}

function carryOn(
  environment: Environment,
  context: StatementContext,
  begun: Resume,
  first: MatchesAnswer,
): Visited {
  const { state, rule } = context;
  const { statements } = rule;
  const done = [...begun.done];
  for (let answer = first; ; answer = evaluate(context, context.at + 1)) {
    if (answer === false) return failed(environment, state, rule, begun, done);
    if (answer.question) {
      if (changesNothing(rule, answer)) {
        const texts = statements.slice(answer.next).flatMap((one) => passingText(one, context));
        pushRule(environment, state, rule, begun, [...done, ...texts], { maybe: answer.question });
        return undefined;
      }
      const { question, next } = answer;
      return { outcome: forkMatches(question, { ...begun, at: next, done }, environment, rule) };
    }
    const at = answer.next;
    const action = statements[at];
    if (!action || !isAction(action)) {
      if (targetIsLost(rule)) {
        return { outcome: forkAction(environment, lostTarget, context, { ...begun, at, done }) };
      }
      pushRule(environment, state, rule, begun, done);
      return undefined;
    }
    context.at = at;
    const effect = carryOut(action, context);
    switch (effect.kind) {
      case 'continue':
        if (effect.text !== '') done.push(effect.text);
        continue;
      case 'fail':
        return failed(environment, state, rule, begun, done);
      case 'choice':
        return { outcome: forkChoice(effect, { ...begun, at, done }) };
      case 'fork':
        return {
          outcome: forkAction(environment, effect, context, { ...begun, at: at + 1, done }),
        };
      default:
        pushRule(environment, state, rule, begun, [...done, effect.text]);
        return { effect };
    }
  }
}

/** What stands before a failing match has happened. */
function failed(
  environment: Environment,
  state: State,
  rule: Rule,
  begun: Resume,
  done: readonly string[],
): undefined {
  if (done.length > 0) pushRule(environment, state, rule, begun, done, { failed: true });
  return undefined;
}

/** Whether only statements follow that leave the packet and its way as they are. */
function changesNothing(rule: Rule, { question, next }: OpenMatches): boolean {
  const { statements } = rule;
  if (question.apply || targetIsLost(rule)) return false;
  for (let i = next; i < statements.length; i++) {
    const statement = statements[i]!;
    if (!isAction(statement) || !isPassing(statement)) return false;
  }
  return true;
}

/** Whether the target may stand in what could not be read of the line. */
function targetIsLost({ findings, statements }: Rule): boolean {
  return findings.some(({ severity }) => severity === 'error') && !statements.some(isAction);
}

const targetNotRead = l10n.t`what the rule does could not be read`;
const lostTarget: Extract<Effect, { kind: 'fork' }> = {
  kind: 'fork',
  text: targetNotRead,
  options: [
    { condition: l10n.t`it lets the packet go on`, unknown: targetNotRead, go: 'continue' },
    {
      condition: l10n.t`it decides over the packet`,
      unknown: targetNotRead,
      go: { kind: 'UNKNOWN', reason: targetNotRead },
    },
  ],
};

function passingText(statement: Rule['statements'][number], context: StatementContext): string[] {
  if (!isAction(statement) || !isPassing(statement)) return [];
  const effect = carryOut(statement, context);
  return effect.kind === 'continue' && effect.text !== '' ? [effect.text] : [];
}

function forkMatches(
  question: Open,
  resume: Resume,
  environment: Environment,
  rule: Rule,
): Outcome {
  return fork(question, (branch, holds) => {
    settle(branch, question, holds);
    if (holds) branch.walk!.resume = resume;
    else failed(environment, branch, rule, resume, resume.done);
  });
}

/** Each branch carries the same statement out again, with its element. */
function forkChoice({ of, options }: Choice, resume: Resume): Outcome {
  return {
    options: options.map(({ condition, probability, unknown, element, settle: know }): Option => ({
      condition,
      ...(probability === undefined ? {} : { probability }),
      ...(unknown === undefined ? {} : { unknown }),
      enter: (branch) => {
        know?.(branch);
        branch.walk!.resume = { ...resume, chosen: new Map(resume.chosen).set(of, element) };
      },
    })),
  };
}

/** The branches of an action; one that ends the packet's way says so when it is next advanced. */
function forkAction(
  environment: Environment,
  { text, options }: Extract<Effect, { kind: 'fork' }>,
  { state, rule }: StatementContext,
  resume: Resume,
): Outcome {
  const done = [...resume.done, text];
  const last = resume.at >= rule.statements.length;
  if (last) pushRule(environment, state, rule, resume, done);
  const left = (branch: State, go: Exclude<ActionOption['go'], 'continue'>): void => {
    if (go === 'fail') failed(environment, branch, rule, resume, resume.done);
    else pushRule(environment, branch, rule, resume, done);
  };
  return {
    options: options.map(({ go, change, ...rest }): Option => ({
      ...rest,
      enter: (branch) => {
        change?.(branch);
        if (go === 'continue') {
          if (!last) branch.walk!.resume = { ...resume, done };
          return;
        }
        if (!last) left(branch, go);
        if (go === 'accept') branch.walk!.accepted = true;
        else if (go !== 'fail') branch.ending = { ...go, range: rule.range };
      },
    })),
  };
}
