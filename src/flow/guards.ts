import { isRecord } from '../core/record';

/** Small run-time checks of what comes as `unknown`; an object may have more than is asked for. */
export type Guard<T> = (value: unknown) => value is T;

export const isString: Guard<string> = (value): value is string => typeof value === 'string';

/** A finite number: JSON has no other. */
export const isNumber: Guard<number> = (value): value is number => Number.isFinite(value);

export const isBoolean: Guard<boolean> = (value): value is boolean => typeof value === 'boolean';

export function is<const T extends string>(literal: T): Guard<T> {
  return (value): value is T => value === literal;
}

export function oneOf<const T extends string>(...literals: readonly T[]): Guard<T> {
  return (value): value is T => literals.includes(value as T);
}

export function optional<T>(guard: Guard<T>): Guard<T | undefined> {
  return (value): value is T | undefined => value === undefined || guard(value);
}

export function arrayOf<T>(guard: Guard<T>): Guard<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(guard);
}

export function recordOf<T>(guard: Guard<T>): Guard<Readonly<Record<string, T>>> {
  return (value): value is Readonly<Record<string, T>> =>
    isRecord(value) && Object.values(value).every(guard);
}

export function object<T extends object>(guards: {
  readonly [K in keyof T]-?: Guard<T[K]>;
}): Guard<T> {
  const entries = Object.entries<Guard<unknown>>(guards as Record<string, Guard<unknown>>);
  return (value): value is T =>
    isRecord(value) && entries.every(([key, guard]) => guard(value[key]));
}
