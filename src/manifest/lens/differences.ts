import * as l10n from '@vscode/l10n';
import type { ServiceObject, ServicePort } from '../../core/objects/types';
import { at, type YamlNode } from '../../core/yamlNode';

/** A field that the manifest sets and the cluster has otherwise. */
export interface Difference {
  /** `port`, `targetPort of http`, `externalTrafficPolicy`. */
  readonly field: string;
  /** What the manifest says; empty where only the cluster has it. */
  readonly here: string;
  /** What the cluster has; empty where it has none. */
  readonly there: string;
}

type Spec = ServiceObject['spec'];

const words: readonly (readonly [path: string, read: (spec: Spec) => string | undefined])[] = [
  ['type', ({ type }) => type],
  ['clusterIP', ({ clusterIP }) => clusterIP],
  ['externalName', ({ externalName }) => externalName],
  ['externalTrafficPolicy', (spec) => spec.externalTrafficPolicy],
  ['internalTrafficPolicy', (spec) => spec.internalTrafficPolicy],
  ['trafficDistribution', (spec) => spec.trafficDistribution],
  ['sessionAffinity', ({ sessionAffinity }) => sessionAffinity],
  ['sessionAffinityConfig.clientIP.timeoutSeconds', (spec) => text(spec.sessionAffinityTimeout)],
  ['externalIPs', ({ externalIPs }) => sorted(externalIPs)],
  ['loadBalancerSourceRanges', (spec) => sorted(spec.loadBalancerSourceRanges)],
  ['selector', ({ selector }) => labels(selector)],
];

/**
 * How a Service of a cluster differs from its manifest, in the order of interest. Only what the
 * manifest sets counts: what it leaves out, the cluster fills in.
 *
 * @param root of the manifest
 * @param here the same, read
 */
export function differences(
  root: YamlNode,
  here: ServiceObject,
  there: ServiceObject,
): Difference[] {
  const found = portDifferences(root, here.spec.ports, there.spec.ports);
  for (const [path, read] of words) {
    const node = at(root, 'spec', ...path.split('.'));
    const own = read(here.spec);
    if (!node || own === undefined || (own === '' && isUnset(node))) continue;
    const other = read(there.spec) ?? '';
    const field = path.slice(path.lastIndexOf('.') + 1);
    if (own !== other) found.push({ field, here: own, there: other });
  }
  return found;
}

/** `clusterIP: ""` and `externalIPs:` leave the choice to the cluster. */
function isUnset(node: YamlNode): boolean {
  return node.kind === 'scalar';
}

function portDifferences(
  root: YamlNode,
  here: readonly ServicePort[],
  there: readonly ServicePort[],
): Difference[] {
  const list = at(root, 'spec', 'ports');
  if (list?.kind !== 'list') return [];
  const found: Difference[] = [];
  const left = new Set(there);
  const single = here.length === 1 && there.length === 1;
  here.forEach((port, i) => {
    const node = list.items[i] ?? list;
    const other = single ? there[0] : there.find((candidate) => isSame(port, candidate));
    if (!other) {
      found.push({ field: 'port', here: portText(port), there: '' });
      return;
    }
    left.delete(other);
    const which = single || port.name === '' ? '' : l10n.t` of ${port.name}`;
    const compare = (field: keyof ServicePort & string, value: string, otherValue: string) => {
      const own = at(node, field);
      if (!own || value === otherValue) return;
      found.push({ field: field + which, here: value, there: otherValue });
    };
    compare('port', `${port.port}`, `${other.port}`);
    compare('targetPort', `${port.targetPort}`, `${other.targetPort ?? other.port}`);
    compare('protocol', port.protocol, other.protocol);
    compare('nodePort', text(port.nodePort) ?? '', text(other.nodePort) ?? '');
    if (single) compare('name', port.name, other.name);
  });
  for (const port of left) {
    found.push({ field: 'port', here: '', there: portText(port) });
  }
  return found;
}

/** Ports are told apart by name, which all have where there are several. */
function isSame(a: ServicePort, b: ServicePort): boolean {
  return a.name !== '' || b.name !== ''
    ? a.name === b.name
    : a.port === b.port && a.protocol === b.protocol;
}

function portText({ name, port, protocol }: ServicePort): string {
  return `${name === '' ? '' : `${name} `}${port}/${protocol}`;
}

function sorted(values: readonly string[]): string {
  return [...values].sort().join(', ');
}

function labels(values: Readonly<Record<string, string>>): string {
  return sorted(Object.entries(values).map(([key, value]) => `${key}=${value}`));
}

function text(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
