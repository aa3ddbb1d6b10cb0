import type { ProxyNode } from '../node';
import { modesSeen } from '../observe/mode';
import { unknown, type Outcome } from './comparison';

/** Rules of another mode tell nothing of what the file's mode would be given. */
export function otherMode(mode: string, node: ProxyNode): Outcome | undefined {
  const seen = modesSeen(node);
  if (seen.length === 0 || seen.some((one) => one.mode === mode)) return undefined;
  return unknown(`The rules are of ${seen[0]!.mode} mode, not of mode ${mode}.`, seen[0]!.range);
}
