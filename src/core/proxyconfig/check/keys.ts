import * as l10n from '@vscode/l10n';
import { configKey, keysIn } from '../keys';
import { defaultIn, knownIn, releases, type ConfigKey } from '../keys/key';
import { newestMinor, oldestMinor } from '../version';
import type { YamlMap, YamlPair, YamlNode } from '../../yamlNode';
import { finding, proxyNamed, type CheckInput, type ConfigFinding } from './finding';

/** Keys that kube-proxy reads over: misspelled, of another release, of another mode. */
export function checkKeys({ root, settings, minors }: CheckInput): readonly ConfigFinding[] {
  const findings: ConfigFinding[] = [];
  const visit = (map: YamlMap, path: string): void => {
    const known = keysIn(path);
    if (!known) return;
    for (const pair of map.pairs) {
      const own = path === '' ? pair.key : `${path}.${pair.key}`;
      const key = configKey(own);
      if (!key) {
        findings.push(unknownKey(pair, path, known));
        continue;
      }
      const foreign = minors.filter((minor) => !knownIn(key, minor));
      if (foreign.length > 0 && says(pair.value)) {
        findings.push(otherRelease(pair, key, foreign));
      } else if (settings.mode !== undefined && key.modes && !key.modes.includes(settings.mode)) {
        if (pair.value.kind !== 'map' && says(pair.value) && !isDefault(pair.value, key)) {
          findings.push(otherMode(pair, key, settings.mode));
        }
      }
      if (pair.value.kind === 'map') visit(pair.value, own);
    }
  };
  visit(root, '');
  return findings;
}

function unknownKey(
  { key, keyRange }: YamlPair,
  map: string,
  known: readonly ConfigKey[],
): ConfigFinding {
  const names = known.map(({ path }) => path.slice(path.lastIndexOf('.') + 1));
  const near = nearest(key, names);
  const place = map === '' ? '' : l10n.t` in ${map}`;
  if (near !== undefined) {
    const message = l10n.t`kube-proxy has no key ${key}${place} and ignores it: ${near} is meant?`;
    return finding('warning', 'misspelled-key', message, keyRange);
  }
  const message = l10n.t`No kube-proxy from 1.${oldestMinor} to 1.${newestMinor} has a key ${key}${place}.`;
  return finding('information', 'unknown-key', message, keyRange);
}

function otherRelease(
  { keyRange }: YamlPair,
  key: ConfigKey,
  minors: readonly number[],
): ConfigFinding {
  const message = l10n.t`${proxyNamed(minors)} ignores ${key.path}, which kube-proxy has ${releases(key) ?? ''}.`;
  return finding('warning', 'key-of-other-release', message, keyRange);
}

function otherMode({ keyRange }: YamlPair, { path }: ConfigKey, mode: string): ConfigFinding {
  const own = path.replace(/^\w+/, mode);
  const instead = configKey(own) ? l10n.t`, but ${own}` : '';
  const message = l10n.t`Mode ${mode} does not use ${path}${instead}.`;
  return finding('information', 'key-of-other-mode', message, keyRange);
}

/** Whether a value is more than the empty one that kube-proxy itself writes for each key. */
function says(value: YamlNode): boolean {
  if (value.kind === 'scalar') {
    return ![null, '', false, 0, '0', '0s'].includes(value.value);
  }
  const parts = value.kind === 'list' ? value.items : value.pairs.map((pair) => pair.value);
  return parts.some(says);
}

function isDefault(value: YamlNode, key: ConfigKey): boolean {
  return value.kind === 'scalar' && String(value.value) === defaultIn(key, newestMinor);
}

/** The name that differs in case only, or in at most two letters of a long name. */
function nearest(name: string, names: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  const scored = names.map((known) => ({ known, steps: distance(lower, known.toLowerCase()) }));
  const best = scored.sort((left, right) => left.steps - right.steps)[0];
  return best && best.steps <= Math.min(2, Math.floor(best.known.length / 4))
    ? best.known
    : undefined;
}

/** Letters to put in, take out or change (Levenshtein), or more than 2. */
function distance(left: string, right: string): number {
  if (Math.abs(left.length - right.length) > 2 || left.length > 64) return 3;
  let row = Array.from({ length: right.length + 1 }, (_, i) => i);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const change = row[j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[right.length]!;
}
