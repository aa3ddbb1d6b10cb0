import type { SourceRange } from '../../core/source';
import { formatAddress, type Address } from '../../core/address';
import type { NodeContext } from './context';
import type { Named } from './nodeIndex';
import { soughtAddress, soughtSet } from './ruleLines';
import { addressOf, nodeWordAt, type AddressWord, type NodeWord } from './word';

/** Places in the node's files that a word leads to. */
export interface Targets {
  /** The word itself. */
  readonly start: number;
  readonly end: number;
  readonly places: readonly SourceRange[];
}

/**
 * From a set's name to its `create` or `Name:` line; from an address to its line in ip addr, its
 * virtual servers and set elements, and the Service, Pod or Node that it is of.
 */
export function definitionsAt(
  context: NodeContext,
  line: number,
  column: number,
): Targets | undefined {
  const word = nodeWordAt(context.text, line, column);
  return word && targets(word, definitionsOf(word, context, line));
}

function definitionsOf(word: NodeWord, context: NodeContext, line: number): SourceRange[] {
  if (word.what === 'set') {
    const set = context.node.sets?.get(word.name);
    return set ? [set.range] : [];
  }
  if (word.what === 'device') {
    const device = (context.node.interfaces ?? context.node.someInterfaces)?.find(
      ({ name }) => name === word.name,
    );
    return device ? [device.range] : [];
  }
  const address = word.what === 'address' ? addressOf(word) : undefined;
  if (word.what !== 'address' || !address) return [];
  const named = context.index.named(address);
  const devices = named.filter(({ kind }) => kind === 'device');
  const entries = sameEndpoint(
    named.filter(({ kind }) => kind === 'virtual' || kind === 'set'),
    word,
  );
  const places = [
    ...objectsAt(address, context),
    ...[...devices, ...entries].map(({ range }) => range),
  ];
  const own = ({ source, line: at }: SourceRange) => source === context.text.source && at === line;
  const others = places.filter((place) => !own(place));
  return others.length > 0 ? others : places;
}

function objectsAt(address: Address, { objects }: NodeContext): SourceRange[] {
  if (!objects) return [];
  const text = formatAddress(address);
  const node = objects.nodeAt(text);
  const pods = node ? [] : objects.podsAt(text);
  return [...objects.servicesAt(text), ...(node ? [node] : []), ...pods].flatMap(({ range }) =>
    range ? [range] : [],
  );
}

/** Those of the word's port and protocol, if there are any. */
function sameEndpoint(named: readonly Named[], { port, protocol }: AddressWord): readonly Named[] {
  const same = named.filter(
    (each) =>
      (port === undefined || each.port === undefined || each.port === port) &&
      (protocol === undefined || each.protocol === undefined || each.protocol === protocol),
  );
  return same.length > 0 ? same : named;
}

/** Everything in the node's files that names the set or address. */
export async function referencesAt(
  context: NodeContext,
  line: number,
  column: number,
  withDeclaration: boolean,
): Promise<Targets | undefined> {
  const word = nodeWordAt(context.text, line, column);
  if (word?.what === 'set') {
    const set = context.node.sets?.get(word.name);
    const rules = await context.rulesNaming(soughtSet(word.name));
    const declaration = withDeclaration && set ? [set.range] : [];
    const members = [...(context.node.sets?.values() ?? [])]
      .filter(({ type }) => type.startsWith('list:'))
      .flatMap(({ entries }) => [...entries])
      .filter(({ parts }) => parts.some((part) => part.kind === 'set' && part.name === word.name));
    const places = [...rules, ...members].map(({ range }) => range);
    return targets(word, [...declaration, ...places]);
  }
  const address = word?.what === 'address' ? addressOf(word) : undefined;
  if (!word || !address) return undefined;
  const rules = await context.rulesNaming(soughtAddress(address));
  const named = context.index.named(address);
  return targets(
    word,
    [...named, ...rules].map(({ range }) => range),
  );
}

function targets({ start, end }: NodeWord, places: readonly SourceRange[]): Targets {
  return { start, end, places };
}
