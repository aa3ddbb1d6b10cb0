import { withPort } from '../address';
import type { Table } from '../rules/ruleset';
import type { ServicePortName } from '../service';
import type { NameDictionary } from './dictionary';
import { destinationRewrite } from './iptables/endpoints';
import {
  endpointHashes,
  formatServicePortName,
  servicePortNamesIn,
  serviceProtocols,
  splitChainName,
} from './names';

/** What kube-proxy's chain of a Service port or endpoint stands for. */
export interface ChainIdentity {
  /** undefined when no known name hashes to the chain's. */
  readonly servicePort?: ServicePortName;
  /** `tcp`, `udp`, `sctp`: the one that was hashed. */
  readonly protocol?: string;
  /** KUBE-SEP- only: `10.244.0.3:3000`, from the DNAT rule. */
  readonly endpoint?: string;
  /** A name that the chain's comments say, but that does not hash to its name. */
  readonly disagreeing?: ServicePortName;
}

/** How many rules of a chain are read for comments: kube-proxy names the Service in the first ones. */
const rulesRead = 4;

/**
 * Which Service port or endpoint a chain is of, proved by its hash. Names come from the dictionary,
 * from the comments of the chain itself, and for an endpoint from the chains that jump to it,
 * `referrers`. undefined for chains whose name is no such hash.
 */
export function identifyChain(
  table: Table,
  name: string,
  names: NameDictionary,
  referrers: readonly string[] = [],
): ChainIdentity | undefined {
  const hashed = splitChainName(name);
  if (!hashed) return undefined;
  const comments = commentsOf(table, name);
  for (const comment of comments) names.addComment(comment);
  const [said] = comments.flatMap(servicePortNamesIn);
  if (hashed.prefix !== 'KUBE-SEP-') {
    const found = names.servicePort(hashed.hash);
    return found ?? { disagreeing: said };
  }
  const chain = table.chains.get(name);
  const dnat = chain && destinationRewrite(chain);
  if (!dnat?.addresses || !dnat.ports) return { disagreeing: undefined };
  const endpoint = withPort(dnat.addresses.from, dnat.ports.from);
  // These first: they spare hashing every Service of the cluster.
  const near = [
    ...(said ? serviceProtocols.map((protocol) => ({ servicePort: said, protocol })) : []),
    ...referrers.flatMap((referrer) => {
      const service = splitChainName(referrer);
      return (service && names.servicePort(service.hash)) ?? [];
    }),
  ];
  const own = near.find(({ servicePort, protocol }) =>
    endpointHashes(servicePort, protocol, endpoint).includes(hashed.hash),
  );
  if (own) return { ...own, endpoint };
  const found = names.endpoint(hashed.hash, endpoint);
  return found ? { ...found, endpoint } : { endpoint, disagreeing: said };
}

/** In few words: `default/whoami`, `10.244.0.3:3000`, or both; undefined where neither is known. */
export function identityText({ servicePort, endpoint }: ChainIdentity): string | undefined {
  const service = servicePort && formatServicePortName(servicePort);
  return [service, endpoint].filter((part) => part !== undefined).join(', ') || undefined;
}

function commentsOf(table: Table, name: string): string[] {
  const chain = table.chains.get(name);
  const comments: string[] = [];
  for (let i = 0; chain && i < Math.min(chain.length, rulesRead); i++) {
    for (const match of chain.rule(i).matches) {
      if (match.kind === 'comment') comments.push(match.text);
    }
  }
  return comments;
}
