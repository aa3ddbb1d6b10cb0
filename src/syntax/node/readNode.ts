import * as l10n from '@vscode/l10n';
import type { IpSet } from '../../core/ipset/types';
import type { NodeState } from '../../core/node';
import { modeSources, type ProxyModeName, type ToldMode } from '../../core/kubeproxy/proxyMode';
import type { Ruleset } from '../../core/rules/ruleset';
import type { SourceRange } from '../../core/source';
import { baseName } from '../dumps/recognize';
import { kindOf } from '../dumps/kinds';
import { headerTime } from '../iptables/lines/headerTime';
import { outputsOfFiles } from './outputsOfFiles';
import { chooseParts } from './nodeParts';
import type { PartChoice } from './nodeParts';
import type { ClassifiedFile, NodeFolder } from './dumpFile';
import {
  factsOf,
  miss,
  newContext,
  partOf,
  pauseOf,
  textOf,
  type Context,
  type NodeReader,
} from './readContext';
import { readIpvs } from './readIpvs';
import { readNetwork } from './readNetwork';
import { readProxy } from './readProxy';
import { readRules } from './readRules';
import { firstNames, list } from '../../core/list';

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
  const context = newContext(folder, reader);
  const { files, host } = await filesOfOneHost(context);
  context.folder = { ...folder, files };
  const parts = chooseParts(context.folder, reader.prefer);
  const rulesets = [
    ...(await readRules(context, parts, 'IPv4 rules', 'iptables-save')),
    ...(await readRules(context, parts, 'IPv6 rules', 'ip6tables-save')),
  ];
  const sets = await readSets(context, partOf(parts, 'sets'));
  const network = await readNetwork(context, parts);
  const ipvs = await readIpvs(context, partOf(parts, 'IPVS'));
  const known = await readConnections(context);
  const sysctls = await readSysctls(context, partOf(parts, 'sysctls'));
  const proxyMode = await readMode(context);
  const proxy = await readProxy(
    context.folder.files,
    (file) => textOf(context, file),
    pauseOf(reader),
  );
  const nftables = await readNft(context, partOf(parts, 'nftables'));
  const { findings, missing, used } = context;
  const captured = capturedAt(used);
  const state: NodeState = {
    name: folder.name,
    rulesets,
    sets,
    ...network,
    ipvs,
    ...known,
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

/** Of texts that hold dumps of several hosts those of one, which take the place of the whole. */
async function filesOfOneHost(
  context: Context,
): Promise<{ readonly files: readonly ClassifiedFile[]; readonly host: string | undefined }> {
  let host: string | undefined;
  const files = await outputsOfFiles(
    context.folder,
    (file) => textOf(context, file),
    (path, { others, text, ...own }) => {
      host = own.host;
      const before = context.pasted.get(path);
      const original = (range: SourceRange) => before?.original(range) ?? range;
      context.pasted.set(path, { text, older: [], original });
      context.texts.set(path, Promise.resolve(text));
      const reason = l10n.t`${path} holds dumps of several hosts: those of ${host ?? ''} count here, and those of ${list(firstNames(others), 'row')} were left out. With its folder opened as a snapshot, each host is a node of its own.`;
      miss(context, 'other nodes', l10n.t('a file for each node'), reason);
    },
    pauseOf(context.reader),
  );
  return { files, host };
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
