import { isRecord } from '../../core/record';

/*
 * Reading of values that may be anything: a snapshot's YAML is written by hand as well. Each function
 * answers with a value of its type, or with none.
 */

export type Fields = Readonly<Record<string, unknown>>;

export function fields(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'number' ? String(value) : undefined;
}

export function texts(value: unknown): readonly string[] {
  return list(value).flatMap((item) => text(item) ?? []);
}

export function number(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined;
}

export function truth(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

export function textRecord(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(fields(value)).flatMap(([key, item]) => {
    const found = text(item);
    return found === undefined ? [] : [[key, found] as const];
  });
  return Object.fromEntries(entries);
}
