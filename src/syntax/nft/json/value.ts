import { isRecord } from '../../../core/record';

/** Anything that JSON holds; what it is, each reader asks. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type JsonObject = Readonly<Record<string, Json>>;

/** The object under a name: `{"match": {...}}`. */
export function objectAt(value: Json | undefined, name: string): JsonObject | undefined {
  const inner = isRecord(value) ? value[name] : undefined;
  return isRecord(inner) ? inner : undefined;
}

export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : value === undefined ? [] : [value];
}

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function numberAt(value: JsonObject, name: string): number | undefined {
  const number = value[name];
  return typeof number === 'number' ? number : undefined;
}

/** A scalar as nft would list it: `80`, `10.0.0.0/8`, `22-23`; undefined for anything else. */
export function scalarText(value: Json | undefined): string | undefined {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'exists' : 'missing';
  const prefix = objectAt(value, 'prefix');
  if (prefix) return `${scalarText(prefix.addr) ?? ''}/${scalarText(prefix.len) ?? ''}`;
  const range = isRecord(value) ? value.range : undefined;
  if (!Array.isArray(range)) return undefined;
  return `${scalarText(range[0] as Json) ?? ''}-${scalarText(range[1] as Json) ?? ''}`;
}
