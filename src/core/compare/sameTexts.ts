import type { ProgrammedPort } from '../kubeproxy/programmed';
import { withoutRuleCounters } from '../rules/ruleTexts';
import type { Chain, Table } from '../rules/ruleset';

/**
 * Whether two nodes surely do the same with what has come to a Service's chains: those, and the chains
 * of its endpoints, have the same texts, counters left out. A chain is named by a hash of the Service
 * and the endpoint, so that two nodes of one cluster mostly do; it is a hundred times as quick as to
 * decode the rules. False where they differ, or no dump has them as texts.
 */
export function haveSameTexts(left: ProgrammedPort, right: ProgrammedPort): boolean {
  const [ours, theirs] = [left, right].map(({ ruleset }) => ruleset?.tables.get('nat'));
  const chains = left.service.chains;
  if (!ours || !theirs || chains.length === 0) return false;
  if (chains.join() !== right.service.chains.join()) return false;
  // A set grows while it is walked.
  const names = new Set(chains);
  for (const name of names) {
    const lines = textsOf(ours, name);
    const others = textsOf(theirs, name);
    if (!lines || !others || lines.length !== others.length) return false;
    for (const [i, line] of lines.entries()) {
      if (line !== others[i]) return false;
      const to = endpointChain(line);
      if (to !== undefined) names.add(to);
    }
  }
  return true;
}

/** `KUBE-SEP-...` of `... -j KUBE-SEP-...`. */
function endpointChain(line: string): string | undefined {
  const jump = line.lastIndexOf(' -j KUBE-SEP-');
  return jump < 0 ? undefined : line.slice(jump + ' -j '.length);
}

function textsOf({ chains }: Table, name: string): readonly string[] | undefined {
  const chain: Chain | undefined = chains.get(name);
  if (!chain?.savedText) return undefined;
  const lines: string[] = [];
  for (let i = 0; i < chain.length; i++) {
    lines.push(withoutRuleCounters(chain.savedText(i)));
  }
  return lines;
}
