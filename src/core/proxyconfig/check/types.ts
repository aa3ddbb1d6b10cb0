import * as l10n from '@vscode/l10n';
import { configKeys } from '../keys';
import type { ConfigKey } from '../keys/key';
import { booleanOf, durationOf, pairOf } from '../value';
import type { YamlScalar, YamlNode } from '../../yamlNode';
import { finding, placeOf, proxyNamed, type CheckInput, type ConfigFinding } from './finding';

/**
 * Up to 1.29 at least, Validate (pkg/proxy/apis/config/validation/validation.go) looks at the iptables
 * section in every mode; later it takes the periods of the mode's own section (conversion.go).
 */
const lastWithEveryMode = 29;

/** Values with which kube-proxy can't decode the configuration, or refuses it, and ends. */
export function checkTypes({ root, settings, minors }: CheckInput): readonly ConfigFinding[] {
  return configKeys.flatMap((key) => {
    const value = pairOf(root, key.path)?.value;
    if (!value || (value.kind === 'scalar' && value.value === null)) return [];
    const wrong = wrongType(key, value);
    if (wrong !== undefined) {
      const message = l10n.t`kube-proxy can't read this and ends: ${key.path} must be ${wrong}.`;
      return [finding('error', 'wrong-type', message, placeOf(root, key.path))];
    }
    // What only another mode reads is not validated, but for the iptables section of old.
    const ignored = settings.mode !== undefined && key.modes?.includes(settings.mode) === false;
    const old = key.path.startsWith('iptables.') ? withEveryMode(minors) : [];
    if (value.kind !== 'scalar' || (ignored && old.length === 0)) return [];
    const outside = outOfRange(key, value);
    if (outside === undefined) return [];
    const who = ignored ? l10n.t`${proxyNamed(old)}, in every mode,` : 'kube-proxy';
    const message = l10n.t`${who} refuses this and ends: ${key.path} must be ${outside}.`;
    return [finding('error', 'out-of-range', message, placeOf(root, key.path))];
  });
}

function withEveryMode(minors: readonly number[]): readonly number[] {
  return minors.filter((minor) => minor <= lastWithEveryMode);
}

const words: Readonly<Record<ConfigKey['type'], string>> = {
  string: l10n.t('text (in quotes where YAML would read a number or a boolean)'),
  boolean: l10n.t('true or false'),
  integer: l10n.t('a whole number'),
  number: l10n.t('a number'),
  duration: l10n.t('text with a unit, such as 30s or 1h30m'),
  strings: l10n.t('a list of texts'),
  map: l10n.t('a map'),
  any: '',
};

/** What the value must be, where it is something else. */
function wrongType({ type }: ConfigKey, value: YamlNode): string | undefined {
  return fits(type, value) ? undefined : words[type];
}

function fits(type: ConfigKey['type'], value: YamlNode): boolean {
  if (type === 'any') return true;
  if (type === 'map') return value.kind === 'map';
  if (type === 'strings') return value.kind === 'list' && value.items.every(isText);
  return value.kind === 'scalar' && fitsScalar(type, value);
}

function fitsScalar(type: ConfigKey['type'], scalar: YamlScalar): boolean {
  const { value } = scalar;
  switch (type) {
    case 'boolean':
      return booleanOf(scalar) !== undefined;
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'duration':
      // metav1.Duration takes no number, not even 0.
      return typeof value === 'string' && durationOf(value) !== undefined;
    default:
      return isText(scalar);
  }
}

/** A plain yes or off is a boolean in the YAML 1.1 that kube-proxy reads. */
function isText(value: YamlNode): boolean {
  if (value.kind !== 'scalar' || typeof value.value !== 'string') return false;
  return value.style !== 'plain' || booleanOf(value) === undefined;
}

function outOfRange({ type, limits }: ConfigKey, { value }: YamlScalar): string | undefined {
  if (type === 'duration' && durationOf(String(value))! < 0) return l10n.t('0 or more');
  if (!limits || typeof value !== 'number') return undefined;
  const [least, most] = limits;
  if (value >= least && value <= most) return undefined;
  return most === Infinity ? l10n.t`${least} or more` : l10n.t`from ${least} to ${most}`;
}

/** validation.go: minSyncPeriod may not be longer than syncPeriod, of the sections that are looked at. */
export function checkSync({ root, settings, minors }: CheckInput): readonly ConfigFinding[] {
  const { mode } = settings;
  const old = mode === 'iptables' ? [] : withEveryMode(minors);
  const sections = [
    ...(mode === undefined ? [] : [[mode, 'kube-proxy']]),
    ...(old.length === 0 ? [] : [['iptables', l10n.t`${proxyNamed(old)}, in every mode,`]]),
  ];
  return sections.flatMap(([section, who]) => {
    const least = settings.seconds(`${section}.minSyncPeriod`, 0) ?? 0;
    const period = settings.seconds(`${section}.syncPeriod`, 0) ?? 0;
    if (least <= (period === 0 ? 30 : period)) return [];
    const message = l10n.t`${who!} refuses this and ends: minSyncPeriod must not be longer than syncPeriod (${period === 0 ? l10n.t('30s by default') : `${period} s`}).`;
    return [finding('error', 'sync-periods', message, placeOf(root, `${section}.minSyncPeriod`))];
  });
}
