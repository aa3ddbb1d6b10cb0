import * as l10n from '@vscode/l10n';
import { list } from '../list';
import type { Programmed } from '../kubeproxy/programmed';
import { serviceName } from '../kubeproxy/serviceId';
import type { SourceRange } from '../source';
import type { Work } from '../work';
import { hasOwnEndpoints, type PolicyObjects } from './ownEndpoints';
import { endpointTexts, wayKey } from './services';
import { append } from '../append';

interface Trait {
  readonly value: string;
  /** Names of the Service port that it is about: `default/web:http`, `default/web`. */
  readonly about: readonly string[];
  readonly range: SourceRange | undefined;
}

/** What a node does that every node of its cluster should do alike. */
export interface NodeTraits {
  readonly node: string;
  /** By what they are about: `default/web:http at 10.96.0.8:80/tcp`. */
  readonly traits: ReadonlyMap<string, Trait>;
  /** False where the dumps show no Service: then what is absent is not known to be. */
  readonly hasServices: boolean;
}

/** A node that does something else than most. */
export interface OddOne {
  readonly nodes: readonly string[];
  /** Names of the Service port that it is about: its title and its Service's name. */
  readonly about: readonly string[];
  /** One plain English sentence that names both. */
  readonly message: string;
  readonly range: SourceRange | undefined;
}

/** So many are told; more say no more. */
const most = 50;
const absent = l10n.t('no rule');
/** Of this trait a node's silence says nothing. */
const modeTrait = l10n.t("kube-proxy's mode");

/** The traits of one node, small enough to be kept of each. */
export function* traitsOf(
  node: string,
  what: Programmed,
  objects?: PolicyObjects,
): Work<NodeTraits> {
  const traits = new Map<string, Trait>();
  const { mode, signs } = what.mode;
  if (mode !== undefined) {
    traits.set(modeTrait, { value: mode, range: signs[0]?.range, about: [] });
  }
  for (const port of what.ports) {
    yield undefined;
    const { title, entries, protocol, affinity } = port.service;
    const isOwn = hasOwnEndpoints(port, objects) === true;
    for (const entry of entries) {
      const key = l10n.t`${title} at ${wayKey(entry, protocol)}`;
      if (traits.has(key)) continue;
      const isShared = entry.kind === 'cluster-ip' && !isOwn;
      const endpoints = isShared ? yield* endpointTexts(port) : undefined;
      const kept = affinity === undefined ? '' : l10n.t`, with affinity for ${affinity} s`;
      const value = `${endpointsText(endpoints)}${kept}`;
      traits.set(key, { value, about: [title, serviceName(port.service)], range: entry.range });
    }
  }
  return { node, traits, hasServices: what.ports.length > 0 };
}

function endpointsText(endpoints: ReadonlySet<string> | undefined): string {
  if (!endpoints) return l10n.t('rules');
  const all = [...endpoints].sort();
  if (all.length === 0) return l10n.t('no endpoint');
  return all.length > 8
    ? l10n.t`${all.length} endpoints (${list(all.slice(0, 4), 'row')}, ...)`
    : list(all);
}

/**
 * The odd ones out, over all Services: where more than half of three nodes or more agree, who does
 * not is told.
 */
export function* oddOnes(nodes: readonly NodeTraits[]): Work<readonly OddOne[]> {
  const found: OddOne[] = [];
  const keys = new Set(nodes.flatMap(({ traits }) => [...traits.keys()]));
  for (const key of keys) {
    yield undefined;
    const told = nodes.flatMap(({ node, traits, hasServices }) => {
      const trait = traits.get(key);
      if (!trait && (!hasServices || key === modeTrait)) return [];
      return [{ node, value: absent, range: undefined, about: [], ...trait }];
    });
    const groups = new Map<string, typeof told>();
    for (const one of told) append(groups, one.value, one);
    const [usual, ...odd] = [...groups].sort(([, one], [, two]) => two.length - one.length);
    if (told.length < 3 || !usual || odd.length === 0) continue;
    if (usual[1].length * 2 <= told.length) continue;
    for (const [value, group] of odd) {
      const names = group.map(({ node }) => node);
      found.push({
        nodes: names,
        about: told.find(({ about }) => about.length > 0)?.about ?? [],
        message:
          names.length === 1
            ? l10n.t`${key}: ${names[0]!} has ${value}, ${usual[1].length} others have ${usual[0]}.`
            : l10n.t`${key}: ${list(names)} have ${value}, ${usual[1].length} others have ${usual[0]}.`,
        range: group[0]!.range ?? usual[1][0]!.range,
      });
      if (found.length >= most) return found;
    }
  }
  return found;
}
