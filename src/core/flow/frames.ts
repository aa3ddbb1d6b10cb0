import type { NatStep, RuleStep, Step } from '../trace/trace';

/** A visit to a chain: from the first rule that held in it to the last. */
export interface ChainVisit {
  readonly table: string;
  readonly chain: string;
  /** The chain that jumped here; undefined for a built-in chain. */
  readonly caller: ChainVisit | undefined;
  /** Index of its first step, in the way's steps. */
  readonly first: number;
  readonly rules: RuleStep[];
  /** The rule before its first one: the one that jumped here. */
  readonly enteredBy: RuleStep | undefined;
  /** What its last rule made of the packet's header. */
  nat?: { readonly step: NatStep; readonly at: number };
}

/** The chains that a packet passes, in the order of their first rule that held. */
export function framesOf(steps: readonly Step[]): ChainVisit[] {
  const frames: ChainVisit[] = [];
  const stack: ChainVisit[] = [];
  /** Where in the stack a chain is: rules may be nested as deep as there are chains. */
  const depths = new Map<string, number>();
  const cutTo = (length: number) => {
    while (stack.length > length) depths.delete(stack.pop()!.chain);
  };
  let last: RuleStep | undefined;
  for (const [i, step] of steps.entries()) {
    if (step.kind === 'rule') {
      const base = stack[0]?.rules[0];
      if (base && !isOfOneWalk(base, step)) cutTo(0);
      const depth = depths.get(step.chain);
      if (depth !== undefined) {
        cutTo(depth + 1);
      } else {
        const { table, chain } = step;
        const enteredBy = stack.length > 0 ? last : undefined;
        const frame = { table, chain, caller: stack.at(-1), first: i, rules: [], enteredBy };
        frames.push(frame);
        depths.set(chain, stack.length);
        stack.push(frame);
      }
      stack.at(-1)!.rules.push(step);
      last = step;
    } else if (step.kind === 'nat') {
      const frame = stack.at(-1);
      if (frame && step.hook === frame.rules[0]?.hook && isNat(frame)) {
        frame.nat = { step, at: i };
      }
    } else if (step.kind === 'policy') {
      cutTo(0);
    } else if (step.kind === 'return' && stack.length > 1 && stack.at(-1)!.chain === step.chain) {
      cutTo(stack.length - 1);
    }
  }
  return frames;
}

/** nft's tables have base chains of several types at one hook; `accept` leaves only the first. */
function isOfOneWalk(one: RuleStep, other: RuleStep): boolean {
  return (
    one.hook === other.hook &&
    one.type === other.type &&
    one.table === other.table &&
    one.family === other.family
  );
}

function isNat({ rules }: ChainVisit): boolean {
  return rules[0]?.type === 'nat';
}

/** All its rules do is change the mark, as in KUBE-MARK-MASQ: a word of its caller, no place. */
export function isSubroutine({ caller, rules, nat }: ChainVisit): boolean {
  return caller !== undefined && !nat && rules.every(({ markAfter }) => markAfter !== undefined);
}
