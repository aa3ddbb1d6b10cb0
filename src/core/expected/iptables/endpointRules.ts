import type { Subject } from '../builder';
import type { Endpoint } from '../endpoints';
import type { ServicePort } from '../servicePorts';
import { endpointChain, type IptablesContext } from './context';
import { comment, host, probability } from './text';

/** The rules that lead from a chain of a Service port to its endpoints: who came before, then chance. */
export function addBalancing(
  context: IptablesContext,
  chain: string,
  port: ServicePort,
  title: string,
  endpoints: readonly Endpoint[],
): void {
  const { nat, release, family } = context;
  const decimals = release >= 17 ? 10 : 5;
  const chains = endpoints.map((endpoint) => endpointChain(context, port, title, endpoint));
  const notes = endpoints.map((endpoint) => noteOf(context, title, endpoint));
  // Until 1.22 those of KUBE-XLB- had a comment of their own.
  const numbered = chain.startsWith('KUBE-XLB-') && release <= 22;
  const subjects = endpoints.map((endpoint): Subject => ({ servicePort: port, endpoint }));
  if (port.affinity !== undefined) {
    const seconds = release >= 8 ? port.affinity : 10800;
    endpoints.forEach((_, i) => {
      const list = `--name ${chains[i]} ${sourceMask(family)} --rsource`;
      const recent = `-m recent --rcheck --seconds ${seconds} --reap ${list} `;
      nat.add(chain, `${notes[i]}${recent}-j ${chains[i]}`, 'affinity', subjects[i]);
    });
  }
  endpoints.forEach((_, i) => {
    const left = endpoints.length - i;
    const share = `-m statistic --mode random --probability ${probability(left, decimals)} `;
    const note = numbered ? comment(`Balancing rule ${i} for ${title}`) : notes[i];
    nat.add(chain, `${note}${left > 1 ? share : ''}-j ${chains[i]}`, 'endpoint', subjects[i]);
  });
}

function noteOf({ release, large }: IptablesContext, title: string, { text }: Endpoint): string {
  if (large || (release >= 12 && release <= 17)) return '';
  return comment(release >= 24 ? `${title} -> ${text}` : title);
}

/** KUBE-SEP-: masquerades what comes from the endpoint itself, remembers the client, translates. */
export function addEndpointChain(
  context: IptablesContext,
  port: ServicePort,
  title: string,
  endpoint: Endpoint,
): void {
  const { nat, release, large, family } = context;
  const chain = endpointChain(context, port, title, endpoint);
  const subject = { servicePort: port, endpoint };
  const { protocol, affinity } = port;
  const note = large || (release >= 12 && release <= 17) ? '' : comment(title);
  nat.chain(chain, subject);
  nat.add(chain, `-s ${host(endpoint.address)} ${note}-j KUBE-MARK-MASQ`, 'hairpin', subject);
  const list = `--name ${chain} ${sourceMask(family)} --rsource`;
  const recent = affinity === undefined ? '' : `-m recent --set ${list} `;
  const target = `-m ${protocol} -j DNAT --to-destination ${endpoint.text}`;
  nat.add(chain, `-p ${protocol} ${note}${recent}${target}`, 'dnat', subject);
}

function sourceMask(family: 4 | 6): string {
  return family === 4 ? '--mask 255.255.255.255' : '--mask ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';
}
