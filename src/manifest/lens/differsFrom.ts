import { isProxied } from '../../core/kubeproxy/proxied';
import type { EndpointSliceObject } from '../../core/objects/types';
import { readObject } from '../../syntax/objects/readObject';
import { toValue } from '../../core/yamlNode';
import { differences } from './differences';
import type { Answer } from './facts';
import { serviceOf, type ManifestName } from './readManifest';

/** Whether a cluster has a manifest not at all, or otherwise: then kube-proxy's rules would be others. */
export function differsFrom(manifest: ManifestName, answer: Answer): boolean {
  if (manifest.kind === 'Endpoints') return false;
  if (manifest.kind === 'EndpointSlice') return sliceDiffers(manifest, answer);
  const own = serviceOf(manifest);
  if (!own || !isProxied(own)) return false;
  if (answer.state === 'missing') return answer.partial === undefined;
  if (answer.state !== 'found') return false;
  return differences(manifest.object.root, own, answer.facts.service).length > 0;
}

/** A slice of a Service that the cluster has. */
function sliceDiffers({ object }: ManifestName, answer: Answer): boolean {
  if (answer.state !== 'found' || !isProxied(answer.facts.service)) return false;
  const own = readObject(toValue(object.root), object.kind);
  if (own?.kind !== 'EndpointSlice') return false;
  const same = answer.facts.slices.find(({ metadata }) => metadata.name === own.metadata.name);
  return !same || textOf(same) !== textOf(own);
}

function textOf({ addressType, endpoints, ports }: EndpointSliceObject): string {
  return JSON.stringify([addressType, endpoints, ports]);
}
