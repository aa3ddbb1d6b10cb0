import { compareNodes } from '../src/core/compare/compare';
import { expectedRules } from '../src/core/expected';
import { savedText } from '../src/core/expected/text';
import { checkNode } from '../src/core/findings/checkNode';
import type { NodeState } from '../src/core/node';
import { indexObjects } from '../src/core/objects/objectIndex';
import { finish, type Work } from '../src/core/work';
import { rulesetsOfText } from '../src/syntax/iptables/ruleset/ruleset';
import type { LineParser } from '../src/syntax/treeSitter';
import { clusterOf } from './expected';
import type { Row } from './language';
import { formatMs, inPieces } from './measure';

/** All findings of a node of 5,000 Services with 10 endpoints each, and two such nodes compared. */
export function measureCheck(parser: LineParser): readonly Row[] {
  const input = clusterOf(5000, 10);
  const objects = indexObjects(input.objects);
  const text = savedText(finish(expectedRules(input, 4))!);
  const node = (name: string): NodeState => ({
    name,
    rulesets: rulesetsOfText(`${name}/iptables-save.txt`, text, parser),
    findings: [],
  });
  // Nothing is read before: what both share would be counted once only.
  const check = inPieces(checkNode(node('node-a')));
  const compare = inPieces(compareNodes(node('node-a'), node('node-b')));
  const checking = cpuOf(checkNode(node('node-a')));
  const withObjects = cpuOf(checkNode(node('node-a'), { objects }));
  const comparing = cpuOf(compareNodes(node('node-a'), node('node-b')));
  return [
    ['5k Services: all findings, CPU', formatMs(checking), 'under 3 s'],
    ['5k Services: all findings, with objects, CPU', formatMs(withObjects), ''],
    ['5k Services: all findings, longest slice', formatMs(check.longest), 'under 50 ms'],
    ['two nodes of 5k Services compared, CPU', formatMs(comparing), 'under 5 s'],
    ['two nodes compared: longest slice', formatMs(compare.longest), 'under 50 ms'],
  ];
}

/**
 * Milliseconds of CPU of this process, which other programs on the machine do not lengthen. Asked for
 * at both ends alone: to ask at every one of 20,000 yields takes half a second by itself.
 */
function cpuOf(work: Work<unknown>): number {
  const before = process.cpuUsage();
  finish(work);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
