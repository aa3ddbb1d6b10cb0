import type { Finding } from '../../core/finding';
import { inKernelOrder } from '../../core/ipvs/kernelOrder';
import type { IpvsState } from '../../core/ipvs/state';
import type { IpSet, MissingPart, NetworkInterface, NodeState, Route } from '../../core/node';
import { modeSources, type ProxyModeName, type ToldMode } from '../../core/kubeproxy/proxyMode';
import type { Ruleset } from '../../core/rules/ruleset';
import { baseName } from '../dumps/recognize';
import { kindOf, type DumpKindId } from '../dumps/kinds';
import type { DumpOrigin } from '../dumps/dumpKind';
import { headerTime } from '../iptables/lines/headerTime';
import { parseLinesInSlices } from '../lines';
import { interfacesOfRoutes, joinRoutes, routesOfProc } from './nodeRoutes';
import { chooseParts, isWholeSave } from './nodeParts';
import type { PartChoice } from './nodeParts';
import type { ClassifiedFile, NodeFolder } from './nodeFolder';
import type { NodeFacts } from './nodeFacts';

/** What reading a node needs from its surroundings. */
export interface NodeReader {
  /** The whole text of a file; a rejection leaves the part that it serves unknown. */
  text(path: string): Promise<string>;
  /** The rulesets of iptables dumps (tree-sitter is loaded by the caller); rejects as `text` does. */
  rulesets(
    source: string,
    text: () => Promise<string>,
  ): Promise<readonly Ruleset[]> | readonly Ruleset[];
  /** Awaited between slices of large dumps; may reject to stop all. */
  pause?(): Promise<void>;
  /** Paths to take before others that would do as well: the file that is open. */
  readonly prefer?: ReadonlySet<string>;
}

/** A node's state, and which file each part of it came from. */
export interface NodeReading {
  readonly state: NodeState;
  readonly parts: readonly PartChoice[];
}

/** Reads what a node's files tell. A part that none tells stays undefined and is listed as missing. */
export async function readNode(folder: NodeFolder, reader: NodeReader): Promise<NodeReading> {
  const parts = chooseParts(folder, reader.prefer);
  const context: Context = { folder, reader, findings: [], missing: [], used: [] };
  const rulesets = [
    ...(await readRules(context, parts, 'IPv4 rules', 'iptables-save')),
    ...(await readRules(context, parts, 'IPv6 rules', 'ip6tables-save')),
  ];
  const sets = await readSets(context, partOf(parts, 'sets'));
  const proc = await readProcRoutes(context);
  const interfaces = await readInterfaces(context, partOf(parts, 'interfaces'), proc);
  const routes = await readRoutes(context, partOf(parts, 'routes'), interfaces, proc);
  const routingRules = await readFirst(context, partOf(parts, 'routing rules'), 'routingRules');
  if (!routingRules)
    miss(context, 'routing rules', 'ip rule', 'No dump of the routing rules is at hand.');
  const ipvs = await readIpvs(context, partOf(parts, 'IPVS'));
  const known = await readConnections(context);
  const sysctls = await readSysctls(context, partOf(parts, 'sysctls'));
  const proxyMode = await readMode(context);
  const { nftables, proxyTables } = await readNft(context, partOf(parts, 'nftables'));
  const { findings, missing, used } = context;
  const captured = capturedAt(used);
  const state: NodeState = {
    name: folder.name,
    rulesets,
    sets,
    interfaces,
    routes,
    routingRules,
    ipvs,
    ...known,
    sysctls,
    proxyMode,
    nftables,
    proxyTables,
    captured,
    missing,
    findings,
  };
  return { state, parts };
}

interface Context {
  readonly folder: NodeFolder;
  readonly reader: NodeReader;
  readonly findings: Finding[];
  readonly missing: MissingPart[];
  readonly used: ClassifiedFile[];
}

function partOf(parts: readonly PartChoice[], name: PartChoice['part']): PartChoice {
  return parts.find(({ part }) => part === name)!;
}

function miss(
  { missing, folder }: Context,
  part: MissingPart['part'],
  command: string,
  reason: string,
): void {
  // A file that is there but failed says why better than "no dump".
  const failed = folder.files.find(
    (file) =>
      (file.problem ?? file.stderr ?? '') !== '' && file.size === 0 && isOfPart(file.kind, part),
  );
  const words = failed && (failed.problem ?? failed.stderr!.trim().split('\n', 1)[0]!);
  missing.push({ part, command, reason: words ? `${reason} ${failed.path}: ${words}` : reason });
}

function isOfPart(id: DumpKindId, part: MissingPart['part']): boolean {
  if (part === 'IPv6 rules') return id === 'ip6tables-save';
  if (part === 'IPv4 rules') return id !== 'ip6tables-save' && kindOf(id)?.part === 'rules';
  return kindOf(id)?.part === part;
}

/** What is read of a file; undefined, with a finding, where it can't be read. */
async function readOf<T>(
  context: Context,
  file: ClassifiedFile,
  read: () => Promise<T> | T,
): Promise<T | undefined> {
  try {
    const value = await read();
    context.used.push(file);
    return value;
  } catch (error) {
    const message = `The file could not be read: ${error instanceof Error ? error.message : String(error)}`;
    const range = { source: file.path, line: 0, start: 0, end: 0 };
    context.findings.push({ severity: 'error', code: 'unreadable-file', message, range });
    return undefined;
  }
}

function textOf(context: Context, file: ClassifiedFile): Promise<string | undefined> {
  return readOf(context, file, () => context.reader.text(file.path));
}

/** What a file tells, read by its kind's own reader; undefined where it can't be read. */
async function factsOf(
  context: Context,
  file: ClassifiedFile,
  origin: Omit<DumpOrigin, 'source'> = {},
): Promise<NodeFacts | undefined> {
  const text = await textOf(context, file);
  const parser = await kindOf(file.kind)?.read?.({ source: file.path, ...origin });
  if (text === undefined || !parser) return undefined;
  const pause = () => context.reader.pause?.() ?? Promise.resolve();
  const { value, findings } = await parseLinesInSlices(text, parser, pause);
  for (const finding of findings) context.findings.push(finding);
  return value;
}

async function readFirst<Part extends keyof NodeFacts>(
  context: Context,
  { files }: PartChoice,
  part: Part,
): Promise<NodeFacts[Part] | undefined> {
  for (const file of files) {
    const value = (await factsOf(context, file))?.[part];
    if (value !== undefined) return value;
  }
  return undefined;
}

async function readRules(
  context: Context,
  parts: readonly PartChoice[],
  part: 'IPv4 rules' | 'IPv6 rules',
  command: string,
): Promise<readonly Ruleset[]> {
  const { files, empty } = partOf(parts, part);
  const family = part === 'IPv4 rules' ? 4 : 6;
  if (empty) {
    const source = files[0]!.path;
    return [{ source, family, backend: 'unknown', tables: new Map(), findings: [] }];
  }
  const found: Ruleset[] = [];
  for (const file of files) {
    const { reader } = context;
    const rulesets = await readOf(context, file, () =>
      reader.rulesets(file.path, () => reader.text(file.path)),
    );
    if (rulesets === undefined) continue;
    await reader.pause?.();
    found.push(...rulesets);
    if (!isWholeSave(file)) {
      miss(context, part, command, `${file.path} holds only some of the tables or chains.`);
    }
  }
  if (found.length === 0) miss(context, part, command, `No dump of the ${part} is at hand.`);
  return found;
}

async function readSets(
  context: Context,
  choice: PartChoice,
): Promise<ReadonlyMap<string, IpSet> | undefined> {
  const sets = await readFirst(context, choice, 'sets');
  if (!sets) miss(context, 'sets', 'ipset save', 'No dump of the ipsets is at hand.');
  else if ([...sets.values()].some((set) => !set.complete)) {
    const reason = `${choice.files[0]!.path} names sets without all of their elements.`;
    miss(context, 'sets', 'ipset save', reason);
  }
  return sets;
}

/** The IPv4 routes of /proc, for nodes without `ip`. */
async function readProcRoutes(context: Context): Promise<readonly Route[] | undefined> {
  const trie = fileOf(context, 'proc-fib_trie');
  const main = fileOf(context, 'proc-route');
  const local = trie && (await factsOf(context, trie))?.routes;
  const routes = main && (await factsOf(context, main))?.routes;
  return local ? routesOfProc(local, routes) : routes;
}

function fileOf({ folder }: Context, kind: DumpKindId): ClassifiedFile | undefined {
  return folder.files.find((file) => file.kind === kind && file.size > 0);
}

async function readInterfaces(
  context: Context,
  choice: PartChoice,
  proc: readonly Route[] | undefined,
): Promise<readonly NetworkInterface[] | undefined> {
  for (const file of choice.files) {
    const interfaces = (await factsOf(context, file))?.interfaces;
    if (interfaces && interfaces.length > 0) return interfaces;
  }
  const own = interfacesOfRoutes(proc ?? []);
  if (own.length === 0) {
    miss(context, 'interfaces', 'ip addr', 'No dump of the addresses is at hand.');
    return undefined;
  }
  const inet6 = fileOf(context, 'proc-if_inet6');
  const six = inet6 && (await factsOf(context, inet6))?.interfaces;
  const devices = '/proc/net/fib_trie has the IPv4 addresses without their devices';
  const reason = six ? `${devices}.` : `${devices}, and no IPv6 addresses.`;
  miss(context, 'interfaces', 'ip addr', reason);
  return joinDevices([...own, ...(six ?? [])]);
}

/** One entry per device, though its families come from two files. */
function joinDevices(interfaces: readonly NetworkInterface[]): readonly NetworkInterface[] {
  const joined = new Map<string, NetworkInterface>();
  for (const device of interfaces) {
    const { name, addresses } = device;
    const known = joined.get(name);
    const all = [...(known?.addresses ?? []), ...addresses];
    joined.set(name, { ...device, addresses: all });
  }
  return [...joined.values()];
}

async function readRoutes(
  context: Context,
  choice: PartChoice,
  interfaces: readonly NetworkInterface[] | undefined,
  proc: readonly Route[] | undefined,
): Promise<readonly Route[] | undefined> {
  const dumps: (readonly Route[])[] = [];
  for (const file of choice.files) {
    if (file.kind !== 'ip-route') continue;
    const table = /-table-(\w+)/.exec(file.path)?.[1];
    const family = /-6-/.test(file.path) ? 6 : undefined;
    const options = { table: table === 'all' ? undefined : table, family } as const;
    const routes = (await factsOf(context, file, options))?.routes;
    if (routes) dumps.push(routes);
  }
  if (!dumps.flat().some(({ table }) => table === 'main')) {
    const inet6 = fileOf(context, 'proc-ipv6_route');
    const six = inet6 && (await factsOf(context, inet6))?.routes;
    dumps.push(proc ?? [], six ?? []);
  }
  const joined = joinRoutes(dumps, interfaces);
  for (const reason of joined.reasons) miss(context, 'routes', 'ip route show table all', reason);
  return joined.routes;
}

async function readIpvs(context: Context, choice: PartChoice): Promise<IpvsState | undefined> {
  if (choice.empty) return { source: choice.files[0]!.path, virtualServers: [] };
  let reason = 'No dump of the virtual servers is at hand.';
  for (const file of choice.files) {
    const state = (await factsOf(context, file))?.ipvs;
    if (state && state.incomplete === undefined) return ordered(context, choice, state);
    if (state?.incomplete !== undefined) reason = `${file.path}: ${state.incomplete}`;
  }
  miss(context, 'IPVS', 'cat /proc/net/ip_vs', reason);
  return undefined;
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
  return kernel ? inKernelOrder(state, kernel) : state;
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

async function readSysctls(
  context: Context,
  { files }: PartChoice,
): Promise<ReadonlyMap<string, string> | undefined> {
  const all = new Map<string, string>();
  for (const file of files) {
    const values = (await factsOf(context, file))?.sysctls;
    for (const [key, value] of values ?? []) all.set(key, value);
  }
  if (all.size > 0) return all;
  miss(context, 'sysctls', 'sysctl -a', 'No dump of the sysctls is at hand.');
  return undefined;
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

/** Rules of nft, and kube-proxy's own tables; a dump that is empty says that there are none. */
async function readNft(
  context: Context,
  { files, empty }: PartChoice,
): Promise<Pick<NodeState, 'nftables' | 'proxyTables'>> {
  if (empty) {
    const source = files[0]!.path;
    return { nftables: { source, tables: [], complete: true, findings: [] }, proxyTables: [] };
  }
  for (const file of files) {
    const facts = await factsOf(context, file);
    if (facts?.nftables) return facts;
  }
  return {};
}

function capturedAt(files: readonly ClassifiedFile[]): string | undefined {
  for (const { head } of files) {
    const time = headerTime(head);
    if (time !== undefined) return time;
  }
  return undefined;
}
