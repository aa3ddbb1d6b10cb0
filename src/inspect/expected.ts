import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expectedRules } from '../core/expected';
import { compareChains } from '../core/expected/compare/chains';
import { kernelFactsOf } from '../core/expected/kernel';
import { finish } from '../core/work';
import { savedRules } from '../syntax/expected/savedRules';
import type { Command } from './command';
import { inputOfCase, type RecordedCase } from './expected/case';
import { outcomeText, type Outcome } from './expected/report';

export const expected: Command = {
  help: `expected DIR...
    Works out from objects and configuration what kube-proxy should have written, and compares it
    with what stands there, rule by rule: folders of recorded cases (JSON), or of a node's dumps
    beside objects/. Exit code 1 when one differs.`,

  async run(folders) {
    if (folders.length === 0) {
      console.error(`No folder is named.\n\n${this.help}`);
      return 2;
    }
    const total = { equal: 0, differ: 0 };
    for (const folder of folders) {
      for (const outcome of await outcomesOf(folder)) {
        total[outcome.comparison.differences.length === 0 ? 'equal' : 'differ']++;
        console.log(outcomeText(outcome));
      }
    }
    console.log(`equal ${total.equal} differ ${total.differ} of ${total.equal + total.differ}`);
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
  return outcomes;
}

function judgeCase(name: string, recorded: RecordedCase): Outcome {
  const text = recorded.ruleset_in ?? recorded.ruleset;
  const actual = finish(savedRules(text.split('\n')));
  const kernel = kernelFactsOf(actual, sysctlsOf(recorded));
  const input = inputOfCase(recorded, String(recorded.config['mode']), kernel);
  const ruleset = finish(expectedRules(input, 4));
  if (!ruleset) throw new Error(`${name}: its mode is none`);
  const chains = [...ruleset.tables.values()].flatMap((table) => [...table.chains.values()]);
  return {
    name,
    rules: chains.reduce((sum, { rules }) => sum + rules.length, 0),
    comparison: finish(compareChains(ruleset, actual)),
  };
}

function sysctlsOf({ topology }: RecordedCase): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(topology.sysctl).map(([key, value]) => [
      key.replaceAll('/', '.'),
      String(value),
    ]),
  );
}
