import * as l10n from '@vscode/l10n';
import { isNewer } from '../expected/agreement/age';
import type { NodeState } from '../node';
import type { ObjectIndex } from '../objects/types';
import { modeOf } from './mode/judge';
import { isProxied } from './proxied';
import type { ProxyModeName } from './proxyMode';
import { parseServiceId } from './serviceId';

/** The command whose output has the Services of a mode. */
const commands: Readonly<Record<ProxyModeName, string>> = {
  userspace: 'iptables-save',
  iptables: 'iptables-save',
  ipvs: 'ipvsadm -Ln',
  nftables: 'nft list ruleset',
};

/**
 * Why a Service port may not be among those that a node's dumps program: by the mode, by whether the
 * dump that has its Services is at hand, and by the Service itself.
 *
 * @param others how many Service ports the dumps do program
 * @param id as `serviceId` names the port
 * @param objects those of the cluster, where they are at hand
 */
export function absentReason(
  node: NodeState,
  others: number,
  id?: string,
  objects?: ObjectIndex,
): string {
  const { mode } = modeOf(node);
  const unprinted = unprintedNat(node);
  if (unprinted !== undefined && mode !== 'nftables' && mode !== 'ipvs') {
    return l10n.t`${unprinted} does not have table nat as it is: another program wrote rules into it with nft that iptables can't print. The Service may be there: nft list ruleset shows it.`;
  }
  if (mode === undefined) {
    return others > 0
      ? l10n.t`The mode of kube-proxy is not known; other Service ports in the dumps: ${others}.`
      : l10n.t`The mode of kube-proxy is not known. Its Services are in iptables-save (iptables mode), ipvsadm -Ln (ipvs mode) or nft list ruleset (nftables mode).`;
  }
  const command = commands[mode];
  if (!hasServices(node, mode)) {
    return l10n.t`kube-proxy runs in ${mode} mode on ${node.name}, and its Services are in ${command}, which is not at hand.`;
  }
  const own = id !== undefined && objects ? reasonOfService(node, id, objects) : undefined;
  if (own !== undefined) return own;
  return l10n.t`${command} of ${node.name} (${mode} mode) does not have this Service port; others: ${others}. A newer capture may have it.`;
}

/** Why kube-proxy writes no rules for any port of a Service; undefined where it should. */
export function notProxied(
  namespace: string,
  name: string,
  objects: ObjectIndex,
): string | undefined {
  const service = objects.service(namespace, name);
  const title = `${namespace}/${name}`;
  if (!service) return l10n.t`The objects at hand have no Service ${title} either.`;
  return isProxied(service)
    ? undefined
    : l10n.t`kube-proxy writes no rules for Service ${title}: it is headless, of type ExternalName, or left to another proxy by a label.`;
}

/** What the cluster's objects say of it; undefined where they know no reason. */
function reasonOfService(
  { captured }: NodeState,
  id: string,
  objects: ObjectIndex,
): string | undefined {
  const { servicePort, protocol } = parseServiceId(id);
  if (!servicePort) return undefined;
  const { namespace, name, port } = servicePort;
  const service = objects.service(namespace, name);
  const title = `${namespace}/${name}`;
  const reason = notProxied(namespace, name, objects);
  if (!service || reason !== undefined) return reason;
  if (!service.spec.ports.some((one) => one.name === port && one.protocol === protocol)) {
    return port === ''
      ? l10n.t`Service ${title} has no ${protocol} port without a name now.`
      : l10n.t`Service ${title} has no ${protocol} port ${port} now.`;
  }
  return isNewer(service, objects.slicesOf(namespace, name), captured)
    ? l10n.t`Service ${title} was made or changed after the dumps were taken (${captured ?? ''}).`
    : undefined;
}

/** The dump of iptables that says `Table \`nat' is incompatible, use 'nft' tool.`; undefined where none does. */
function unprintedNat({ rulesets }: NodeState): string | undefined {
  return rulesets.find(({ gaps }) => gaps?.some(({ unprinted }) => unprinted === 'nat'))?.source;
}

function hasServices({ rulesets, ipvs, nftables }: NodeState, mode: ProxyModeName): boolean {
  if (mode === 'ipvs') return ipvs !== undefined;
  if (mode === 'nftables') return nftables !== undefined;
  return rulesets.some(({ tables }) => tables.get('nat')?.chains.has('KUBE-SERVICES'));
}
