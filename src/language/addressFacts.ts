import * as l10n from '@vscode/l10n';
import { formatNetwork, prefixLength, type Address, type Network } from '../core/address';
import { objectFactsOfNetwork, specialAddress, type AddressFact } from '../core/describe/address';
import type { ClusterObjects } from '../core/objects/types';
import { code, lineLink, shortList, strong, type Block } from '../workspace/hover/content';

/** What is known of an address: facts with links to where they stand, and what it is by itself. */
export function factBlocks(facts: readonly AddressFact[], address: Address): Block[] {
  const itself = specialAddress(address);
  return [
    ...(facts.length > 0
      ? [shortList(facts, ({ text, range }) => [range ? lineLink(range, text) : text])]
      : []),
    ...(itself === undefined ? [] : [[itself]]),
  ];
}

/** The same of a network, in rules and in the node's other dumps. */
export function networkBlocks(
  network: Network,
  objects: Pick<ClusterObjects, 'nodes'> | undefined,
): Block[] {
  const blocks: Block[] = [[strong(l10n.t('Network')), ' ', code(formatNetwork(network))]];
  if (prefixLength(network) === undefined) {
    blocks.push([l10n.t('The mask has holes: it compares single bits, not a prefix.')]);
  }
  const facts = objects ? objectFactsOfNetwork(objects, network) : [];
  return [...blocks, ...factBlocks(facts, network.address)];
}
