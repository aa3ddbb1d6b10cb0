import * as l10n from '@vscode/l10n';
import { sameAddress, type Address } from '../../core/address';
import { inKernelOrder } from '../../core/ipvs/kernelOrder';
import type { IpvsState } from '../../core/ipvs/state';
import type { IpSet } from '../../core/ipset/types';
import type { NetworkInterface, NodeState, Route, RoutingRule } from '../../core/node';
import { modeSources, type ProxyModeName, type ToldMode } from '../../core/kubeproxy/proxyMode';
import type { Ruleset } from '../../core/rules/ruleset';
import type { SourceRange } from '../../core/source';
import { finishWith } from '../../core/work';
import { baseName } from '../dumps/recognize';
import { kindOf } from '../dumps/kinds';
import { headerTime } from '../iptables/lines/headerTime';
import { outputsOfFiles } from './outputsOfFiles';
import {
  interfacesOfKernelRoutes,
  interfacesOfRoutes,
  joinRoutes,
  routesOfProc,
} from './nodeRoutes';
import { chooseParts } from './nodeParts';
import type { PartChoice } from './nodeParts';
import type { ClassifiedFile, NodeFolder } from './dumpFile';
import type { NodeFacts, NodePart } from './nodeFacts';
import { withLinks, type LinkDumps } from './nodeLinks';
import {
  factsOf,
  fileOf,
  miss,
  partOf,
  pauseOf,
  textOf,
  type Context,
  type NodeReader,
} from './readContext';
import { readProxy } from './readProxy';
import { readRules } from './readRules';
import { list } from '../../core/list';

/** A node's state, and which file each part of it came from. */
export interface NodeReading {
  readonly state: NodeState;
  readonly parts: readonly PartChoice[];
  /** Of a text with the dumps of several hosts: whose count. */
  readonly host?: string;
  /** Of each file with rules of iptables that was read, what it holds, before the node's are put together. */
  readonly rulesets: ReadonlyMap<string, readonly Ruleset[]>;
  /** Files of no known kind, or without what their kind has, of which nothing is in the state. */
  readonly unread: readonly string[];
  /** Where in its file a range of the state stands: of what was pasted the lines are read without margins. */
  original(range: SourceRange): SourceRange;
}

/** Reads what a node's files tell. A part that none tells stays undefined and is listed as missing. */
export async function readNode(folder: NodeFolder, reader: NodeReader): Promise<NodeReading> {
  const context: Context = {
    folder,
    reader,
    findings: [],
    missing: [],
    used: new Set(),
    unread: new Set(),
    texts: new Map(),
    pasted: new Map(),
    rulesets: new Map(),
  };
  const pause = pauseOf(reader);
  let host: string | undefined;
  const files = await outputsOfFiles(
    folder,
    (file) => textOf(context, file),
    (path, { others, text, ...own }) => {
      host = own.host;
      const before = context.pasted.get(path);
      const original = (range: SourceRange) => before?.original(range) ?? range;
      context.pasted.set(path, { text, older: [], original });
      context.texts.set(path, Promise.resolve(text));
      const reason = l10n.t`${path} holds dumps of several hosts: those of ${host ?? ''} count here, and those of ${list(others, 'row')} were left out. With its folder opened as a snapshot, each host is a node of its own.`;
      miss(context, 'other nodes', l10n.t('a file for each node'), reason);
    },
    pause,
  );
  context.folder = { ...folder, files };
  const parts = chooseParts(context.folder, reader.prefer);
  const rulesets = [
    ...(await readRules(context, parts, 'IPv4 rules', 'iptables-save')),
    ...(await readRules(context, parts, 'IPv6 rules', 'ip6tables-save')),
  ];
  const sets = await readSets(context, partOf(parts, 'sets'));
  const proc = await readProcRoutes(context);
  const devices = await readInterfaces(context, partOf(parts, 'interfaces'), proc);
  const links = await readLinks(context);
  const interfaces = devices.all && withLinks(devices.all, links);
  const { routes, some } = await readRoutes(context, partOf(parts, 'routes'), interfaces, proc);
  const someDevices = joinDevices([...(devices.some ?? []), ...some]);
  const routingRules = await readRoutingRules(context, partOf(parts, 'routing rules'));
  if (!routingRules)
    miss(context, 'routing rules', 'ip rule', l10n.t('No dump of the routing rules is at hand.'));
  const ipvs = await readIpvs(context, partOf(parts, 'IPVS'));
  const known = await readConnections(context);
  const sysctls = await readSysctls(context, partOf(parts, 'sysctls'));
  const proxyMode = await readMode(context);
  const proxy = await readProxy(context.folder.files, (file) => textOf(context, file), pause);
  const nftables = await readNft(context, partOf(parts, 'nftables'));
  const { findings, missing, used } = context;
  const captured = capturedAt(used);
  const state: NodeState = {
    name: folder.name,
    rulesets,
    sets,
    interfaces,
    someInterfaces:
      interfaces || someDevices.length === 0 ? undefined : withLinks(someDevices, links),
    routes,
    routingRules,
    ipvs,
    ...known,
    groups: await readGroups(context),
    ...sysctls,
    proxyMode,
    ...proxy,
    nftables,
    captured,
    missing,
    findings,
  };
  const { pasted } = context;
  const original = (range: SourceRange) => pasted.get(range.source)?.original(range) ?? range;
  const strange = files.filter(
    ({ path, kind, size }) => kind === 'unknown' && size > 0 && path !== proxyMode?.source,
  );
  const unread = new Set([...context.unread, ...strange.map(({ path }) => path)]);
  const ofFiles = await rulesetsOfFiles(context);
  return { state, parts, rulesets: ofFiles, unread: [...unread], original, host };
}

async function rulesetsOfFiles(context: Context): Promise<NodeReading['rulesets']> {
  const read = new Map<string, readonly Ruleset[]>();
  for (const [path, rulesets] of context.rulesets) read.set(path, (await rulesets) ?? []);
  return read;
}

/** The sets of all dumps; of one that several hold, the first whole one. */
async function readSets(
  context: Context,
  { files, empty }: PartChoice,
): Promise<ReadonlyMap<string, IpSet> | undefined> {
  const sets = new Map<string, IpSet>();
  for (const file of files) {
    for (const [name, set] of (await factsOf(context, file))?.sets ?? []) {
      if (sets.get(name)?.complete !== true) sets.set(name, set);
    }
  }
  if (sets.size === 0 && !empty) {
    miss(context, 'sets', 'ipset save', l10n.t('No dump of the ipsets is at hand.'));
    return undefined;
  }
  if ([...sets.values()].some((set) => !set.complete)) {
    const reason = l10n.t`${files[0]!.path} names sets without all of their elements.`;
    miss(context, 'sets', 'ipset save', reason);
  }
  return sets;
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

async function readIpvs(context: Context, choice: PartChoice): Promise<IpvsState | undefined> {
  if (choice.empty) return { source: choice.files[0]!.path, virtualServers: [] };
  let part: IpvsState | undefined;
  // Listings of counters and thresholds show at least which virtual servers there are.
  const others = context.folder.files.filter(
    (file) => /^ipvsadm-(stats|Ln)$/.test(file.kind) && !choice.files.includes(file),
  );
  for (const file of [...choice.files, ...others]) {
    const state = (await factsOf(context, file))?.ipvs;
    if (state && state.incomplete === undefined) return ordered(context, choice, state);
    part ??= state;
  }
  const reason = part
    ? `${part.source}: ${part.incomplete}`
    : l10n.t('No dump of the virtual servers is at hand.');
  miss(context, 'IPVS', 'cat /proc/net/ip_vs', reason);
  return part && ordered(context, choice, part);
}

/** ipvsadm sorts the real servers; where /proc/net/ip_vs is at hand, their order is taken from it. */
async function ordered(
  context: Context,
  { files }: PartChoice,
  state: IpvsState,
): Promise<IpvsState> {
  const proc = files.find(({ kind }) => kind === 'proc-ip_vs');
  if (state.kernelOrder === true || !proc) return state;
  const kernel = (await factsOf(context, proc))?.ipvs;
  return kernel ? finishWith(inKernelOrder(state, kernel), pauseOf(context.reader)) : state;
}

/** Connections that were there at the capture: a packet of one is decided by it. Seldom captured, so not missed. */
async function readConnections(
  context: Context,
): Promise<Pick<NodeState, 'connections' | 'ipvsConnections'>> {
  const known: { -readonly [K in 'connections' | 'ipvsConnections']?: NodeState[K] } = {};
  for (const file of context.folder.files) {
    if (kindOf(file.kind)?.part !== 'connections' || file.problem !== undefined) continue;
    const facts = await factsOf(context, file);
    known.connections ??= facts?.connections;
    known.ipvsConnections ??= facts?.ipvsConnections;
  }
  return known;
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

async function readSysctls(
  context: Context,
  { files }: PartChoice,
): Promise<Pick<NodeState, 'sysctls' | 'sysctlPlaces'>> {
  const sysctls = new Map<string, string>();
  const sysctlPlaces = new Map<string, SourceRange>();
  for (const file of files) {
    for (const [key, { value, range }] of (await factsOf(context, file))?.sysctls ?? []) {
      sysctls.set(key, value);
      sysctlPlaces.set(key, range);
    }
  }
  if (sysctls.size > 0) return { sysctls, sysctlPlaces };
  miss(context, 'sysctls', 'sysctl -a', l10n.t('No dump of the sysctls is at hand.'));
  return {};
}

/** What kube-proxy says of itself. */
async function readMode(context: Context): Promise<ToldMode | undefined> {
  const told = context.folder.files.filter(({ size, problem }) => size > 0 && !problem);
  for (const { file: name, kind, mode, says } of modeSources) {
    for (const file of told) {
      if (file.kind !== kind && !name.test(baseName(file.path))) continue;
      const found = mode.exec((await textOf(context, file)) ?? '')?.[1];
      if (found) return { name: found as ProxyModeName, source: file.path, says };
    }
  }
  return undefined;
}

/** Rules of nft; a dump that is empty says that there are none. */
async function readNft(
  context: Context,
  { files, empty }: PartChoice,
): Promise<NodeState['nftables']> {
  if (empty) {
    const source = files[0]!.path;
    return { source, tables: [], complete: true, findings: [] };
  }
  for (const file of files) {
    const facts = await factsOf(context, file);
    if (facts?.nftables) return facts.nftables;
  }
  return undefined;
}

function capturedAt(files: Iterable<ClassifiedFile>): string | undefined {
  for (const { head } of files) {
    const time = headerTime(head);
    if (time !== undefined) return time;
  }
  return undefined;
}
