import type { Unknown } from './truth';

/** What a node's dumps tell, or why they don't. */
export type Fact<T> = { readonly value: T } | Unknown;

export function known<T>(value: T): Fact<T> {
  return { value };
}

export function valueOf<T>(fact: Fact<T>): T | undefined {
  return 'value' in fact ? fact.value : undefined;
}
