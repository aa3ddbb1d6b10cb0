import * as l10n from '@vscode/l10n';
import type { NodeState } from '../../core/node';
import type { IndexedObjects } from '../../core/objects/types';
import type { NodeIndex } from './nodeIndex';
import type { RuleLine, Sought } from './ruleLines';
import type { NodeText } from './word';

/** A dump, and what is known of the node that it was taken on. */
export interface NodeContext {
  readonly text: NodeText;
  readonly node: NodeState;
  readonly index: NodeIndex;
  readonly objects?: IndexedObjects | undefined;
  /** The lines of the node's rules that name a set or an address. */
  rulesNaming(sought: Sought): Promise<readonly RuleLine[]>;
}

/** `line 12 of ipset-save.txt`. */
export function placeName({ source, line }: { source: string; line: number }): string {
  const [name] = source.slice(source.lastIndexOf('/') + 1).split(/[?#]/, 1);
  return l10n.t`line ${line + 1} of ${name!}`;
}
