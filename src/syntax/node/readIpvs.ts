import * as l10n from '@vscode/l10n';
import { inKernelOrder } from '../../core/ipvs/kernelOrder';
import type { IpvsState } from '../../core/ipvs/state';
import { finishWith } from '../../core/work';
import type { PartChoice } from './nodeParts';
import { factsOf, miss, pauseOf, type Context } from './readContext';

/** A node's virtual servers, of the first dump that has all of them. */
export async function readIpvs(
  context: Context,
  choice: PartChoice,
): Promise<IpvsState | undefined> {
  if (choice.empty) return { source: choice.files[0]!.path, virtualServers: [] };
  let part: IpvsState | undefined;
  // Listings of counters and thresholds show at least which virtual servers there are.
  const others = context.folder.files.filter(
    (file) => /^ipvsadm-(stats|Ln)$/.test(file.kind) && !choice.files.includes(file),
  );
  for (const file of [...choice.files, ...others]) {
    const state = (await factsOf(context, file))?.ipvs;
    if (state && state.incomplete === undefined) return ordered(context, choice, state);
    part ??= state;
  }
  const reason = part
    ? `${part.source}: ${part.incomplete}`
    : l10n.t('No dump of the virtual servers is at hand.');
  miss(context, 'IPVS', 'cat /proc/net/ip_vs', reason);
  return part && ordered(context, choice, part);
}

/** ipvsadm sorts the real servers; where /proc/net/ip_vs is at hand, their order is taken from it. */
async function ordered(
  context: Context,
  { files }: PartChoice,
  state: IpvsState,
): Promise<IpvsState> {
  const proc = files.find(({ kind }) => kind === 'proc-ip_vs');
  if (state.kernelOrder === true || !proc) return state;
  const kernel = (await factsOf(context, proc))?.ipvs;
  return kernel ? finishWith(inKernelOrder(state, kernel), pauseOf(context.reader)) : state;
}
