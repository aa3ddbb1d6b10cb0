/** Part of a text: UTF-16 offsets from its beginning, `end` exclusive. */
export interface ValueRange {
  readonly start: number;
  readonly end: number;
}

/** A value of a configuration and where it stands; a node of src/syntax/yaml is one. */
export type ConfigValue = ConfigMap | ConfigList | ConfigScalar;

export interface ConfigMap {
  readonly kind: 'map';
  readonly range: ValueRange;
  readonly pairs: readonly ConfigPair[];
}

export interface ConfigList {
  readonly kind: 'list';
  readonly range: ValueRange;
  readonly items: readonly ConfigValue[];
}

export interface ConfigScalar {
  readonly kind: 'scalar';
  readonly range: ValueRange;
  readonly value: string | number | boolean | null;
  /** `plain`: without quotes. */
  readonly style: 'plain' | 'quoted' | 'block';
}

export interface ConfigPair {
  readonly key: string;
  readonly keyRange: ValueRange;
  readonly value: ConfigValue;
}

/** The pair of a dotted path: `ipvs.scheduler`; undefined where it is not written. */
export function pairOf(root: ConfigValue | undefined, path: string): ConfigPair | undefined {
  const names = path.split('.');
  let current = root;
  let found: ConfigPair | undefined;
  for (const name of names) {
    if (current?.kind !== 'map') return undefined;
    found = current.pairs.findLast(({ key }) => key === name);
    current = found?.value;
  }
  return found;
}

/** The scalar of a dotted path; undefined where none is written, or null. */
export function scalarOf(
  root: ConfigValue | undefined,
  path: string,
): string | number | boolean | undefined {
  const value = pairOf(root, path)?.value;
  return value?.kind === 'scalar' ? (value.value ?? undefined) : undefined;
}

/**
 * kube-proxy reads YAML 1.1 (sigs.k8s.io/yaml), in which a plain yes, no, on or off is a boolean.
 * Returns undefined for anything else.
 */
export function booleanOf({ value, style }: ConfigScalar): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string' || style !== 'plain') return undefined;
  if (/^(?:yes|Yes|YES|on|On|ON|y|Y)$/.test(value)) return true;
  return /^(?:no|No|NO|off|Off|OFF|n|N)$/.test(value) ? false : undefined;
}

const unitSeconds: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** `1.5h`, `.5s`, `250ms`: one after the other, with nothing between them. */
const durationPart = /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/gy;

/** Seconds of `1h30m`, `250ms`, `0` as Go's time.ParseDuration reads it; undefined for other text. */
export function durationOf(text: string): number | undefined {
  const [sign = ''] = /^[-+]?/.exec(text) ?? [];
  const amount = text.slice(sign.length);
  if (amount === '0') return 0;
  let seconds = 0;
  let read = 0;
  for (const [part, whole, fraction, unit] of amount.matchAll(durationPart)) {
    if (whole === '' && (fraction ?? '') === '') return undefined;
    seconds += Number(`${whole}.${fraction ?? ''}0`) * unitSeconds[unit!]!;
    read += part.length;
  }
  if (read === 0 || read < amount.length) return undefined;
  return sign === '-' ? -seconds : seconds;
}
