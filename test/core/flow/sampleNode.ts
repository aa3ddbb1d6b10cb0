import type { FoundService } from '../../../src/core/flow/places';
import { findServices } from '../kubeproxy/findServices';
import type { NodeState } from '../../../src/core/node';
import type { Ruleset } from '../../../src/core/rules/ruleset';
import type { ServiceView } from '../../../src/core/service';
import { readTexts, textsIn, type Texts } from '../../dumps';

export interface SampleNode {
  readonly node: NodeState;
  readonly ruleset: Ruleset;
  service(title: string): ServiceView;
  /** The Service with the rules that have it, as graphs take it. */
  found(title: string): FoundService;
}

/**
 * A node's real dumps in samples/.
 *
 * @param take Which files to read; all where it is left out.
 */
export async function sampleNode(
  folder: string,
  take: (name: string) => boolean = () => true,
): Promise<SampleNode> {
  const texts = [...textsIn(`samples/${folder}`)].filter(([name]) => take(name));
  return nodeOf(new Map(texts), folder.split('/').at(-1)!);
}

/** A node of dumps that a test writes down, by file name. */
export async function nodeOf(texts: Texts, name = 'node-a'): Promise<SampleNode> {
  const node = await readTexts(texts, name, { prefer: new Set(['iptables-save.txt']) });
  const ruleset = node.rulesets.find(({ family }) => family === 4)!;
  const service = (title: string): ServiceView => {
    const { services } = findServices(ruleset);
    const found = services.find((service) => service.title === title);
    if (!found) throw new Error(`no ${title} in ${services.map((one) => one.title).join(', ')}`);
    return found;
  };
  return {
    node,
    ruleset,
    service,
    found: (title) => ({ service: service(title), family: ruleset.family, ruleset }),
  };
}
