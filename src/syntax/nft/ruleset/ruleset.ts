import * as l10n from '@vscode/l10n';
import type { Finding } from '../../../core/finding';
import type { Chain, Gap, NamedObject, NftRuleset, Table } from '../../../core/rules/ruleset';
import { finish, type Work } from '../../../core/work';
import { RuleCache } from '../../ruleCache';
import { linesBetween, textLines } from '../../textLines';
import { nftBlocks } from '../../expected/nftBlocks';
import { indexNftLines } from '../lines/lineIndex';
import type { Block, NftBlocks, TableBlock } from '../structure/blocks';
import { readBlocks } from '../structure/readBlocks';
import { readCommands, type CommandBlock, type CommandTable } from '../structure/commands';
import { longestPrompt } from '../../shellPrompt';
import { ListedChain, type ChainPlaces, type NftText } from './chain';
import { eachPlace } from './eachPlace';
import { listingFindings, tellsAll } from './findings';
import { handleOf, wholeLine } from './handle';
import { readObject } from './objects';
import { readSet, type SetPlaces } from './set';
import type { IndexedNft } from './indexedNft';

/** Decoded, a rule with a map takes 25 times its text, so these are below 13 MB. */
const cachedCharacters = 500_000;

/**
 * What a text of `nft list ...` or of `nft` commands holds. Rules and elements are read when they are
 * asked for, so that this costs milliseconds also for 100,000 lines. A table or chain that is listed
 * twice is what the later listing says.
 */
export function* readNftRuleset(text: IndexedNft): Work<NftRuleset> {
  const { source, lines, index, blocks } = text;
  const held: NftText = { source, lines, index, cache: new RuleCache(cachedCharacters) };
  const commands = readCommands(lines, blocks.commands);
  const terse = isTerse(blocks);
  const parts = partsOf(text);
  const drafts = new Map<string, Draft>();
  for (const table of blocks.tables) {
    draftOf(drafts, table.family, table.name).blocks.push(table);
    yield;
  }
  for (const table of commands.tables.values()) {
    draftOf(drafts, table.family, table.name).commands = table;
  }
  const tables: Table[] = [];
  for (const draft of drafts.values()) {
    tables.push(yield* readTable(held, draft, { terse, parts }));
    yield;
  }
  const findings: Finding[] = listingFindings(text, commands.ignored);
  return {
    source,
    tables,
    complete: tellsAll(text),
    findings,
    texts: (family) => nftBlocks(linesBetween(lines, 0, lines.count), family),
  };
}

/** The same of a whole text at once. */
export function nftRuleset(source: string, text: string): NftRuleset {
  const lines = textLines(text);
  const index = indexNftLines(lines);
  const blocks = finish(readBlocks(index, lines));
  return finish(readNftRuleset({ source, lines, index, blocks }));
}

/** `nft -t` prints sets without their elements; a kube-proxy that runs has at least one ClusterIP. */
function isTerse({ tables }: NftBlocks): boolean {
  const sets = tables.flatMap(({ blocks }) =>
    blocks.filter(({ kind }) => /^(set|map)$/.test(kind)),
  );
  return sets.length > 0 && sets.every(({ elementsLine }) => elementsLine === undefined);
}

interface Draft {
  readonly family: TableBlock['family'];
  readonly name: string;
  readonly blocks: TableBlock[];
  commands?: CommandTable;
}

function draftOf(drafts: Map<string, Draft>, family: TableBlock['family'], name: string): Draft {
  const key = `${family ?? ''} ${name}`;
  const draft = drafts.get(key) ?? { family, name, blocks: [] };
  drafts.set(key, draft);
  return draft;
}

/**
 * The listings that have a part of their table alone: `nft list chain ip kube-proxy services` prints the chain
 * in its table. So has kube-proxy's table of one chain, set or map, where the command is not at hand.
 */
function partsOf({ lines, blocks: { tables, prompts } }: IndexedNft): ReadonlySet<TableBlock> {
  const parts = new Set<TableBlock>();
  let next = 0;
  let isOfOne = false;
  for (const table of tables) {
    for (; next < prompts.length && prompts[next]! < (table.line ?? table.end); next++) {
      const command = lines.line(prompts[next]!).slice(0, longestPrompt);
      isOfOne = /\blist (?:chain|set|map|flowtable|counter|quota|ct|limit|meter) /.test(command);
    }
    if (isOfOne || (table.name === 'kube-proxy' && table.blocks.length === 1)) parts.add(table);
  }
  return parts;
}

interface Listed {
  readonly terse: boolean;
  /** The listings of a part of their table alone. */
  readonly parts: ReadonlySet<TableBlock>;
}

function* readTable(text: NftText, draft: Draft, { terse, parts }: Listed): Work<Table> {
  const { source, lines } = text;
  const { name, family, blocks, commands } = draft;
  const chains = new Map<string, ChainPlaces>();
  const sets = new Map<string, SetPlaces>();
  const objects: NamedObject[] = [];
  for (const block of blocks.flatMap((table) => table.blocks)) {
    if (block.kind === 'object') objects.push(readObject(source, lines, block));
    else placesOf(block.kind, chains, sets).set(block.name, { name: block.name, block });
  }
  for (const command of commands?.blocks.values() ?? []) {
    const places = placesOf(command.kind, chains, sets);
    places.set(command.name, { ...places.get(command.name), name: command.name, command });
  }
  const isWhole = (table: TableBlock) => table.complete && !parts.has(table);
  const line = blocks[0]?.line ?? commands?.line;
  const header = line === undefined ? '' : lines.line(line);
  const handle = handleOf(header);
  const properties = blocks.flatMap((table) => table.properties).map((at) => lines.line(at).trim());
  const comment = properties
    .map((text) => /^comment "([^"]*)"/.exec(text)?.[1])
    .find((one) => one !== undefined);
  const read = yield* eachPlace(chains, (places) => new ListedChain(text, places, name, family));
  return {
    // A fragment without its beginning: nearly all that is pasted is of ip.
    family: family ?? 'ip',
    name,
    sets: yield* eachPlace(sets, (places) => readSet(source, lines, places, terse)),
    objects,
    ...(properties.some((text) => /^flags\b.*\bdormant\b/.test(text)) && { dormant: true }),
    ...(comment !== undefined && { comment }),
    ...(handle !== undefined && { handle }),
    chains: read,
    ...(line !== undefined && { declared: wholeLine(source, line, header) }),
    complete: blocks.length > 0 && blocks.every(isWhole),
    gaps: [
      ...blocks
        .filter((table) => !isWhole(table))
        .map((table) => {
          const at = table.line ?? table.blocks[0]?.line ?? 0;
          const range = wholeLine(source, at, lines.line(at));
          return { text: l10n.t`what the listing lacks of table ${name} changes nothing`, range };
        }),
      ...unreadBases(text, chains, read),
    ],
  };
}

/** Chains that netfilter calls, nobody knows when: of which hook or priority no version is known. */
function unreadBases(
  { source, lines }: NftText,
  places: ReadonlyMap<string, ChainPlaces>,
  chains: ReadonlyMap<string, Chain>,
): Gap[] {
  return [...places.values()].flatMap(({ name, block }): Gap[] => {
    const line = block?.baseLine;
    if (line === undefined || chains.get(name)?.base) return [];
    const text = l10n.t`chain ${name}, whose hook or priority is not understood, changes nothing`;
    return [{ text, range: wholeLine(source, line, lines.line(line)) }];
  });
}

function placesOf(
  kind: Block['kind'] | CommandBlock['kind'],
  chains: Map<string, ChainPlaces>,
  sets: Map<string, SetPlaces>,
): Map<string, { name: string; block?: Block; command?: CommandBlock }> {
  return kind === 'chain' ? chains : sets;
}
