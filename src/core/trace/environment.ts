import type { Finding } from '../finding';
import type { NodeState } from '../node';
import type { Chain } from '../rules/ruleset';
import type { ConntrackState } from '../rules/match';
import { addressKey, type Address, type AddressKey } from '../address';
import type { Connection } from './conntrack/flowState';
import type { HookOrder } from './hook/hookItem';
import type { Open } from './answer';
import type { RuleIndices, State } from './state';
import type { Ending } from './trace';

/** How much a trace may take before it says UNKNOWN. */
export interface TraceLimits {
  /** Rules that are looked at, over all branches. */
  readonly rules: number;
  /** Steps that are recorded, over all branches. */
  readonly steps: number;
  /** Ways that end in a verdict. */
  readonly leaves: number;
}

export const defaultLimits: TraceLimits = { rules: 3_000_000, steps: 400_000, leaves: 4096 };

/** What all branches of one trace share. */
export interface Environment {
  readonly node: NodeState;
  readonly order: HookOrder;
  readonly connections: readonly Connection[];
  readonly forced: ConntrackState | undefined;
  /** The packet is the node's own answer to another: what its sender sees is not asked. */
  readonly answering: boolean;
  /** As `TraceOptions.onlySure`. */
  readonly onlySure: boolean;
  readonly limits: TraceLimits;
  readonly spent: { rules: number; steps: number; leaves: number; sincePause: number };
  readonly indices: Map<Chain, Map<AddressKey, RuleIndices>>;
  find(finding: Finding): void;
  assume(text: string): void;
}

/** One way to go on at a fork. */
export interface Option {
  readonly condition: string;
  readonly probability?: number;
  readonly unknown?: string;
  enter(state: State): void;
}

/** All ways to go on at a fork: where there are 100,000, each is made when it is asked for. */
export interface Options extends Iterable<Option> {
  readonly length: number;
}

/** Undefined: go on. */
export type Outcome =
  | undefined
  | { readonly ending: Ending; readonly options?: undefined; readonly pause?: undefined }
  | { readonly options: Options; readonly ending?: undefined; readonly pause?: undefined }
  /** Go on after that work, or after other work that waits. */
  | {
      readonly pause: Iterable<undefined>;
      readonly ending?: undefined;
      readonly options?: undefined;
    };

export function ending(kind: Ending['kind'], reason: string, more: Partial<Ending> = {}): Outcome {
  return { ending: { kind, reason, ...more } };
}

/** The two ways of an open question. */
export function fork(open: Open, enter: (state: State, holds: boolean) => void): Outcome {
  const { condition, otherwise, probability, unknown } = open;
  const rest = probability === undefined ? undefined : 1 - probability;
  return {
    options: [
      { condition, probability, unknown, enter: (state) => enter(state, true) },
      { condition: otherwise, probability: rest, unknown, enter: (state) => enter(state, false) },
    ],
  };
}

/** The rules of a chain that a packet to `destination` may match, read once for all branches. */
export function rulesFor(
  { indices }: Environment,
  chain: Chain,
  destination: Address,
): RuleIndices {
  let known = indices.get(chain);
  if (!known) indices.set(chain, (known = new Map()));
  const key = addressKey(destination);
  let rules = known.get(key);
  if (!rules) known.set(key, (rules = lazily(() => chain.candidates(destination))));
  return rules;
}

function lazily(candidates: () => Iterable<number>): RuleIndices {
  let iterator: Iterator<number> | undefined;
  const read: number[] = [];
  let done = false;
  return {
    at(position) {
      while (!done && read.length <= position) {
        iterator ??= candidates()[Symbol.iterator]();
        const next = iterator.next();
        if (next.done === true) done = true;
        else read.push(next.value);
      }
      return read[position];
    },
  };
}
