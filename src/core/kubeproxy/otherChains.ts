import * as l10n from '@vscode/l10n';
/** Name prefixes of other software. The longest that fits wins. */
const others: readonly (readonly [prefix: string, software: string, sentence: string])[] = [
  [
    'cali-',
    'Calico',
    l10n.t('Written by Felix: network policy, and NAT of pods and host endpoints.'),
  ],
  ['cali-PREROUTING', 'Calico', l10n.t("Felix's part of PREROUTING.")],
  ['cali-FORWARD', 'Calico', l10n.t("Felix's part of FORWARD: policy of forwarded traffic.")],
  ['cali-INPUT', 'Calico', l10n.t("Felix's part of INPUT.")],
  ['cali-OUTPUT', 'Calico', l10n.t("Felix's part of OUTPUT.")],
  ['cali-POSTROUTING', 'Calico', l10n.t("Felix's part of POSTROUTING.")],
  ['cali-nat-outgoing', 'Calico', l10n.t('Masquerades traffic of pods that leaves the IP pools.')],
  ['cali-fw-', 'Calico', l10n.t('Policy of traffic from one workload.')],
  ['cali-tw-', 'Calico', l10n.t('Policy of traffic to one workload.')],
  ['cali-fh-', 'Calico', l10n.t('Policy of traffic from one host endpoint.')],
  ['cali-th-', 'Calico', l10n.t('Policy of traffic to one host endpoint.')],
  ['cali-pi-', 'Calico', l10n.t('Inbound rules of one network policy.')],
  ['cali-po-', 'Calico', l10n.t('Outbound rules of one network policy.')],
  ['cali-pri-', 'Calico', l10n.t('Inbound rules of one profile.')],
  ['cali-pro-', 'Calico', l10n.t('Outbound rules of one profile.')],
  ['CILIUM_', 'Cilium', l10n.t("Written by Cilium's agent beside its eBPF programs.")],
  ['OLD_CILIUM_', 'Cilium', l10n.t("Left over from an update of Cilium's agent.")],
  ['FLANNEL-', 'flannel', l10n.t('Accepts and masquerades traffic of the pod network.')],
  ['FLANNEL-POSTRTG', 'flannel', l10n.t('Masquerades traffic that leaves the pod network.')],
  ['FLANNEL-FWD', 'flannel', l10n.t('Accepts forwarded traffic of the pod network.')],
  ['WEAVE', 'Weave Net', l10n.t("Written by Weave Net's router.")],
  ['WEAVE-NPC', 'Weave Net', l10n.t("Written by Weave Net's network policy controller.")],
  ['ANTREA-', 'Antrea', l10n.t("Written by Antrea's agent.")],
  [
    'OVN-KUBE-',
    'OVN-Kubernetes',
    l10n.t('Written by ovnkube-node: node ports, external IPs, egress.'),
  ],
  ['KUBE-ROUTER-', 'kube-router', l10n.t('Written by kube-router, not by kube-proxy.')],
  ['KUBE-POD-FW-', 'kube-router', l10n.t('Network policy of one pod, by kube-router.')],
  ['KUBE-NWPLCY-', 'kube-router', l10n.t('One network policy, by kube-router.')],
  [
    'AWS-SNAT-CHAIN-',
    'AWS VPC CNI',
    l10n.t('Decides which traffic of pods leaves with the address of the node.'),
  ],
  [
    'AWS-CONNMARK-CHAIN-',
    'AWS VPC CNI',
    l10n.t(
      'Marks connections of pods to outside the VPC; the rule that sends their answers back is in mangle PREROUTING.',
    ),
  ],
  ['CNI-HOSTPORT-', 'CNI portmap', l10n.t('Host ports of pods.')],
  [
    'CNI-HOSTPORT-DNAT',
    'CNI portmap',
    l10n.t(
      'Host ports of pods; where it stands before KUBE-SERVICES, a host port hides a node port.',
    ),
  ],
  [
    'CNI-HOSTPORT-SETMARK',
    'CNI portmap',
    l10n.t('Marks traffic to host ports for masquerade (0x2000).'),
  ],
  [
    'CNI-HOSTPORT-MASQ',
    'CNI portmap',
    l10n.t('Masquerades traffic marked by CNI-HOSTPORT-SETMARK.'),
  ],
  ['CNI-DN-', 'CNI portmap', l10n.t('Host ports of one pod: DNAT.')],
  ['CNI-SN-', 'CNI portmap', l10n.t('Host ports of one pod: SNAT.')],
  // plugins/meta/firewall
  [
    'CNI-FORWARD',
    'CNI firewall',
    l10n.t('Accepts what pods send and get, between pods of the node too.'),
  ],
  [
    'CNI-ADMIN',
    'CNI firewall',
    l10n.t("Reserved for the administrator's own rules; CNI-FORWARD asks it first."),
  ],
  [
    'CNI-ISOLATION-STAGE-',
    'CNI firewall',
    l10n.t('Keeps bridges of different networks apart (ingressPolicy).'),
  ],
  [
    'CNI-',
    'CNI bridge',
    l10n.t('Masquerades traffic of one pod that leaves its network (ipMasq).'),
  ],
  // CRI-O: hostport_iptables.go
  [
    'KUBE-HOSTPORTS',
    l10n.t('kubelet or CRI-O'),
    l10n.t('Host ports of pods: of CRI-O, or from the time of kubenet and dockershim.'),
  ],
  [
    'KUBE-HP-',
    l10n.t('kubelet or CRI-O'),
    l10n.t('One host port of a pod: of CRI-O, or from the time of kubenet and dockershim.'),
  ],
  ['CRIO-HOSTPORTS-MASQ', 'CRI-O', l10n.t('Masquerades traffic of pods to their own host ports.')],
  ['CRIO-MASQ-', 'CRI-O', l10n.t('Masquerades traffic of one pod to its own host port.')],
  ['CRIO-', 'CRI-O', l10n.t('Host ports of pods, written by CRI-O.')],
  [
    'IP-MASQ-AGENT',
    'ip-masq-agent',
    l10n.t('Masquerades what leaves the cluster, but for the networks of its configuration.'),
  ],
  [
    'OVN-PREROUTING',
    'Kube-OVN',
    l10n.t('Marks traffic to Services and pods for what OVN-POSTROUTING does.'),
  ],
  ['OVN-POSTROUTING', 'Kube-OVN', l10n.t('Decides which traffic of pods is masqueraded.')],
  ['OVN-MASQUERADE', 'Kube-OVN', l10n.t('Masquerades.')],
  ['ISTIO_', 'Istio', l10n.t('Redirects traffic of a pod to its sidecar or to ztunnel.')],
  ['ts-', 'Tailscale', l10n.t("Written by Tailscale's daemon.")],
  ['netbird-', 'NetBird', l10n.t("Written by NetBird's agent.")],
  ['NETBIRD-', 'NetBird', l10n.t("Written by NetBird's agent.")],
  ['DOCKER', 'Docker', l10n.t('Published ports and isolation of container networks.')],
  [
    'DOCKER-USER',
    'Docker',
    l10n.t("Reserved for the administrator's own rules; Docker asks it first."),
  ],
  ['NETAVARK_', 'netavark (Podman)', l10n.t('Forwarding and isolation of container networks.')],
  [
    'NETAVARK-',
    'netavark (Podman)',
    l10n.t('Published ports and masquerade of container networks.'),
  ],
  ['LIBVIRT_', 'libvirt', l10n.t('Virtual networks of virtual machines.')],
  ['KUBE-', 'Kubernetes', l10n.t('Named like a chain of Kubernetes, but none that is known here.')],
  ['f2b-', 'fail2ban', l10n.t('Addresses banned by one jail.')],
  ['ufw-', 'ufw', l10n.t("Written by Ubuntu's firewall.")],
  ['ufw6-', 'ufw', l10n.t("Written by Ubuntu's firewall.")],
];

/**
 * firewalld names its chains by ending: `PREROUTING_ZONES`, `INPUT_direct`, and by beginning, with the
 * name of a zone or policy: `IN_public_allow`, `OUT_to_the_lan` (policy_base_chain_name, ipXtables.py;
 * FWDI and FWDO up to 0.9). Such a name may hold underscores.
 */
const firewalld =
  /^(?:(?:PRE|POST)?ROUTING|INPUT|OUTPUT|FORWARD)_(?:ZONES|direct|POLICIES_(?:pre|post)|OUT_ZONES|IN_ZONES)(?:_SOURCE)?$|^(?:IN|OUT|FWDI|FWDO|FWD|PRE|POST)_[A-Za-z0-9_-]+$/;

/** The software that a chain's name belongs to by its prefix, or by firewalld's endings. */
export function otherSoftware(
  name: string,
): { readonly software: string; readonly sentence: string } | undefined {
  let best: (typeof others)[number] | undefined;
  for (const entry of others) {
    if (name.startsWith(entry[0]) && entry[0].length > (best?.[0].length ?? 0)) best = entry;
  }
  if (best) return { software: best[1], sentence: best[2] };
  if (!firewalld.test(name)) return undefined;
  return {
    software: 'firewalld',
    sentence: l10n.t('Written by firewalld for its zones, policies or direct rules.'),
  };
}
