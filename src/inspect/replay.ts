import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LineParser } from '../syntax/treeSitter';
import { complain } from './complain';
import type { Command } from './command';
import { nodeParser } from './nodeParser';
import type { Backend } from './oracle/compare';
import { countTests, levelFor } from './oracle/counts';
import type { OracleCase } from './oracle/format';
import { judgeCase } from './oracle/judge';
import type { Judgement } from './oracle/judge';
import { nodeOf } from './oracle/node';
import { print } from './print';

export const replay: Command = {
  help: `replay DIR...
    Traces the packets of folders of recorded kernel answers and compares: the same rules in the
    same order, verdict, final addresses and ports, mark; where chance decides, the branches'
    probabilities against the recorded counts. Exit code 1 when one differs, 2 when none is there.`,

  async run(folders) {
    if (folders.length === 0) {
      complain(`No folder is named.\n\n${this.help}`);
      return 2;
    }
    const parser = await nodeParser();
    const level = levelFor(await countAll(folders));
    const total = { agree: 0, differ: 0, unknown: 0 };
    for (const folder of folders) {
      for (const file of await filesOf(folder)) {
        const recorded = await readCase(folder, file);
        if (!isCase(recorded)) {
          print(`${file}: has no packets, so it is no recording`);
          continue;
        }
        const found = judgeFile(recorded, parser, level);
        print([`${file}: ${countsText(count(found))}`, ...found.flatMap(problem)].join('\n'));
        const counts = count(found);
        for (const key of results) total[key] += counts[key];
      }
    }
    if (!results.some((result) => total[result] > 0)) {
      complain(`No recorded answer lies in ${folders.join(', ')}.`);
      return 2;
    }
    print(countsText(total));
    return total.differ > 0 ? 1 : 0;
  },
};

async function filesOf(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
}

async function readCase(folder: string, file: string): Promise<OracleCase> {
  return JSON.parse(await readFile(join(folder, file), 'utf8')) as OracleCase;
}

/**
 * Other files lie beside recordings: what a kernel refused to load. Recordings of two modes
 * (`inspect migration`) have packets, too, but no ruleset of their own.
 */
function isCase(read: Partial<OracleCase>): boolean {
  return Array.isArray(read.packets) && read.ruleset !== undefined;
}

/** Before the first case is judged: what is a difference depends on how many tests there are. */
async function countAll(folders: readonly string[]): Promise<number> {
  let tests = 0;
  for (const folder of folders) {
    for (const file of await filesOf(folder)) {
      const found = await readCase(folder, file);
      if (isCase(found)) tests += countTests(found);
    }
  }
  return tests;
}

/** A packet of a case, and what came of it. */
export interface Judged extends Judgement {
  readonly packet: number;
  readonly backend: Backend;
}

const results = ['agree', 'differ', 'unknown'] as const;

/** All packets of a case; once more through what iptables-nft saved, where that is not the same. */
export function judgeFile(
  oracle: OracleCase,
  parser: LineParser,
  level = levelFor(countTests(oracle)),
): readonly Judged[] {
  if (oracle.ipset === undefined) return judged(oracle, parser, level, 'listing');
  return (['legacy', 'nft'] as const).flatMap((backend) => judged(oracle, parser, level, backend));
}

function judged(
  oracle: OracleCase,
  parser: LineParser,
  level: number,
  backend: Backend,
): readonly Judged[] {
  const { packets, ruleset_nft: other } = oracle;
  const answered = packets.map(({ nft }) => typeof nft === 'object' || (other && nft === 'same'));
  if (backend === 'nft' && !answered.some(Boolean)) return [];
  return judgeCase(nodeOf(oracle, parser, backend), oracle, backend, level)
    .flatMap((judgement, packet) => (judgement ? [{ ...judgement, packet, backend }] : []))
    .filter(({ packet }) => backend !== 'nft' || answered[packet]);
}

function problem({ result, reason, packet, backend }: Judged): readonly string[] {
  if (result === 'agree') return [];
  return [`  #${packet}${backend === 'nft' ? ' (nft)' : ''} ${result}: ${reason}`];
}

type Counts = Record<(typeof results)[number], number>;

function count(found: readonly Judged[]): Counts {
  const of = (wanted: string): number => found.filter(({ result }) => result === wanted).length;
  return { agree: of('agree'), differ: of('differ'), unknown: of('unknown') };
}

function countsText({ agree, differ, unknown }: Counts): string {
  return `agree ${agree} differ ${differ} unknown ${unknown} of ${agree + differ + unknown}`;
}
