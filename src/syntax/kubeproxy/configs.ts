import { embeddedYaml } from '../yaml/embedded';
import { at, stringAt, type OffsetRange, type YamlMap } from '../../core/yamlNode';
import type { YamlObject } from '../yaml/objects';
import type { ParsedYaml, YamlProblem } from '../yaml/parse';

/** The kinds of manifests that may hold a configuration of kube-proxy. */
export const configKinds: readonly string[] = ['KubeProxyConfiguration', 'ConfigMap'];

/** A KubeProxyConfiguration in a text; the ranges of its values are offsets of that text. */
export interface ProxyConfigText {
  readonly root: YamlMap;
  readonly range: OffsetRange;
  /** False in a quoted string, where the values have no ranges of their own but the whole string's. */
  readonly exact: boolean;
  /** Of the YAML inside a ConfigMap: its own document's are not for us to report. */
  readonly problems: readonly YamlProblem[];
}

/**
 * The configurations among the objects of a manifest: `kind: KubeProxyConfiguration` itself, or such a
 * text in a ConfigMap's data (`config.conf` by kubeadm, `config.yaml` or `kube-proxy.yaml` elsewhere).
 *
 * @param text the whole manifest
 */
export function proxyConfigsIn(
  objects: readonly YamlObject[],
  text: string,
  parse: (text: string) => ParsedYaml,
): readonly ProxyConfigText[] {
  return objects.flatMap((object) => {
    const { root, range, kind } = object;
    if (kind === 'ConfigMap') return ofConfigMap(root, text, parse);
    return isConfig(root) ? [{ root, range, exact: true, problems: [] }] : [];
  });
}

function isConfig(root: YamlMap): boolean {
  if (stringAt(root, 'kind') !== 'KubeProxyConfiguration') return false;
  return /^kubeproxy\.config\.k8s\.io\/|^$/.test(stringAt(root, 'apiVersion') ?? '');
}

function ofConfigMap(
  root: YamlMap,
  text: string,
  parse: (text: string) => ParsedYaml,
): ProxyConfigText[] {
  const data = at(root, 'data');
  if (data?.kind !== 'map') return [];
  return data.pairs.flatMap(({ value }) => {
    if (value.kind !== 'scalar' || typeof value.value !== 'string') return [];
    if (!/\bkind["']?\s*:\s*["']?KubeProxyConfiguration\b/.test(value.value)) return [];
    const inner = embeddedYaml(value, text, parse);
    if (inner.root?.kind !== 'map' || !isConfig(inner.root)) return [];
    const { exact, problems } = inner;
    return [{ root: inner.root, range: value.range, exact, problems }];
  });
}
