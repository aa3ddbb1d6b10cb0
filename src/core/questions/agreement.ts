import * as l10n from '@vscode/l10n';
import { missing } from '../missing';
import { addressWithoutServer, serverWithoutAddress } from '../findings/ipvs/addresses';
import { entryWithoutServer, serverInNoSet } from '../findings/ipvs/sets';
import { runChecks } from '../findings/checkNode';
import { rulesWithoutService, serviceNotProgrammed } from '../findings/objects/entries';
import { modeOf } from '../kubeproxy/mode/judge';
import type { ModeSign } from '../kubeproxy/mode/sign';
import type { NodeState } from '../node';
import { indexObjects } from '../objects/objectIndex';
import { sortObjects } from '../objects/types';
import type { ServiceObject } from '../objects/types';
import { finish } from '../work';
import { finding, unknownAnswer } from './answer';
import { startText } from './ways';
import type { NodeAnswer } from './answer';
import { list } from '../list';

/** What must agree with what: each of these finds one that does not. */
const compared = [
  serverWithoutAddress,
  addressWithoutServer,
  entryWithoutServer,
  serverInNoSet,
  serviceNotProgrammed,
  rulesWithoutService,
];

/**
 * Is the node in ipvs mode, and do its virtual servers, the entries of kube-proxy's sets, the
 * addresses of kube-ipvs0 and the Services agree, one by one? What no dump holds is not compared.
 */
export function askAgreement(node: NodeState, services?: readonly ServiceObject[]): NodeAnswer {
  const question = l10n.t('Is this node in ipvs mode, and do its parts agree?');
  const { mode, certainty, signs, candidates } = modeOf(node);
  const { ipvs, addresses, rules } = partsSeen(node, signs);
  const seen = [
    ipvs ?? missing('ipvsadm -Ln'),
    addresses ?? missing('ip addr'),
    rules ?? l10n.t('no rule of KUBE-SERVICES shows the mode'),
  ].join(l10n.t(', '));
  if (mode === undefined) {
    const why =
      candidates.length > 1
        ? l10n.t`there are traces of ${list(candidates)} mode`
        : l10n.t('the dumps show nothing of kube-proxy');
    return unknownAnswer(question, `${why} (${seen})`, 'iptables-save -t nat');
  }
  if (mode !== 'ipvs') {
    const trace = signs.find((sign) => sign.mode === 'ipvs');
    const left = trace ? l10n.t(', but ipvs mode has left its traces') : '';
    const message = l10n.t('Left over from ipvs mode: kube-proxy no longer keeps it up to date.');
    const findings = trace ? finding('warning', 'ipvs-leftover', message, trace.range) : [];
    // What it lacks of ipvs mode is no news.
    const shown = [ipvs, addresses, rules].filter((part) => part !== undefined);
    const answer =
      shown.length > 0
        ? l10n.t`No${left}: mode ${mode}; ${shown.join(l10n.t(', '))}.`
        : l10n.t`No${left}: mode ${mode}.`;
    return { question, answer, certainty, findings };
  }
  const sorted = services && sortObjects(services);
  const objects = sorted && indexObjects(sorted);
  const findings = finish(runChecks(node, compared, { objects }));
  const comparable = [ipvs, addresses, node.sets, services].filter((part) => part !== undefined);
  const end =
    findings.length === 0
      ? comparable.length > 1
        ? l10n.t('all agree')
        : l10n.t('nothing else is at hand to compare')
      : findings.length === 1
        ? l10n.t('1 part does not agree')
        : l10n.t`${findings.length} parts do not agree`;
  const start = startText(certainty === 'certain' ? 'Yes' : 'Likely');
  return { question, answer: l10n.t`${start}: ${seen}; ${end}.`, certainty, findings };
}

/** What of the parts is at hand: undefined where no dump tells. */
function partsSeen({ ipvs, interfaces }: NodeState, signs: readonly ModeSign[]) {
  const has = (kind: ModeSign['kind']) => signs.find((sign) => sign.kind === kind);
  return {
    ipvs: ipvs && serversText(has('virtual-servers')?.count ?? 0),
    addresses: has('kube-ipvs0')
      ? l10n.t('kube-ipvs0 is there')
      : interfaces && l10n.t('no kube-ipvs0'),
    rules: has('services-by-sets')
      ? l10n.t("rules ask kube-proxy's sets")
      : has('services-to-chains')
        ? l10n.t('rules lead to chains of Services')
        : undefined,
  };
}

function serversText(count: number): string {
  return count === 1 ? l10n.t('1 virtual server') : l10n.t`${count} virtual servers`;
}
