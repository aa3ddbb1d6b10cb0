import type { HeaderTarget } from '../../rules/target';
import type { StatementContext } from '../match/context';
import type { Effect } from './effect';

/** TOS, DSCP, TTL and HL: what is set here later matches see; a form that is not read is unknown. */
export function headerTarget(target: HeaderTarget, { state }: StatementContext): Effect {
  const text = `${target.kind} ${target.text}`.trim();
  const { option, number, mask } = setting(target.text);
  if (target.kind === 'TTL' || target.kind === 'HL') {
    state.ttl = timeToLive(state.ttl, option, number);
  } else {
    state.tos = service(state.tos, option, number, mask ?? 0xff);
  }
  return { kind: 'continue', text };
}

/** `--set-tos 0x10/0x3f`, `--ttl-dec 1`: the first option with a number, `set-tos`. */
function setting(text: string): { option: string; number?: number; mask?: number } {
  const words = text.split(/\s+/);
  for (const [i, word] of words.entries()) {
    const [value = '', mask] = words[i + 1]?.split('/') ?? [];
    if (!word.startsWith('--') || !isNumber(value)) continue;
    const number = Number(value);
    const option = word.slice(2);
    return mask !== undefined && isNumber(mask)
      ? { option, number, mask: Number(mask) }
      : { option, number };
  }
  return { option: '' };
}

function isNumber(word: string): boolean {
  return /^(0x[\da-f]+|\d+)$/i.test(word);
}

/** ipt_TTL (xt_HL.c): never above 255 or below 0. */
function timeToLive(
  before: number | undefined,
  option: string,
  value: number | undefined,
): number | undefined {
  if (value === undefined) return undefined;
  if (option.endsWith('-set')) return value;
  if (before === undefined) return undefined;
  return option.endsWith('-inc') ? Math.min(255, before + value) : Math.max(0, before - value);
}

/** xt_DSCP.c, tos_tg: (tos & ~mask) ^ value; a DSCP leaves the two low bits. */
function service(
  before: number | undefined,
  option: string,
  value: number | undefined,
  mask: number,
): number | undefined {
  if (value === undefined || before === undefined) return undefined;
  switch (option) {
    case 'set-tos':
      return ((before & ~mask) ^ value) & 0xff;
    case 'and-tos':
      return before & value;
    case 'or-tos':
      return before | value;
    case 'xor-tos':
      return before ^ value;
    case 'set-dscp':
      return (before & 3) | (value << 2);
    default:
      return undefined;
  }
}
