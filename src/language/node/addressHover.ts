import * as l10n from '@vscode/l10n';
import { formatAddress, hostPort } from '../../core/address';
import {
  endpointsAt,
  nodeFactsAt,
  objectFactsAt,
  servicesAt,
  type AddressFact,
} from '../../core/describe/address';
import {
  code,
  lineLink,
  quiet,
  shortList,
  strong,
  type Block,
  type Span,
} from '../../workspace/hover/content';
import { factBlocks, networkBlocks } from '../addressFacts';
import { placeName, type NodeContext } from './context';
import type { Named } from './nodeIndex';
import { soughtAddress } from './ruleLines';
import { ruleSpans } from './setHover';
import { addressOf, type AddressWord } from './word';
import { list } from '../../core/list';
import { runInSlices } from '../../workspace/slices';

/** What an address is, and which elements and rules of the node name it. */
export async function addressWordBlocks(
  word: AddressWord,
  context: NodeContext,
  line: number,
): Promise<Block[]> {
  const address = addressOf(word);
  const { node, objects, index, text } = context;
  if (!address) return networkBlocks(word.network, objects);
  const services = byPort(servicesAt(index.services, address), word);
  const facts: AddressFact[] = [
    ...services.filter((fact) => !isNodePort(fact)),
    ...(await runInSlices(endpointsAt(index.services, address, word.port))),
    ...(objects ? objectFactsAt(objects, address) : []),
    ...nodeFactsAt(node, address),
    ...services.filter(isNodePort),
  ];
  const blocks = [heading(word, formatAddress(address)), ...factBlocks(facts, address)];
  const elements = index.named(address).filter(({ kind }) => kind === 'set');
  const others = elements.filter(
    ({ range }) => range.line !== line || range.source !== text.source,
  );
  if (others.length > 0) {
    blocks.push([l10n.t('In sets:')], shortList(others.sort(samePortFirst(word)), namedSpans));
  }
  const rules = await context.rulesNaming(soughtAddress(address));
  if (rules.length > 0) blocks.push([l10n.t('In rules:')], shortList(rules, ruleSpans));
  const unknown = notKnown(context);
  if (unknown !== undefined) blocks.push([quiet(unknown)]);
  return blocks;
}

/** `0AF40001:799A` is decoded; other endpoints are repeated as the parts of their words. */
function heading({ port, hex }: AddressWord, address: string): Block {
  const whole = hex === undefined || port === undefined ? address : hostPort(address, port);
  const spans: Span[] = [strong(l10n.t('Address')), ' ', code(whole)];
  return hex === undefined ? spans : [...spans, ' = ', code(hex)];
}

/** Facts with this port alone, if there are any. */
function byPort(facts: AddressFact[], { port, protocol }: AddressWord): AddressFact[] {
  const own = facts.filter(({ entry }) => entry?.port === port && entry?.protocol === protocol);
  return own.length > 0 ? own : facts;
}

/** A node's own address is that of each of its NodePorts, which are too many to come first. */
function isNodePort({ entry }: AddressFact): boolean {
  return entry?.kind === 'node-port';
}

function samePortFirst({ port }: AddressWord): (left: Named, right: Named) => number {
  const rank = (named: Named) => (named.port === port ? 0 : 1);
  return (left, right) => rank(left) - rank(right);
}

function namedSpans({ text, range }: Named): Span[] {
  return [code(text), ', ', lineLink(range, placeName(range))];
}

/** The parts of the node that could say more, and the commands that would give them. */
function notKnown({ node, objects }: NodeContext): string | undefined {
  const parts = (node.missing ?? [])
    .filter(({ part }) => part === 'interfaces' || part === 'sets' || part === 'IPVS')
    .map(({ command }) => command);
  const all = objects ? parts : [...parts, l10n.t('Kubernetes objects')];
  return all.length === 0 ? undefined : l10n.t`To say more, add: ${list(all, 'row')}.`;
}
