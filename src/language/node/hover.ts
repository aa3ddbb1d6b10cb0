import * as l10n from '@vscode/l10n';
import { describeDirections, describeEntry, describeSetType } from '../../core/describe/ipset';
import { describeColumn } from '../../core/describe/ipvs';
import { code, quiet, strong, type Block, type HoverContent } from '../../workspace/hover/content';
import { addressWordBlocks } from './addressHover';
import type { NodeContext } from './context';
import { ipvsBlocks } from './ipvsHover';
import { deviceBlocks, routeTypeBlocks } from './deviceHover';
import { entryOn, setBlocks } from './setHover';
import { nodeWordAt, type NodeWord } from './word';
import { list } from '../../core/list';
import { protocolNumber } from '../../core/protocol';

/** What there is to say about a word of a node's dump; undefined where that is nothing. */
export async function nodeHoverAt(
  context: NodeContext,
  line: number,
  column: number,
): Promise<HoverContent | undefined> {
  const word = nodeWordAt(context.text, line, column);
  if (!word) return undefined;
  const blocks = await blocksOf(word, context, line);
  return blocks.length > 0 ? { start: word.start, end: word.end, blocks } : undefined;
}

async function blocksOf(word: NodeWord, context: NodeContext, line: number): Promise<Block[]> {
  switch (word.what) {
    case 'address': {
      const blocks = await addressWordBlocks(word, context, line);
      return [...ipvsBlocks(word, context, line), ...blocks, ...entryBlocks(context, line)];
    }
    case 'ipvs':
      return ipvsBlocks(word, context, line);
    case 'heading': {
      const meaning = describeColumn(word.text);
      return meaning === undefined ? [] : [[strong(word.text)], [meaning]];
    }
    case 'set':
      return setBlocks(word, context);
    case 'set-type': {
      const meaning = describeSetType(word.type);
      return [
        [strong(l10n.t('Type')), ' ', code(word.type)],
        [meaning ?? quiet(l10n.t('a type not known here'))],
      ];
    }
    case 'entry':
      return entryBlocks(context, line);
    case 'device':
      return deviceBlocks(word.name, context.node);
    case 'route-type':
      return routeTypeBlocks(word.type);
  }
}

/** An element in words, and how a rule has to look it up. */
function entryBlocks({ text, node, index, objects }: NodeContext, line: number): Block[] {
  if (text.language !== 'ipset') return [];
  const found = entryOn(node, text.source, line);
  if (!found) return [];
  const { set, entry } = found;
  const blocks: Block[] = [
    [strong(l10n.t('Element')), l10n.t(' of '), code(set.name), ': ', describeEntry(entry)],
  ];
  const port = entry.parts.find((part) => part.kind === 'port');
  const nodePort = /NODE-PORT/.test(set.name) && port;
  if (nodePort) {
    // One number may be the NodePort of a Service for TCP and of another for UDP.
    const protocol = nodePort.protocol ?? protocolOfSet(set.name);
    const owners = index.services.filter(
      (service) =>
        (protocol === undefined || service.protocol === protocol) &&
        service.entries.some(({ kind, port }) => kind === 'node-port' && port === nodePort.from),
    );
    const titles = new Set(owners.map(({ title }) => title));
    if (titles.size > 0) blocks.push([l10n.t`NodePort of ${list(titles, 'row')}.`]);
  }
  const health = /HEALTH-CHECK/.test(set.name) && port;
  if (health && objects) {
    const owner = objects.services.find(({ spec }) => spec.healthCheckNodePort === health.from);
    if (owner) {
      blocks.push([
        l10n.t`healthCheckNodePort of ${owner.metadata.namespace}/${owner.metadata.name}.`,
      ]);
    }
  }
  const usual = usualDirections(set.type);
  const looked = usual && describeDirections(set.type, usual);
  if (looked !== undefined)
    blocks.push([quiet(l10n.t`Looked up as ${usual!.join(',')}: ${looked}.`)]);
  return blocks;
}

/** Of `KUBE-NODE-PORT-LOCAL-UDP`, a bitmap of bare ports; its name says which protocol's they are. */
function protocolOfSet(name: string): number | undefined {
  const [, protocol] = /-(TCP|UDP)$/.exec(name) ?? [];
  return protocol === undefined ? undefined : protocolNumber(protocol);
}

/** kube-proxy looks the first two parts up as the destination's, a third as the source's. */
function usualDirections(type: string): readonly string[] | undefined {
  const parts = type.slice(type.indexOf(':') + 1).split(',');
  return type.startsWith('list:') ? undefined : ['dst', 'dst', 'src'].slice(0, parts.length);
}
