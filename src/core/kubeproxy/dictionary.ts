import type { ServiceObject } from '../objects/types';
import { protocolName, protocolNumber } from '../protocol';
import type { ServicePortName } from '../service';
import {
  endpointHashes,
  formatServicePortName,
  servicePortHashes,
  servicePortNamesIn,
  serviceProtocols,
} from './names';

/** A Service port that is known from a Service object. */
export interface KnownServicePort {
  readonly servicePort: ServicePortName;
  /** As in /etc/protocols. */
  readonly protocol: number;
}

/** The Service ports of objects. */
export function knownServicePorts(services: readonly ServiceObject[]): KnownServicePort[] {
  return services.flatMap(({ metadata: { namespace, name }, spec }) =>
    spec.ports.flatMap(({ name: port, protocol: text }) => {
      const protocol = protocolNumber(text);
      const servicePort = { namespace, name, port };
      return protocol === undefined ? [] : [{ servicePort, protocol }];
    }),
  );
}

/** A name with the protocol, in lower case, under which it was hashed. */
export interface HashedServicePort {
  readonly servicePort: ServicePortName;
  readonly protocol: string;
}

/**
 * From hashes to the names they were made of. A hash can't be turned back, so names come from
 * comments and from Kubernetes objects, and each is proved by hashing it.
 */
export interface NameDictionary {
  /** Adds the names of Service objects, whether a dump shows them or not. */
  readonly addKnown: (ports: Iterable<KnownServicePort>) => void;
  /** Adds every name in a comment, under the given protocol or, when unknown, under all. */
  readonly addComment: (text: string, protocol?: number) => void;
  readonly servicePort: (hash: string) => HashedServicePort | undefined;
  /**
   * Whose endpoint `10.244.0.3:3000` or `[fd00::3]:3000` is, by the hash in KUBE-SEP-: tries every
   * known name, so its time grows with the number of Services.
   */
  readonly endpoint: (hash: string, endpoint: string) => HashedServicePort | undefined;
}

export function nameDictionary(): NameDictionary {
  const byHash = new Map<string, HashedServicePort>();
  const byText = new Map<string, HashedServicePort>();

  const add = (servicePort: ServicePortName, protocol: string) => {
    const text = `${formatServicePortName(servicePort)}/${protocol}`;
    if (byText.has(text)) return;
    const entry = { servicePort, protocol };
    byText.set(text, entry);
    for (const hash of servicePortHashes(servicePort, protocol)) byHash.set(hash, entry);
  };

  return {
    addKnown: (ports) => {
      for (const { servicePort, protocol } of ports) add(servicePort, protocolName(protocol));
    },
    addComment: (text, protocol) => {
      const protocols = protocol === undefined ? serviceProtocols : [protocolName(protocol)];
      for (const servicePort of servicePortNamesIn(text)) {
        for (const name of protocols) add(servicePort, name);
      }
    },
    servicePort: (hash) => byHash.get(hash),
    endpoint: (hash, endpoint) => {
      for (const entry of byText.values()) {
        const { servicePort, protocol } = entry;
        if (endpointHashes(servicePort, protocol, endpoint).includes(hash)) return entry;
      }
      return undefined;
    },
  };
}
