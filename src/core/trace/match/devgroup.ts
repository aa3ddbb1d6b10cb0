import { l10n } from '../../l10n';
import { hex } from '../../hex';
import { missing } from '../../missing';
import type { NodeState } from '../../node';
import type { DeviceGroupMatch } from '../../rules/match';
import type { MaskedNumber, Negatable } from '../../rules/optionValue';
import { both, negate } from '../answer';
import type { Answer } from '../answer';
import { deviceGroup } from '../device';
import type { Device } from '../device';
import type { StatementContext } from './context';

/** devgroup_mt (net/netfilter/xt_devgroup.c). */
export function deviceGroupMatch(
  { source, destination }: DeviceGroupMatch,
  { node, run }: StatementContext,
): Answer {
  return both(inGroup(node, run.inDevice, source), inGroup(node, run.outDevice, destination));
}

function inGroup(
  node: NodeState,
  device: Device,
  asked: Negatable<MaskedNumber> | undefined,
): Answer {
  if (!asked) return true;
  const { value, mask } = asked.value;
  const group = deviceGroup(node, device);
  if (group !== undefined) return (((group ^ value) & mask) === 0) !== asked.negated;
  const name = device ?? l10n.t`the device`;
  const text = `${hex(value)}/${hex(mask)}`;
  const reason = node.interfaces
    ? l10n.t`the number of ${name}'s group is not known`
    : missing('ip addr');
  const open = {
    condition: l10n.t`${name} is in the group ${text}`,
    otherwise: l10n.t`${name} is not in the group ${text}`,
    unknown: reason,
    key: `devgroup ${device} ${text}`,
  };
  return negate(open, asked.negated);
}
