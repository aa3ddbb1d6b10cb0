import * as l10n from '@vscode/l10n';
import { sameAddress, type Address } from '../../core/address';
import type { NetworkInterface, NodeState, Route, RoutingRule } from '../../core/node';
import { finishWith } from '../../core/work';
import { kindOf } from '../dumps/kinds';
import type { ClassifiedFile } from './dumpFile';
import type { NodeFacts, NodePart } from './nodeFacts';
import { withLinks, type LinkDumps } from './nodeLinks';
import type { PartChoice } from './nodeParts';
import {
  interfacesOfKernelRoutes,
  interfacesOfRoutes,
  joinRoutes,
  routesOfProc,
} from './nodeRoutes';
import { factsOf, fileOf, miss, partOf, pauseOf, type Context } from './readContext';

/** What a node's files tell of its devices, their addresses and groups, its routes and routing rules. */
export async function readNetwork(
  context: Context,
  parts: readonly PartChoice[],
): Promise<
  Pick<NodeState, 'interfaces' | 'someInterfaces' | 'routes' | 'routingRules' | 'groups'>
> {
  const proc = await readProcRoutes(context);
  const devices = await readInterfaces(context, partOf(parts, 'interfaces'), proc);
  const links = await readLinks(context);
  const interfaces = devices.all && withLinks(devices.all, links);
  const { routes, some } = await readRoutes(context, partOf(parts, 'routes'), interfaces, proc);
  const someDevices = joinDevices([...(devices.some ?? []), ...some]);
  const routingRules = await readRoutingRules(context, partOf(parts, 'routing rules'));
  if (!routingRules)
    miss(context, 'routing rules', 'ip rule', l10n.t('No dump of the routing rules is at hand.'));
  return {
    interfaces,
    someInterfaces:
      interfaces || someDevices.length === 0 ? undefined : withLinks(someDevices, links),
    routes,
    routingRules,
    groups: await readGroups(context),
  };
}

/** Of each family the first dump: `ip rule` and `ip -6 rule`; of IPv4 else what the trie of the routes proves. */
async function readRoutingRules(
  context: Context,
  { files }: PartChoice,
): Promise<readonly RoutingRule[] | undefined> {
  const families = new Map<number, readonly RoutingRule[]>();
  for (const file of files) {
    const family = file.origin?.family ?? 4;
    if (families.has(family)) continue;
    const rules = (await factsOf(context, file))?.routingRules;
    if (rules) families.set(family, rules);
  }
  const trie = families.has(4) ? undefined : fileOf(context, 'proc-fib_trie');
  const proven = trie && (await factsOf(context, trie))?.routingRules;
  if (proven) families.set(4, proven);
  return families.size === 0 ? undefined : [...families.values()].flat();
}

/** The IPv4 routes of /proc, for nodes without `ip`. */
async function readProcRoutes(context: Context): Promise<readonly Route[] | undefined> {
  const trie = fileOf(context, 'proc-fib_trie');
  const main = fileOf(context, 'proc-route');
  const local = trie && (await factsOf(context, trie))?.routes;
  const routes = main && (await factsOf(context, main))?.routes;
  return local ? routesOfProc(local, routes) : routes;
}

/** Devices of whole listings, or what parts of one prove. */
interface Interfaces {
  readonly all?: readonly NetworkInterface[];
  readonly some?: readonly NetworkInterface[];
}

async function readInterfaces(
  context: Context,
  choice: PartChoice,
  proc: readonly Route[] | undefined,
): Promise<Interfaces> {
  const all: NetworkInterface[] = [];
  const some: NetworkInterface[] = [];
  for (const file of choice.files) {
    const interfaces = (await factsOf(context, file))?.interfaces ?? [];
    const whole =
      file.origin?.filter === undefined &&
      interfaces.some(({ name, addresses }) => name === 'lo' && addresses.length > 0);
    for (const one of interfaces) (whole ? all : some).push(one);
  }
  if (all.length > 0) return { all: joinDevices([...all, ...some]) };
  const own = interfacesOfRoutes(proc ?? []);
  if (own.length === 0) {
    const reason =
      some.length > 0
        ? l10n.t('The dumps of the addresses show only some of the devices.')
        : l10n.t('No dump of the addresses is at hand.');
    miss(context, 'interfaces', 'ip addr', reason);
    return some.length > 0 ? { some: joinDevices(some) } : {};
  }
  const inet6 = fileOf(context, 'proc-if_inet6');
  const six = inet6 && (await factsOf(context, inet6))?.interfaces;
  const reason = six
    ? l10n.t('/proc/net/fib_trie has the IPv4 addresses without their devices.')
    : l10n.t(
        '/proc/net/fib_trie has the IPv4 addresses without their devices, and no IPv6 addresses.',
      );
  miss(context, 'interfaces', 'ip addr', reason);
  return { all: joinDevices([...own, ...(six ?? [])]) };
}

/** One entry per device, though its families come from two files. */
function joinDevices(interfaces: readonly NetworkInterface[]): readonly NetworkInterface[] {
  const joined = new Map<string, NetworkInterface>();
  for (const device of interfaces) {
    const { name, addresses } = device;
    const known = joined.get(name);
    const more = addresses.filter(
      ({ address }) => !known?.addresses.some((other) => sameAddress(other.address, address)),
    );
    joined.set(name, { ...(known ?? device), addresses: [...(known?.addresses ?? []), ...more] });
  }
  return [...joined.values()];
}

async function readRoutes(
  context: Context,
  choice: PartChoice,
  interfaces: readonly NetworkInterface[] | undefined,
  proc: readonly Route[] | undefined,
): Promise<Pick<NodeState, 'routes'> & { readonly some: readonly NetworkInterface[] }> {
  const dumps: (readonly Route[])[] = [];
  for (const file of choice.files) {
    if (file.kind !== 'ip-route' && file.kind !== 'route-n') continue;
    const routes = (await factsOf(context, file))?.routes;
    if (routes) dumps.push(routes);
  }
  if (!dumps.flat().some(({ table }) => table === 'main')) {
    const inet6 = fileOf(context, 'proc-ipv6_route');
    const six = inet6 && (await factsOf(context, inet6))?.routes;
    dumps.push(proc ?? [], six ?? []);
  }
  const joined = await finishWith(joinRoutes(dumps, interfaces), pauseOf(context.reader));
  for (const reason of joined.reasons) miss(context, 'routes', 'ip route show table all', reason);
  return { routes: joined.routes, some: interfacesOfKernelRoutes(dumps.flat()) };
}

/** Ports, neighbours and what bridges learned; seldom captured, so not missed. */
async function readLinks(context: Context): Promise<LinkDumps> {
  const facts: NodeFacts[] = [];
  for (const part of ['links', 'neighbours', 'forwarding'] as const) {
    for (const file of filesOf(context, part)) facts.push((await factsOf(context, file)) ?? {});
  }
  return {
    links: facts.flatMap(({ links }) => links ?? []),
    neighbours: facts.flatMap(({ neighbours }) => neighbours ?? []),
    learned: facts.flatMap(({ learned }) => learned ?? []),
  };
}

/** Of each device the groups of all dumps: /proc/net/igmp and igmp6 have a family each. */
async function readGroups(context: Context): Promise<NodeState['groups']> {
  const groups = new Map<string, readonly Address[]>();
  for (const file of filesOf(context, 'groups')) {
    for (const [device, joined] of (await factsOf(context, file))?.groups ?? []) {
      groups.set(device, [...(groups.get(device) ?? []), ...joined]);
    }
  }
  return groups.size === 0 ? undefined : groups;
}

function filesOf({ folder }: Context, part: NodePart): readonly ClassifiedFile[] {
  return folder.files.filter(
    ({ kind, size, problem }) => size > 0 && !problem && kindOf(kind)?.part === part,
  );
}
