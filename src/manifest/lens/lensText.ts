import { countReady, listedEndpoints } from '../../core/objects/endpoints';
import { lacksEveryPort } from '../../core/objects/noEndpoint';
import { noEndpointText, type L10n } from '../../core/objects/noEndpointText';
import { isProxied } from '../../core/kubeproxy/proxied';
import type { ServiceObject, ServicePort } from '../../core/objects/types';
import { readObject } from '../../syntax/objects/readObject';
import { toValue } from '../../core/yamlNode';
import { differences, type Difference } from './differences';
import type { Answer, ServiceFacts } from './facts';
import { serviceOf, type ManifestName } from './readManifest';
import { list } from '../../core/list';

/** What a lens says, and whether a click traces the Service. */
export interface LensText {
  readonly title: string;
  readonly tooltip: string;
  readonly traces: boolean;
}

/** What was asked, and what came of it. */
export interface Asked {
  /** Its title. */
  readonly cluster: string;
  /** The manifest's, else the context's. */
  readonly namespace: string;
  /** undefined before the cluster may be asked. */
  readonly answer: Answer | undefined;
}

const traceIcon = '$(type-hierarchy-sub)';

/** The lens above a manifest. */
export function lensText(l10n: L10n, manifest: ManifestName, asked: Asked): LensText {
  if (manifest.service === undefined) {
    return plain(
      l10n.t('No Service: the label kubernetes.io/service-name is not set'),
      l10n.t('kube-proxy takes endpoints from slices with this label only.'),
    );
  }
  const own = manifest.kind === 'Service' ? serviceOf(manifest) : undefined;
  const trace =
    manifest.kind === 'Service'
      ? l10n.t('Trace service')
      : l10n.t('Trace service {0}', manifest.service);
  const parts = (...more: (string | undefined)[]) =>
    [`${traceIcon} ${trace}`, ...more].filter((part) => part !== undefined).join(' | ');
  const { answer, cluster } = asked;
  const name = `${asked.namespace}/${manifest.service}`;
  if (answer?.state === 'found') return found(l10n, manifest, own, answer.facts, cluster, parts);
  const untraced = own && whyUntraced(l10n, own);
  if (untraced !== undefined) {
    const missing =
      answer?.state === 'missing' && answer.partial === undefined
        ? [l10n.t('not in the cluster')]
        : [];
    return plain([untraced, ...missing].join(' | '), cluster);
  }
  switch (answer?.state) {
    case undefined:
      return {
        title: parts(),
        tooltip: l10n.t('Draw the way of packets to {0} in {1}', name, cluster),
        traces: true,
      };
    case 'asking':
      return { title: parts(l10n.t('asking {0}', cluster)), tooltip: cluster, traces: true };
    case 'failed':
      return {
        title: parts(l10n.t('{0} does not answer', cluster)),
        tooltip: answer.message,
        traces: true,
      };
    case 'missing':
      return answer.partial === undefined
        ? plain(l10n.t('{0} is not in the cluster', name), cluster)
        : plain(
            l10n.t('{0} is not in the part of the cluster that is known', name),
            answer.partial,
          );
  }
}

/** The lens above one of several ports. */
export function portLensText(
  l10n: L10n,
  manifest: ManifestName,
  index: number,
  { answer, cluster }: Asked,
): LensText {
  const own = serviceOf(manifest);
  const port = own?.spec.ports[index];
  if (!own || !port) return plain('', '');
  const label = `${port.name === '' ? '' : `${port.name} `}${port.port}/${port.protocol}`;
  const title = `${traceIcon} ${l10n.t('Trace {0}', label)}`;
  if (!isProxied(own) || answer?.state === 'missing') return plain(label, cluster);
  if (answer?.state !== 'found') return { title, tooltip: cluster, traces: true };
  const { service, slices } = answer.facts;
  const there = samePort(port, service);
  if (!there) return plain(l10n.t('{0} is not in the cluster', label), cluster);
  const serving = slices.filter(({ ports }) => ports.some(({ name }) => name === there.name));
  const { ready, all } = countReady(listedEndpoints(serving));
  const nodePort =
    there.nodePort === undefined ? undefined : l10n.t('node port {0}', there.nodePort);
  const parts = [title, countText(l10n, ready, all), nodePort];
  return {
    title: parts.filter((part) => part !== undefined).join(' | '),
    tooltip: cluster,
    traces: true,
  };
}

/** The cluster's port for one of a manifest: by name, which all have where there are several. */
export function samePort(port: ServicePort, { spec }: ServiceObject): ServicePort | undefined {
  return (
    spec.ports.find(({ name }) => name === port.name && name !== '') ??
    spec.ports.find((other) => other.port === port.port && other.protocol === port.protocol)
  );
}

function found(
  l10n: L10n,
  manifest: ManifestName,
  own: ServiceObject | undefined,
  facts: ServiceFacts,
  cluster: string,
  parts: (...more: (string | undefined)[]) => string,
): LensText {
  const { service, ready, all, proxy, partial } = facts;
  const { spec } = service;
  const differing = own ? differences(manifest.object.root, own, service) : [];
  const lacking = manifest.kind === 'Service' ? lacksEveryPort(service, facts.slices) : undefined;
  const counts =
    manifest.kind === 'Service' ? countText(l10n, ready, all) : ownCounts(l10n, manifest, facts);
  const endpoints = lacking ? noEndpointText(lacking, l10n) : counts;
  const selectorless = Object.keys(spec.selector).length === 0;
  const untraced = whyUntraced(l10n, service);
  const tail = [
    untraced === undefined || all > 0 ? endpoints : undefined,
    selectorless && spec.type !== 'ExternalName' && manifest.kind === 'Service'
      ? l10n.t('no selector')
      : undefined,
    untraced === undefined ? proxy : undefined,
    differenceText(l10n, differing),
  ];
  const tooltip = [
    l10n.t('{0}/{1} in {2}', service.metadata.namespace, service.metadata.name, cluster),
    ...differing.map((difference) => explain(l10n, difference)),
    ...(partial === undefined ? [] : [partial]),
  ].join('\n');
  if (untraced !== undefined) {
    return plain([untraced, ...tail].filter((part) => part !== undefined).join(' | '), tooltip);
  }
  const addresses = spec.clusterIPs.length > 0 ? spec.clusterIPs : [spec.clusterIP ?? ''];
  const address = manifest.kind === 'Service' ? list(addresses, 'row') : undefined;
  return { title: parts(address, ...tail), tooltip, traces: true };
}

function plain(title: string, tooltip: string): LensText {
  return { title, tooltip, traces: false };
}

/** Services that kube-proxy has no rules for. */
function whyUntraced(l10n: L10n, service: ServiceObject): string | undefined {
  if (isProxied(service)) return undefined;
  const { spec } = service;
  if (spec.type === 'ExternalName') {
    return l10n.t('ExternalName {0}: a DNS alias, no rules of kube-proxy', spec.externalName ?? '');
  }
  if (spec.clusterIP === 'None') return l10n.t('Headless: DNS only, no rules of kube-proxy');
  return l10n.t('Labelled for another proxy: no rules of kube-proxy');
}

function countText(l10n: L10n, ready: number, all: number): string {
  if (all === 0) return l10n.t('no endpoints');
  return all === 1
    ? l10n.t('{0}/{1} endpoint', ready, all)
    : l10n.t('{0}/{1} endpoints', ready, all);
}

function differenceText(l10n: L10n, differing: readonly Difference[]): string | undefined {
  const [first, ...others] = differing;
  if (!first) return undefined;
  const text = l10n.t('differs from the cluster: {0}', briefly(l10n, first));
  return others.length === 0 ? text : `${text} ${l10n.t('and {0} more', others.length)}`;
}

function briefly(l10n: L10n, { field, here, there }: Difference): string {
  const none = l10n.t('none');
  return `${field} ${here === '' ? none : here} → ${there === '' ? none : there}`;
}

function explain(l10n: L10n, { field, here, there }: Difference): string {
  const none = l10n.t('none');
  return l10n.t(
    '{0}: {1} here, {2} in the cluster',
    field,
    here === '' ? none : here,
    there === '' ? none : there,
  );
}

/** How many of the manifest's own endpoints are ready, and how many the cluster has. */
function ownCounts(
  l10n: L10n,
  { object, name }: ManifestName,
  { slices, ready, all }: ServiceFacts,
): string {
  const read = readObject(toValue(object.root), object.kind);
  if (read?.kind === 'EndpointSlice') {
    const here = countReady(listedEndpoints([read]));
    const same = slices.find(({ metadata }) => metadata.name === name);
    const text = countText(l10n, here.ready, here.all);
    if (!same)
      return `${text} | ${l10n.t('slice not in the cluster: {0}', countText(l10n, ready, all))}`;
    return compared(l10n, here, countReady(listedEndpoints([same])));
  }
  if (read?.kind !== 'Endpoints') return countText(l10n, ready, all);
  const ips = (list: readonly { readonly ip: string }[]) => list.map(({ ip }) => ip);
  const readyIps = new Set(read.subsets.flatMap(({ addresses }) => ips(addresses)));
  const allIps = new Set([
    ...readyIps,
    ...read.subsets.flatMap(({ notReadyAddresses }) => ips(notReadyAddresses)),
  ]);
  return compared(l10n, { ready: readyIps.size, all: allIps.size }, { ready, all });
}

interface Counts {
  readonly ready: number;
  readonly all: number;
}

function compared(l10n: L10n, here: Counts, there: Counts): string {
  const text = countText(l10n, here.ready, here.all);
  if (here.ready === there.ready && here.all === there.all) return text;
  return `${text} | ${l10n.t('in the cluster: {0}', countText(l10n, there.ready, there.all))}`;
}
