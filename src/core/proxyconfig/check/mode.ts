import * as l10n from '@vscode/l10n';
import { describeScheduler } from '../../describe/ipvs';
import { scalarOf } from '../value';
import type { NodeState } from '../../node';
import type { ProxyNode } from '../node';
import { finding, placeOf, proxyNamed, type CheckInput, type ConfigFinding } from './finding';
import { gateOf } from './gates';
import { list } from '../../list';

/** Modes that kube-proxy doesn't have, or won't for long. */
export function checkMode(input: CheckInput): readonly ConfigFinding[] {
  const mode = scalarOf(input.root, 'mode');
  if (mode === undefined || mode === '') return checkUnset(input);
  if (typeof mode !== 'string') return [];
  const range = placeOf(input.root, 'mode');
  const { minors } = input;
  switch (mode) {
    case 'iptables':
      return [];
    case 'kernelspace':
      return checkKernelspace(input);
    case 'ipvs':
      return checkIpvs(input);
    case 'nftables':
      return checkNftables(input);
    case 'userspace': {
      const without = minors.filter((minor) => minor >= 26);
      if (minors.length > 0 && without.length === 0) return [];
      const message =
        without.length > 0
          ? l10n.t`${proxyNamed(without)} refuses this and ends: mode userspace was removed in 1.26.`
          : l10n.t('Mode userspace was removed in 1.26.');
      const severity = without.length > 0 ? 'error' : 'warning';
      return [finding(severity, 'mode-removed', message, range)];
    }
    default: {
      const message = l10n.t(
        `kube-proxy refuses this and ends: on Linux, mode must be iptables, ipvs, nftables or empty.`,
      );
      return [finding('error', 'unknown-mode', message, range)];
    }
  }
}

/** A log line and an event at each start (PR 139957), as the default is to change (KEP-5343). */
function checkUnset({ root, minors }: CheckInput): readonly ConfigFinding[] {
  const warning = minors.filter((minor) => minor >= 37);
  if (warning.length === 0) return [];
  const message = l10n.t`${proxyNamed(warning)} warns at each start that no mode is set: it takes iptables, but a later release is to take nftables. Write mode: iptables to keep it.`;
  return [finding('information', 'mode-unset', message, placeOf(root, 'mode'))];
}

/** validateProxyModeLinux. Without nodes at hand the text may be of Windows nodes. */
function checkKernelspace({ root, nodes }: CheckInput): readonly ConfigFinding[] {
  const severity = nodes.length > 0 ? 'error' : 'information';
  const message = l10n.t(
    'Mode kernelspace is for Windows: kube-proxy on Linux refuses it and ends. There mode must be iptables, ipvs, nftables or empty.',
  );
  return [finding(severity, 'windows-mode', message, placeOf(root, 'mode'))];
}

/** validateProxyModeLinux; pkg/features/kube_features.go: NFTablesProxyMode is off in 1.29 and 1.30. */
function checkNftables({ root, minors }: CheckInput): readonly ConfigFinding[] {
  const range = placeOf(root, 'mode');
  const before = minors.filter((minor) => minor < 29);
  if (before.length > 0) {
    const message = l10n.t`${proxyNamed(before)} refuses this and ends: mode nftables came with 1.29.`;
    return [finding('error', 'mode-too-new', message, range)];
  }
  const gated = minors.filter((minor) => minor < 31);
  if (gated.length === 0 || gateOf(root, 'NFTablesProxyMode') === true) return [];
  const message = l10n.t`${proxyNamed(gated)} has mode nftables only with the feature gate NFTablesProxyMode.`;
  return [finding('error', 'mode-behind-gate', message, range)];
}

function checkIpvs({ root, minors, nodes }: CheckInput): readonly ConfigFinding[] {
  const range = placeOf(root, 'mode');
  const findings = nodes.flatMap((node) => {
    const problem = ipvsProblem(node);
    return problem === undefined ? [] : [finding('error', 'ipvs-unusable', problem, range)];
  });
  // PR 139397: the gate that allows the mode.
  if (gateOf(root, 'KubeProxyIPVS') === false) {
    const message = l10n.t(
      'kube-proxy refuses this and ends: the feature gate KubeProxyIPVS (since 1.37) is off.',
    );
    findings.push(finding('error', 'mode-behind-gate', message, range));
  }
  const deprecated = minors.some((minor) => minor >= 35);
  if (deprecated || minors.length === 0) {
    const severity = deprecated ? 'warning' : 'information';
    const message = l10n.t(
      'Mode ipvs is deprecated since 1.35: kube-proxy warns of it at each start and asks for nftables. By plan it is off by default in 1.40 (feature gate KubeProxyIPVS) and gone in 1.43 (KEP-5495).',
    );
    findings.push(finding(severity, 'ipvs-deprecated', message, range));
  }
  return findings;
}

/**
 * Why a node can't do IPVS, by the log of its kube-proxy, or by a kernel that has no /proc/net/ip_vs.
 * Up to 1.25 kube-proxy then took iptables mode (tryIPVSProxy), later it ends (createProxier).
 */
function ipvsProblem({ log, state, version }: ProxyNode): string | undefined {
  const then =
    version === undefined
      ? ''
      : version.minor <= 25
        ? l10n.t(' kube-proxy takes iptables mode instead.')
        : l10n.t(' kube-proxy ends.');
  if (log?.ipvsProblem) {
    return l10n.t`kube-proxy on ${state.name} can't use IPVS: ${log.ipvsProblem.text}.${then}`;
  }
  if (log?.mode?.name === 'ipvs' || !lacksIpvs(state)) return undefined;
  return l10n.t`The kernel of ${state.name} had not loaded IPVS. Without the module ip_vs mode ipvs can't be used.`;
}

/**
 * Without the module there is no /proc/net/ip_vs, and ipvsadm -L says "Protocol not available": both
 * are read as an IPVS without rows. With it both print a headline, which names the table's size.
 */
function lacksIpvs({ ipvs }: NodeState): boolean {
  if (!ipvs || ipvs.virtualServers.length > 0 || ipvs.connectionTableSize !== undefined)
    return false;
  return /ip[-_.]vs|ipvsadm-L/.test(ipvs.source.slice(ipvs.source.lastIndexOf('/') + 1));
}

/** The ten that kube-proxy up to 1.26 takes (validateIPVSSchedulerMethod). */
const oldSchedulers: ReadonlySet<string> = new Set(
  'rr wrr lc wlc lblc lblcr sh dh sed nq'.split(' '),
);

export function checkScheduler({ root, settings, minors }: CheckInput): readonly ConfigFinding[] {
  const { scheduler, mode } = settings;
  if (mode !== 'ipvs' || scheduler === undefined || oldSchedulers.has(scheduler)) return [];
  const range = placeOf(root, 'ipvs.scheduler');
  const refusing = minors.filter((minor) => minor <= 26);
  if (refusing.length > 0) {
    const message = l10n.t`${proxyNamed(refusing)} refuses this and ends: it takes ${list(oldSchedulers, 'row')}.`;
    return [finding('error', 'unknown-scheduler', message, range)];
  }
  if (describeScheduler(scheduler) !== undefined) return [];
  const message = l10n.t`Linux has no IPVS scheduler ${scheduler}.`;
  return [finding('warning', 'unknown-scheduler', message, range)];
}
