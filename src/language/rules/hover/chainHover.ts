import * as l10n from '@vscode/l10n';
import { percent } from '../../../core/percent';
import { withPort } from '../../../core/address';
import { chainKind } from '../../../core/kubeproxy/chainKind';
import {
  identifyChain,
  identityText,
  type ChainIdentity,
} from '../../../core/kubeproxy/chainIdentity';
import { nameDictionary } from '../../../core/kubeproxy/dictionary';
import { endpointsOf } from '../../../core/kubeproxy/iptables/endpoints';
import { formatServicePortName, splitChainName } from '../../../core/kubeproxy/names';
import type { Chain, Table } from '../../../core/rules/ruleset';
import type { DumpContext } from '../context';
import {
  code,
  lineLink,
  quiet,
  shortList,
  strong,
  type Block,
  type Span,
} from '../../../workspace/hover/content';

/** A chain: what kind, of which Service port and endpoint, its rules, and who refers to it. */
export function chainBlocks(name: string, table: Table, context: DumpContext): Block[] {
  const chain = table.chains.get(name);
  const kind = chainKind(name, table.name);
  const where = table.name === '' ? '' : l10n.t` in table ${table.name}`;
  const heading = [strong(l10n.t('Chain')), ' ', code(name), where];
  const blocks: Block[] = [kind ? [...heading, `, ${kind.software}`] : heading];
  if (kind) blocks.push([kind.sentence]);

  const identity = identityOf(name, table, context);
  if (identity) blocks.push(...identityBlocks(name, identity));
  if (!chain) {
    const of = table.name === '' ? l10n.t('This dump') : l10n.t`Table ${table.name} of this dump`;
    blocks.push([l10n.t`${of} has no such chain.`]);
  } else {
    const prefix = splitChainName(name)?.prefix;
    if (prefix && prefix !== 'KUBE-SEP-') blocks.push(...endpointBlocks(table, name));
    blocks.push(sizeBlock(chain));
  }
  blocks.push(...referenceBlocks(name, table, context, kind?.kind === 'built-in'));
  return blocks;
}

function identityBlocks(name: string, identity: ChainIdentity): Block[] {
  const { servicePort, protocol, endpoint, disagreeing } = identity;
  const blocks: Block[] = [];
  if (servicePort) {
    const proof = quiet(l10n.t('(its name is the hash of this)'));
    const service = formatServicePortName(servicePort);
    blocks.push([l10n.t('Service port '), code(service), ` (${protocol ?? ''}) `, proof]);
  } else if (disagreeing) {
    const said = formatServicePortName(disagreeing);
    blocks.push([
      strong(l10n.t('The comments do not fit the name: ')),
      l10n.t`they say ${said}, but ${name} is not its hash${endpoint ? l10n.t` with ${endpoint}` : ''}.`,
    ]);
  } else {
    blocks.push([
      quiet(l10n.t('No name known here hashes to this one: neither a comment nor an object.')),
    ]);
  }
  if (endpoint) blocks.push([l10n.t`Endpoint `, code(endpoint)]);
  return blocks;
}

function endpointBlocks(table: Table, name: string): Block[] {
  const endpoints = endpointsOf(table, name);
  if (endpoints.length === 0) return [];
  const count =
    endpoints.length === 1 ? l10n.t('1 endpoint') : l10n.t`${endpoints.length} endpoints`;
  return [
    [l10n.t`${count}, with the share of new connections without session affinity:`],
    shortList(endpoints, ({ address, port, share, range }) => [
      lineLink(range, withPort(address, port)),
      share === undefined ? '' : ` ${percent(share)}`,
    ]),
  ];
}

function sizeBlock({ length, declared, base }: Chain): Block {
  const policy = base?.policy;
  const rules =
    length === 0 ? l10n.t('no rules') : length === 1 ? l10n.t('1 rule') : l10n.t`${length} rules`;
  const verdict = policy && policy !== '-' ? l10n.t`, policy ${policy}` : '';
  if (!declared) return [l10n.t`${rules}${verdict}; not declared in this dump`];
  return [l10n.t`${rules}${verdict}, declared in `, lineLink(declared)];
}

function referenceBlocks(
  name: string,
  { name: table }: Table,
  context: DumpContext,
  builtIn: boolean,
): Block[] {
  const { count, first } = context.references(table, name);
  if (count === 0) return builtIn ? [] : [[l10n.t('No rule of this dump jumps here.')]];
  const items = first.map((range): readonly Span[] => {
    const place = context.ruleAt(range.line);
    const who = place && `${place.chain.name} ${place.index + 1}`;
    return who ? [lineLink(range, who), l10n.t` (line ${range.line + 1})`] : [lineLink(range)];
  });
  if (count > items.length) items.push([quiet(l10n.t`and ${count - items.length} more`)]);
  return [
    [l10n.t`${count === 1 ? l10n.t('1 rule jumps') : l10n.t`${count} rules jump`} here:`],
    { items },
  ];
}

function identityOf(name: string, table: Table, context: DumpContext): ChainIdentity | undefined {
  const names = context.services()?.names ?? nameDictionary();
  const { first } = context.references(table.name, name);
  const referrers = first.flatMap(({ line }) => context.ruleAt(line)?.chain.name ?? []);
  return identifyChain(table, name, names, referrers);
}

/** What stands in brackets behind a chain in a sentence: `default/whoami`, `10.244.0.3:3000`. */
export function shortChainName(
  name: string,
  table: Table,
  context: DumpContext,
): string | undefined {
  const identity = identityOf(name, table, context);
  return identity && identityText(identity);
}
