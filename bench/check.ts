import { compareNodes } from '../src/core/compare/compare';
import { expectedRules } from '../src/core/expected';
import { savedText } from '../src/core/expected/text';
import { checkNode } from '../src/core/findings/checkNode';
import type { NodeState } from '../src/core/node';
import { finish } from '../src/core/work';
import { rulesetsOfText } from '../src/syntax/iptables/ruleset/ruleset';
import type { LineParser } from '../src/syntax/treeSitter';
import { clusterOf } from './expected';
import type { Row } from './language';
import { formatMs, inPieces } from './measure';

/** All findings of a node of 5,000 Services with 10 endpoints each, and two such nodes compared. */
export function measureCheck(parser: LineParser): readonly Row[] {
  const text = savedText(finish(expectedRules(clusterOf(5000, 10), 4))!);
  const node = (name: string): NodeState => ({
    name,
    rulesets: rulesetsOfText(`${name}/iptables-save.txt`, text, parser),
    findings: [],
  });
  // Nothing is read before: what both share would be counted once only.
  const check = inPieces(checkNode(node('node-a')), cpu);
  const compare = inPieces(compareNodes(node('node-a'), node('node-b')), cpu);
  return [
    ['5k Services: all findings, CPU', formatMs(check.total), 'under 3 s'],
    ['5k Services: all findings, longest slice', formatMs(check.longest), 'under 50 ms'],
    ['two nodes of 5k Services compared, CPU', formatMs(compare.total), 'under 5 s'],
    ['two nodes compared: longest slice', formatMs(compare.longest), 'under 50 ms'],
  ];
}

/** Milliseconds of CPU of this process, which other programs on the machine do not lengthen. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
