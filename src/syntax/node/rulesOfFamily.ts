import type { Family } from '../../core/address';
import type { DumpKindId } from '../dumps/kinds';

/** `iptables-save` under the name or command of ip6tables is ip6tables-save. */
export function rulesOfFamily(kind: DumpKindId, family: Family | undefined): DumpKindId {
  return kind === 'iptables-save' && family === 6 ? 'ip6tables-save' : kind;
}
