import type { KernelFacts } from '../../core/expected/input';
import { parseAddress } from '../../core/address';
import type { ExpectedInput } from '../../core/expected/input';
import type { NetworkInterface } from '../../core/node';
import { sortObjects } from '../../core/objects/types';
import { readSettings } from '../../core/proxyconfig/settings';
import { readObject } from '../../syntax/objects/readObject';
import { parseYaml } from '../../syntax/yaml/parse';

/** A recording of what the real kube-proxy wrote: objects and configuration with the rules. */
export interface RecordedCase {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly objects: Readonly<Record<string, readonly unknown[]>>;
  readonly addrs: readonly { readonly ifname: string; readonly addrs: readonly string[] }[];
  readonly topology: { readonly sysctl: Readonly<Record<string, number | string>> };
  /** `iptables-save`. */
  readonly ruleset_in?: string;
  /** `nft list ruleset`, or what was loaded of iptables. */
  readonly ruleset: string;
}

/** What the rules of a case follow from. */
export function inputOfCase(
  recorded: Pick<RecordedCase, 'config' | 'objects' | 'addrs'>,
  mode: string,
  kernel: KernelFacts,
): ExpectedInput {
  const { config, addrs } = recorded;
  // A recording names all that there was, also where it is none.
  const objects = { serviceCidrs: [], ...sortObjects(objectsOf(recorded)) };
  const minor = /^v?1\.(\d+)/.exec(String(config['kubeProxyVersion']))?.[1];
  return {
    objects,
    settings: readSettings(parseYaml(JSON.stringify(configOf(config, mode))).root(0)),
    release: Number(minor),
    node: {
      // kube-proxy ran as the first Node.
      name: objects.nodes[0]?.metadata.name ?? '',
      interfaces: addrs.map(interfaceOf),
      kernel,
    },
  };
}

const kinds: Readonly<Record<string, string>> = {
  nodes: 'NodeList',
  services: 'ServiceList',
  endpointslices: 'EndpointSliceList',
  servicecidrs: 'ServiceCIDRList',
};

function objectsOf({ objects }: Pick<RecordedCase, 'objects'>) {
  return Object.entries(objects).flatMap(([key, items]) =>
    items.flatMap((item) => readObject(item, kinds[key]) ?? []),
  );
}

/** A case's configuration is flat; a KubeProxyConfiguration has sections. */
function configOf(config: RecordedCase['config'], mode: string): unknown {
  const { masqueradeAll, masqueradeBit, localhostNodePorts, bridgeInterface } = config;
  const section = { masqueradeAll, masqueradeBit };
  return {
    ...config,
    mode,
    detectLocal: { bridgeInterface, interfaceNamePrefix: config['interfaceNamePrefix'] },
    iptables: { ...section, localhostNodePorts },
    nftables: section,
  };
}

function interfaceOf(
  { ifname, addrs }: RecordedCase['addrs'][number],
  i: number,
): NetworkInterface {
  const range = { source: 'addrs', line: i, start: 0, end: 0 };
  return {
    index: i + 1,
    name: ifname,
    flags: [],
    range,
    addresses: addrs.flatMap((text) => {
      const [host = '', length] = text.split('/');
      const address = parseAddress(host);
      const prefixLength = Number(length);
      return address ? [{ address, prefixLength, scope: 'global', secondary: false, range }] : [];
    }),
  };
}
