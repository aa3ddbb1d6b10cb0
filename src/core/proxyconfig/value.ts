import { pairAt, type YamlNode, type YamlPair, type YamlScalar } from '../yamlNode';

/** The pair of a dotted path: `ipvs.scheduler`; undefined where it is not written. */
export function pairOf(root: YamlNode | undefined, path: string): YamlPair | undefined {
  return pairAt(root, ...path.split('.'));
}

/** The scalar of a dotted path; undefined where none is written, or null. */
export function scalarOf(
  root: YamlNode | undefined,
  path: string,
): string | number | boolean | undefined {
  const value = pairOf(root, path)?.value;
  return value?.kind === 'scalar' ? (value.value ?? undefined) : undefined;
}

/**
 * kube-proxy reads YAML 1.1 (sigs.k8s.io/yaml), in which a plain yes, no, on or off is a boolean.
 * Returns undefined for anything else.
 */
export function booleanOf({ value, style }: YamlScalar): boolean | undefined {
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
