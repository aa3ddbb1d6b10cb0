import type { ServiceObject } from '../../core/objects/types';
import { readObject } from '../../syntax/objects/readObject';
import { at, stringAt, toValue, type OffsetRange, type YamlNode } from '../../core/yamlNode';
import type { YamlObject } from '../../syntax/yaml/objects';

/** The kinds that lenses stand above. */
export const lensKinds = ['Service', 'EndpointSlice', 'Endpoints'] as const;

/** A manifest that can be looked up in a cluster. */
export interface ManifestName {
  readonly kind: (typeof lensKinds)[number];
  readonly name: string;
  /** undefined where it says none: then the context's counts. */
  readonly namespace: string | undefined;
  /** The Service's name: its own, or of a slice that of its label; undefined where it has none. */
  readonly service: string | undefined;
  readonly object: YamlObject;
}

/** The names that objects of these kinds may have (RFC 1123). */
const validName = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

const versions: Readonly<Record<ManifestName['kind'], RegExp>> = {
  // Knative's Service is another: serving.knative.dev/v1.
  Service: /^v1$/,
  EndpointSlice: /^discovery\.k8s\.io\//,
  Endpoints: /^v1$/,
};

/**
 * What a manifest is called. undefined for what no cluster would take as it stands: templates,
 * patches of Kustomize, Services without ports.
 */
export function readManifest(object: YamlObject): ManifestName | undefined {
  const { root, apiVersion } = object;
  const kind = lensKinds.find((known) => known === object.kind);
  const name = stringAt(root, 'metadata', 'name');
  if (!kind || name === undefined || !validName.test(name)) return undefined;
  if (apiVersion !== undefined && !versions[kind].test(apiVersion)) return undefined;
  if (at(root, '$patch') || at(root, 'spec', '$patch')) return undefined;
  const given = at(root, 'metadata', 'namespace');
  const namespace = stringAt(root, 'metadata', 'namespace');
  if (given && (namespace === undefined || !validName.test(namespace)) && !isEmpty(given)) {
    return undefined;
  }
  if (kind === 'Service' && !isWhole(root)) return undefined;
  const owner = stringAt(root, 'metadata', 'labels', 'kubernetes.io/service-name');
  return { kind, name, namespace, service: kind === 'EndpointSlice' ? owner : name, object };
}

/** Where each port of a Service stands, in the manifest's order. */
export function portRanges({ object }: ManifestName): readonly OffsetRange[] {
  const ports = at(object.root, 'spec', 'ports');
  return ports?.kind === 'list' ? ports.items.map(({ range }) => range) : [];
}

/** The Service as the manifest has it; what it leaves out has the API's default, or is undefined. */
export function serviceOf({ object }: ManifestName): ServiceObject | undefined {
  const read = readObject(toValue(object.root), object.kind);
  return read?.kind === 'Service' ? read : undefined;
}

/** A patch has some fields only; a Service has ports, or needs none. */
function isWhole(root: YamlNode): boolean {
  const type = stringAt(root, 'spec', 'type');
  if (type === 'ExternalName') return stringAt(root, 'spec', 'externalName') !== undefined;
  const ports = at(root, 'spec', 'ports');
  if (ports?.kind !== 'list') {
    return stringAt(root, 'spec', 'clusterIP') === 'None' && !!at(root, 'spec', 'selector');
  }
  const numbers = ports.items.map((port) => at(port, 'port'));
  return (
    numbers.length > 0 &&
    numbers.every((port) => port?.kind === 'scalar' && /^\d+$/.test(String(port.value)))
  );
}

function isEmpty(node: YamlNode): boolean {
  return node.kind === 'scalar' && (node.value === null || node.value === '');
}
