import * as l10n from '@vscode/l10n';
import { formatAddress } from '../../address';
import type { SourceRange } from '../../source';
import { kubeIpvsDevice } from '../../trace/ipvs/items';
import { addressesOfService } from '../../objects/types';
import type { Check, CheckContext } from '../check';
import { list } from '../../list';

/** An external IP that is a node's own: in ipvs mode every node then holds it (kubernetes#104679). */
export const nodeAddressOnDevice: Check = {
  code: 'node-address-on-kube-ipvs0',
  severity: 'error',
  title: l10n.t("kube-ipvs0 holds a node's own address"),
  *find({ node, objects, others }) {
    const device = node.interfaces?.find(({ name }) => name === kubeIpvsDevice);
    if (!device) return;
    for (const { address, range, scope } of device.addresses) {
      if (scope === 'link') continue;
      const text = formatAddress(address);
      const owners = ownersOf(text, { node, objects, others });
      const [first] = owners;
      if (!first) continue;
      const who = objects?.services.find((service) => addressesOfService(service).includes(text));
      const of = who ? l10n.t` (of Service ${who.metadata.namespace}/${who.metadata.name})` : '';
      yield {
        message: l10n.t`kube-ipvs0 holds ${text}${of}, an address of ${list(
          owners.map(({ name }) => name),
          'row',
        )}: every node answers for it, so that ssh and the API end on whichever node gets the packet.`,
        range,
        related: owners.flatMap(({ name, at }) =>
          at ? [{ message: l10n.t`of ${name}`, range: at }] : [],
        ),
      };
    }
  },
};

/** The same from the objects alone, before any node has bound it. */
export const externalIpOfNode: Check = {
  code: 'external-ip-is-node-address',
  severity: 'warning',
  title: l10n.t("a Service asks for a node's own address"),
  modes: ['ipvs'],
  *find({ node, objects, programmed: { ports } }) {
    const held = node.interfaces?.find(({ name }) => name === kubeIpvsDevice)?.addresses ?? [];
    const at = ports[0]?.service.range;
    for (const { metadata, spec, status, range } of objects?.services ?? []) {
      const asked = [...spec.externalIPs, ...status.loadBalancer.ingress.map(({ ip }) => ip ?? '')];
      for (const text of asked) {
        const owner = objects!.nodeAt(text);
        const place = range ?? at;
        // Where it is bound, the finding on kube-ipvs0 tells.
        if (!owner || !place || held.some(({ address }) => formatAddress(address) === text))
          continue;
        yield {
          message: l10n.t`Service ${metadata.namespace}/${metadata.name} asks for ${text}, an address of node ${owner.metadata.name}: in ipvs mode the other nodes take it for their own.`,
          range: place,
          service: `${metadata.namespace}/${metadata.name}`,
        };
      }
    }
  },
};

interface Owner {
  readonly name: string;
  readonly at?: SourceRange;
}

function ownersOf(
  text: string,
  { node, objects, others }: Pick<CheckContext, 'node' | 'objects' | 'others'>,
): readonly Owner[] {
  const held = [node, ...others].flatMap(({ name, interfaces = [] }) =>
    interfaces
      .filter((device) => device.name !== kubeIpvsDevice)
      .flatMap(({ name: device, addresses }) =>
        addresses
          .filter(({ address }) => formatAddress(address) === text)
          .map(({ range }) => ({ name: `${name} (${device})`, at: range })),
      ),
  );
  const object = objects?.nodeAt(text);
  return held.length > 0 || !object ? held : [{ name: l10n.t`node ${object.metadata.name}` }];
}
