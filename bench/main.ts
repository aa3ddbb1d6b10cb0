import { nodeParser } from '../src/inspect/nodeParser';
import { indexLines } from '../src/syntax/iptables/lines/lineIndex';
import { rulesetsOfText } from '../src/syntax/iptables/ruleset/ruleset';
import { textLines } from '../src/syntax/textLines';
import type { LineParser } from '../src/syntax/treeSitter';
import { measureActivation, measureBundle } from './bundle';
import { measureCheck } from './check';
import { measureExec } from './exec';
import { measureExpected } from './expected';
import { generateDump } from './generate';
import { measureEditor, type Row } from './language';
import { measureLargeDump } from './largeDump';
import { measureManifests } from './manifests';
import { bytesOf, formatMb, formatMs, formatTable, median, times } from './measure';
import { measureMemory } from './memory';
import { measureNft } from './nft';
import { measurePanel } from './panel';
import { restores } from './restore';
import { measureTraces } from './trace';
import { measureTree } from './tree';

/**
 * How fast a dump becomes useful, in relation to what else reads it in the same run: a machine's
 * milliseconds say little, ratios hold. Medians; nothing is asserted.
 */
const runs = 5;

/** From a text to its rulesets, with the first Service's chain decoded. */
function firstService(text: string, parser: LineParser): number {
  const [ruleset] = rulesetsOfText('bench', text, parser);
  const chains = ruleset!.tables.get('nat')!.chains;
  const service = [...chains.values()].find(({ name }) => name.startsWith('KUBE-SVC-'))!;
  for (let i = 0; i < service.length; i++) service.rule(i);
  return service.length;
}

function measureText(lines: number, parser: LineParser): Row[] {
  const text = generateDump(lines);
  const name = `${lines / 1000}k lines`;
  const split = times(runs, () => text.split('\n').length);
  const index = times(runs, () => indexLines(textLines(text)).count);
  const ready = times(runs, () => firstService(text, parser));
  const [splitMs, indexMs, readyMs] = [split, index, ready].map(median) as [number, number, number];
  const memory = bytesOf(() => indexLines(textLines(text)));
  const rows: Row[] = [
    [`${name}: text.split('\\n')`, formatMs(splitMs), ''],
    [`${name}: index`, formatMs(indexMs), ''],
    [`${name}: index, first run`, formatMs(index[0]!), ''],
    [`${name}: index / split`, (indexMs / splitMs).toFixed(1), ''],
    [`${name}: rulesets and a Service's chain`, formatMs(readyMs), ''],
    [`${name}: memory of the index`, formatMb(memory.bytes), lines <= 1e5 ? '100 MB' : ''],
  ];
  for (const restore of restores()) {
    const ms = median(times(lines <= 1e5 ? 3 : 1, () => restore.time(text)));
    rows.push(
      [`${name}: ${restore.name} --test`, formatMs(ms), ''],
      [`${name}: ${restore.name} / index`, (ms / indexMs).toFixed(1), 'over 3'],
      [`${name}: ${restore.name} / rulesets`, (ms / readyMs).toFixed(1), 'over 1'],
    );
  }
  return rows;
}

const parser = await nodeParser();
const dumps = process.argv.slice(2);
const head: Row = ['what', 'median', 'target'];
const rows: Row[] =
  dumps.length > 0
    ? [head, ...dumps.flatMap((file) => measureTraces(file, parser))]
    : [
        head,
        ...measureText(100_000, parser),
        ...measureEditor('100k lines', generateDump(100_000), parser),
        ...measureText(500_000, parser),
        ...measureNft(200_000),
        ...measureManifests(),
        ...measureExpected(),
        ...measureCheck(parser),
        ...(await measureExec()),
        ...(await measurePanel()),
        ...(await measureLargeDump()),
        ...(await measureTree()),
        ...(await measureMemory()),
        ...measureBundle(),
        ...measureActivation(),
      ];
console.log(formatTable(rows));
if (restores().length === 0) {
  console.log('Not compared with iptables-restore --test: it needs root and iptables.');
}
