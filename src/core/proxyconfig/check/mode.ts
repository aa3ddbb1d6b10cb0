import { describeScheduler } from '../../describe/ipvs';
import { booleanOf, pairOf, scalarOf } from '../value';
import type { NodeState } from '../../node';
import type { ProxyNode } from '../node';
import { finding, placeOf, proxyNamed, type CheckInput, type ConfigFinding } from './finding';

/** Modes that kube-proxy doesn't have, or won't for long. */
export function checkMode(input: CheckInput): readonly ConfigFinding[] {
  const mode = scalarOf(input.root, 'mode');
  if (mode === undefined || mode === '' || typeof mode !== 'string') return [];
  const range = placeOf(input.root, 'mode');
  const { minors } = input;
  switch (mode) {
    case 'iptables':
    case 'kernelspace':
      return [];
    case 'ipvs':
      return checkIpvs(input);
    case 'nftables':
      return checkNftables(input);
    case 'userspace': {
      const without = minors.filter((minor) => minor >= 26);
      if (minors.length > 0 && without.length === 0) return [];
      const message =
        without.length > 0
          ? `${proxyNamed(without)} refuses this and ends: mode userspace was removed in 1.26.`
          : 'Mode userspace was removed in 1.26.';
      const severity = without.length > 0 ? 'error' : 'warning';
      return [finding(severity, 'mode-removed', message, range)];
    }
    default: {
      const message = `kube-proxy refuses this and ends: on Linux, mode must be iptables, ipvs, nftables or empty.`;
      return [finding('error', 'unknown-mode', message, range)];
    }
  }
}

/** validateProxyModeLinux; pkg/features/kube_features.go: NFTablesProxyMode is off in 1.29 and 1.30. */
function checkNftables({ root, minors }: CheckInput): readonly ConfigFinding[] {
  const range = placeOf(root, 'mode');
  const before = minors.filter((minor) => minor < 29);
  if (before.length > 0) {
    const message = `${proxyNamed(before)} refuses this and ends: mode nftables came with 1.29.`;
    return [finding('error', 'mode-too-new', message, range)];
  }
  const gated = minors.filter((minor) => minor < 31);
  const gate = pairOf(root, 'featureGates.NFTablesProxyMode')?.value;
  if (gated.length === 0 || (gate?.kind === 'scalar' && booleanOf(gate) === true)) return [];
  const message = `${proxyNamed(gated)} has mode nftables only with the feature gate NFTablesProxyMode.`;
  return [finding('error', 'mode-behind-gate', message, range)];
}

function checkIpvs({ root, minors, nodes }: CheckInput): readonly ConfigFinding[] {
  const range = placeOf(root, 'mode');
  const findings = nodes.flatMap((node) => {
    const problem = ipvsProblem(node);
    return problem === undefined ? [] : [finding('error', 'ipvs-unusable', problem, range)];
  });
  const deprecated = minors.some((minor) => minor >= 35);
  if (deprecated || minors.length === 0) {
    const severity = deprecated ? 'warning' : 'information';
    const message =
      'Mode ipvs is deprecated since 1.35: kube-proxy warns of it at each start and asks for nftables.';
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
        ? ' kube-proxy takes iptables mode instead.'
        : ' kube-proxy ends.';
  if (log?.ipvsProblem) {
    return `kube-proxy on ${state.name} can't use IPVS: ${log.ipvsProblem.text}.${then}`;
  }
  if (log?.mode?.name === 'ipvs' || !lacksIpvs(state)) return undefined;
  return `The kernel of ${state.name} had not loaded IPVS. Without the module ip_vs mode ipvs can't be used.`;
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
    const message = `${proxyNamed(refusing)} refuses this and ends: it takes ${[...oldSchedulers].join(', ')}.`;
    return [finding('error', 'unknown-scheduler', message, range)];
  }
  if (describeScheduler(scheduler) !== undefined) return [];
  const message = `Linux has no IPVS scheduler ${scheduler}.`;
  return [finding('warning', 'unknown-scheduler', message, range)];
}
