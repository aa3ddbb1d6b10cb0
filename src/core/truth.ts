/**
 * Kleene's three-valued logic: what a match answers. Whatever the dumps do not decide is unknown,
 * with the reason in words; a reason is never thrown away, so the user is told why.
 */
export type Truth = true | false | Unknown;

export interface Unknown {
  readonly unknown: string;
}

export function unknown(reason: string): Unknown {
  return { unknown: reason };
}

export function isUnknown(truth: Truth): truth is Unknown {
  return typeof truth === 'object';
}

export function not(truth: Truth): Truth {
  return isUnknown(truth) ? truth : !truth;
}

/** False wins over unknown, unknown over true; several reasons are joined. */
export function and(left: Truth, right: Truth): Truth {
  if (left === false || right === false) return false;
  if (isUnknown(left)) return isUnknown(right) ? joined(left, right) : left;
  return right;
}

/** True wins over unknown, unknown over false; several reasons are joined. */
export function or(left: Truth, right: Truth): Truth {
  return not(and(not(left), not(right)));
}

function joined(left: Unknown, right: Unknown): Unknown {
  return left.unknown === right.unknown ? left : unknown(`${left.unknown}; ${right.unknown}`);
}
