import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Family } from '../core/address';
import { expectedRules } from '../core/expected';
import type { ActualTables } from '../core/rules/ruleTexts';
import { compareChains } from '../core/expected/compare/chains';
import { kernelFactsOf } from '../core/expected/kernel';
import { finish } from '../core/work';
import { savedRules } from '../syntax/expected/savedRules';
import { nftBlocks } from '../syntax/expected/nftBlocks';
import { complain } from './complain';
import type { Command } from './command';
import { inputOfCase, type RecordedCase } from './expected/case';
import { outcomesOfDump } from './expected/dump';
import { joined, outcomeText, ruleCount, type Outcome } from './expected/report';
import { print } from './print';

export const expected: Command = {
  help: `expected DIR...
    Works out from objects and configuration what kube-proxy should have written, and compares it
    with what stands there, rule by rule: folders of recorded cases (JSON), or of a node's dumps
    beside objects/. Exit code 1 when one differs.`,

  async run(folders) {
    if (folders.length === 0) {
      complain(`No folder is named.\n\n${this.help}`);
      return 2;
    }
    const total = { equal: 0, differ: 0 };
    for (const folder of folders) {
      for (const outcome of await outcomesOf(folder)) {
        total[outcome.comparison.differences.length === 0 ? 'equal' : 'differ']++;
        print(outcomeText(outcome));
      }
    }
    print(`equal ${total.equal} differ ${total.differ} of ${total.equal + total.differ}`);
    return total.differ > 0 ? 1 : 0;
  },
};

async function outcomesOf(folder: string): Promise<readonly Outcome[]> {
  const names = (await readdir(folder)).sort();
  const outcomes: Outcome[] = [];
  for (const name of names.filter((each) => each.endsWith('.json'))) {
    const path = join(folder, name);
    if (!(await stat(path)).isFile()) continue;
    const recorded = JSON.parse(await readFile(path, 'utf8')) as RecordedCase;
    if (recorded.objects === undefined || recorded.config === undefined) continue;
    outcomes.push(judgeCase(name, recorded));
  }
  return outcomes.length > 0 ? outcomes : outcomesOfDump(folder);
}

/** Compares what is expected of a recording with what was recorded, both families together. */
export function judgeCase(name: string, recorded: RecordedCase): Outcome {
  const mode = String(recorded.config['mode']);
  const outcomes = families(recorded).map((family) => {
    const actual = actualOf(recorded, mode, family);
    const input = inputOfCase(recorded, mode, kernelFactsOf(actual, sysctlsOf(recorded)));
    const ruleset = finish(expectedRules(input, family));
    if (!ruleset) throw new Error(`${name}: its mode is none`);
    const comparison = finish(compareChains(ruleset, actual));
    return { rules: ruleCount(ruleset), comparison };
  });
  return joined(name, outcomes);
}

/** kube-proxy's nftables mode writes both tables where the node has both families. */
function families({ config, ruleset }: RecordedCase): readonly Family[] {
  const six = config['mode'] === 'nftables' && /^table ip6 kube-proxy\b/m.test(ruleset);
  return six ? [4, 6] : [4];
}

function actualOf(recorded: RecordedCase, mode: string, family: Family): ActualTables {
  if (mode === 'nftables') {
    return finish(nftBlocks(recorded.ruleset.split('\n'), family));
  }
  return finish(savedRules((recorded.ruleset_in ?? recorded.ruleset).split('\n')));
}

function sysctlsOf({ topology }: RecordedCase): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(topology.sysctl).map(([key, value]) => [
      key.replaceAll('/', '.'),
      String(value),
    ]),
  );
}
