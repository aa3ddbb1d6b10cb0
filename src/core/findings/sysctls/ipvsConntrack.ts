import * as l10n from '@vscode/l10n';
import type { Check } from '../check';
import { toldSysctl } from './told';

/**
 * Without net.ipv4.vs.conntrack IPVS takes its packets out of conntrack (ip_vs_notrack), and no rule of
 * POSTROUTING translates them. kube-proxy sets it when it starts in ipvs mode (pkg/proxy/ipvs/proxier.go).
 */
export const ipvsConntrack: Check = {
  code: 'ipvs-not-tracked',
  severity: 'error',
  title: l10n.t('IPVS keeps its connections from conntrack'),
  modes: ['ipvs'],
  certainty: 'certain',
  *find({ node }) {
    const told = toldSysctl(node, 'net.ipv4.vs.conntrack');
    const [server] = node.ipvs?.virtualServers ?? [];
    if (told?.value !== '0' || !server) return;
    yield {
      message: l10n.t`${told.name} is 0: no rule masquerades what IPVS sends on. Whoever asks from outside, or the node itself, for an endpoint on another node gets no answer.`,
      range: told.range,
      related: [{ message: l10n.t('a virtual server'), range: server.range }],
    };
  },
};
