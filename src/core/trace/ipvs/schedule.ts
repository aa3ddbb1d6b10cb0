import type { RealServer, VirtualServer } from '../../ipvs/state';
import { chooseServer } from '../../ipvs/schedulers';
import type { Environment, Option } from '../environment';
import { withPort } from '../headerText';
import type { HookRun, State } from '../state';
import { boundFlow } from './table';

/** What becomes of a packet that opens a connection. */
export type Schedule =
  | { readonly kind: 'server'; readonly real: RealServer; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'fork'; readonly options: readonly Option[] };

/** Asks the scheduler, and makes a branch of each real server that it may choose. */
export function schedule(
  environment: Environment,
  state: State,
  run: HookRun,
  virtual: VirtualServer,
): Schedule {
  const { header } = state;
  const bound = boundFlow(state, virtual);
  if (bound) {
    const reason = `the client is bound to it (persistent ${virtual.persistent})`;
    return { kind: 'server', real: bound.real, reason };
  }
  const context = { kernelOrder: environment.node.ipvs?.kernelOrder };
  const choice = chooseServer(virtual, header, context);
  const scheduler = virtual.scheduler ?? 'the scheduler';
  const option = (real: RealServer, condition: string, more: Partial<Option> = {}): Option => ({
    condition: `${condition} ${withPort(real.address, real.port)}`,
    ...more,
    enter: (branch) => connect(environment, branch, run, virtual, real),
  });
  switch (choice.kind) {
    case 'fixed':
      return { kind: 'server', real: choice.server, reason: choice.reason };
    case 'refused':
      return choice;
    case 'by-connections': {
      const next = (real: RealServer): string =>
        real === choice.next ? ', by the counts in the dump the next is' : ':';
      const options = choice.servers.map((real) =>
        option(real, `${scheduler} goes by connections${next(real)}`),
      );
      return only(choice.servers, options, choice.reason);
    }
    case 'unknown': {
      const unknown = choice.reason;
      const options = choice.servers.map((real) =>
        option(real, `${scheduler} chooses`, { unknown }),
      );
      return only(choice.servers, options, unknown);
    }
    case 'shares': {
      const used = [...choice.shares].filter(([, share]) => share > 0);
      const options = used.map(([real, probability]) =>
        option(real, `${scheduler} chooses`, { probability }),
      );
      return only(
        used.map(([real]) => real),
        options,
        `${scheduler}: the only one with a weight`,
      );
    }
  }
}

/** No fork where there is but one way. */
function only(
  servers: readonly RealServer[],
  options: readonly Option[],
  reason: string,
): Schedule {
  const [real] = servers;
  return real && servers.length === 1
    ? { kind: 'server', real, reason }
    : { kind: 'fork', options };
}

/** ip_vs_conn_new: from now on the packet belongs to a connection with this real server. */
export function connect(
  environment: Environment,
  state: State,
  run: HookRun,
  virtual: VirtualServer,
  real: RealServer,
): void {
  const { protocol, source, sourcePort, destination, destinationPort } = state.header;
  state.ipvs = [
    {
      protocol,
      client: source,
      clientPort: sourcePort,
      address: destination,
      port: destinationPort,
      virtual,
      real,
      realPort: real.port === 0 ? destinationPort : real.port,
      tracked: isTracked(environment),
      finished: 'none',
    },
    ...state.ipvs,
  ];
  const to = withPort(real.address, real.port);
  state.steps.push({
    kind: 'ipvs',
    hook: run.hook,
    direction: 'in',
    mark: state.mark,
    virtual,
    real,
    range: real.range,
    effect: `real server ${to} ${real.method}, weight ${real.weight}`,
  });
}

/** net.ipv4.vs.conntrack, which kube-proxy sets to 1 (pkg/proxy/ipvs/proxier.go, NewProxier). */
function isTracked({ node, assume }: Environment): boolean {
  const value = node.sysctls?.get('net.ipv4.vs.conntrack');
  if (value === undefined) assume('net.ipv4.vs.conntrack is 1, as kube-proxy sets it');
  return value !== '0';
}
