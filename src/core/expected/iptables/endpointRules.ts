import { addressBits } from '../../address';
import { nameHash } from '../../kubeproxy/names';
import { mapInPieces, type Work } from '../../work';
import { ruleOf, type Subject } from '../builder';
import type { Endpoint } from '../endpoints';
import type { ServicePort } from '../servicePorts';
import type { IptablesContext } from './context';
import { chance, comment } from './text';

/** What the rules of a Service port's endpoints have in common. */
export interface EndpointWays {
  readonly port: ServicePort;
  readonly title: string;
  /** KUBE-SEP-: each name is a hash, and stands in several rules. */
  readonly chains: ReadonlyMap<Endpoint, string>;
}

export function* endpointWays(port: ServicePort, title: string): Work<EndpointWays> {
  const hashed = title + port.protocol;
  const chainOf = ({ text }: Endpoint) => `KUBE-SEP-${nameHash(hashed + text)}`;
  const { reachable } = port.choice;
  const named = yield* mapInPieces(reachable, (one) => [one, chainOf(one)] as const);
  return { port, title, chains: new Map(named) };
}

/** The rules that lead from a chain of a Service port to its endpoints: who came before, then chance. */
export function* addBalancing(
  { nat, release, family, large }: IptablesContext,
  chain: string,
  { port, title, chains }: EndpointWays,
  endpoints: readonly Endpoint[],
): Work<void> {
  const { rules } = nat.chain(chain);
  const bare = hasNoNote(release, large);
  const noteOf = ({ text }: Endpoint) =>
    bare ? '' : comment(release >= 24 ? `${title} -> ${text}` : title);
  if (port.affinity !== undefined) {
    const seconds = release >= 8 ? port.affinity : 10800;
    yield* mapInPieces(endpoints, (endpoint) => {
      const to = chains.get(endpoint)!;
      const list = `--name ${to} ${sourceMask(family)} --rsource`;
      const recent = `-m recent --rcheck --seconds ${seconds} --reap ${list} `;
      const subject: Subject = { servicePort: port, endpoint };
      rules.push(ruleOf(`${noteOf(endpoint)}${recent}-j ${to}`, 'affinity', subject));
    });
  }
  const decimals = release >= 17 ? 10 : 5;
  // Until 1.22 those of KUBE-XLB- had a comment of their own.
  const numbered = chain.startsWith('KUBE-XLB-') && release <= 22;
  yield* mapInPieces(endpoints.entries(), ([i, endpoint]) => {
    const note = numbered ? comment(`Balancing rule ${i} for ${title}`) : noteOf(endpoint);
    const text = `${note}${chance(endpoints.length - i, decimals)}-j ${chains.get(endpoint)}`;
    rules.push(ruleOf(text, 'endpoint', { servicePort: port, endpoint }));
  });
}

/** KUBE-SEP-: masquerades what comes from the endpoint itself, remembers the client, translates. */
export function* addEndpointChains(
  { nat, release, large, family }: IptablesContext,
  { port, title, chains }: EndpointWays,
  endpoints: readonly Endpoint[],
): Work<void> {
  const { protocol, affinity } = port;
  const note = hasNoNote(release, large) ? '' : comment(title);
  const mark = `/${addressBits(family)} ${note}-j KUBE-MARK-MASQ`;
  const matches = `-p ${protocol} ${note}`;
  const target = `-m ${protocol} -j DNAT --to-destination `;
  const plain = `${matches}${target}`;
  yield* mapInPieces(endpoints, (endpoint) => {
    const name = chains.get(endpoint)!;
    const subject: Subject = { servicePort: port, endpoint };
    const list = `--name ${name} ${sourceMask(family)} --rsource`;
    const dnat = affinity === undefined ? plain : `${matches}-m recent --set ${list} ${target}`;
    const rules = [
      ruleOf(`-s ${endpoint.address}${mark}`, 'hairpin', subject),
      ruleOf(`${dnat}${endpoint.text}`, 'dnat', subject),
    ];
    nat.chain(name, { servicePort: port, endpoint, rules });
  });
}

function hasNoNote(release: number, large: boolean): boolean {
  return large || (release >= 12 && release <= 17);
}

function sourceMask(family: 4 | 6): string {
  return family === 4 ? '--mask 255.255.255.255' : '--mask ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';
}
