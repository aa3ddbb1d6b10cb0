/** Name prefixes of other software. The longest that fits wins. */
const others: readonly (readonly [prefix: string, software: string, sentence: string])[] = [
  ['cali-', 'Calico', 'Written by Felix: network policy, and NAT of pods and host endpoints.'],
  ['cali-PREROUTING', 'Calico', "Felix's part of PREROUTING."],
  ['cali-FORWARD', 'Calico', "Felix's part of FORWARD: policy of forwarded traffic."],
  ['cali-INPUT', 'Calico', "Felix's part of INPUT."],
  ['cali-OUTPUT', 'Calico', "Felix's part of OUTPUT."],
  ['cali-POSTROUTING', 'Calico', "Felix's part of POSTROUTING."],
  ['cali-nat-outgoing', 'Calico', 'Masquerades traffic of pods that leaves the IP pools.'],
  ['cali-fw-', 'Calico', 'Policy of traffic from one workload.'],
  ['cali-tw-', 'Calico', 'Policy of traffic to one workload.'],
  ['cali-fh-', 'Calico', 'Policy of traffic from one host endpoint.'],
  ['cali-th-', 'Calico', 'Policy of traffic to one host endpoint.'],
  ['cali-pi-', 'Calico', 'Inbound rules of one network policy.'],
  ['cali-po-', 'Calico', 'Outbound rules of one network policy.'],
  ['cali-pri-', 'Calico', 'Inbound rules of one profile.'],
  ['cali-pro-', 'Calico', 'Outbound rules of one profile.'],
  ['CILIUM_', 'Cilium', "Written by Cilium's agent beside its eBPF programs."],
  ['OLD_CILIUM_', 'Cilium', "Left over from an update of Cilium's agent."],
  ['FLANNEL-', 'flannel', 'Accepts and masquerades traffic of the pod network.'],
  ['FLANNEL-POSTRTG', 'flannel', 'Masquerades traffic that leaves the pod network.'],
  ['FLANNEL-FWD', 'flannel', 'Accepts forwarded traffic of the pod network.'],
  ['WEAVE', 'Weave Net', "Written by Weave Net's router."],
  ['WEAVE-NPC', 'Weave Net', "Written by Weave Net's network policy controller."],
  ['ANTREA-', 'Antrea', "Written by Antrea's agent."],
  ['OVN-KUBE-', 'OVN-Kubernetes', 'Written by ovnkube-node: node ports, external IPs, egress.'],
  ['KUBE-ROUTER-', 'kube-router', 'Written by kube-router, not by kube-proxy.'],
  ['KUBE-POD-FW-', 'kube-router', 'Network policy of one pod, by kube-router.'],
  ['KUBE-NWPLCY-', 'kube-router', 'One network policy, by kube-router.'],
  [
    'AWS-SNAT-CHAIN-',
    'AWS VPC CNI',
    'Decides which traffic of pods leaves with the address of the node.',
  ],
  [
    'AWS-CONNMARK-CHAIN-',
    'AWS VPC CNI',
    'Marks connections of pods to outside the VPC; the rule that sends their answers back is in mangle PREROUTING.',
  ],
  ['CNI-HOSTPORT-', 'CNI portmap', 'Host ports of pods.'],
  [
    'CNI-HOSTPORT-DNAT',
    'CNI portmap',
    'Host ports of pods; where it stands before KUBE-SERVICES, a host port hides a node port.',
  ],
  ['CNI-HOSTPORT-SETMARK', 'CNI portmap', 'Marks traffic to host ports for masquerade (0x2000).'],
  ['CNI-HOSTPORT-MASQ', 'CNI portmap', 'Masquerades traffic marked by CNI-HOSTPORT-SETMARK.'],
  ['CNI-DN-', 'CNI portmap', 'Host ports of one pod: DNAT.'],
  ['CNI-SN-', 'CNI portmap', 'Host ports of one pod: SNAT.'],
  // plugins/meta/firewall
  ['CNI-FORWARD', 'CNI firewall', 'Accepts what pods send and get, between pods of the node too.'],
  [
    'CNI-ADMIN',
    'CNI firewall',
    "Reserved for the administrator's own rules; CNI-FORWARD asks it first.",
  ],
  [
    'CNI-ISOLATION-STAGE-',
    'CNI firewall',
    'Keeps bridges of different networks apart (ingressPolicy).',
  ],
  ['CNI-', 'CNI bridge', 'Masquerades traffic of one pod that leaves its network (ipMasq).'],
  // CRI-O: hostport_iptables.go
  [
    'KUBE-HOSTPORTS',
    'kubelet or CRI-O',
    'Host ports of pods: of CRI-O, or from the time of kubenet and dockershim.',
  ],
  [
    'KUBE-HP-',
    'kubelet or CRI-O',
    'One host port of a pod: of CRI-O, or from the time of kubenet and dockershim.',
  ],
  ['CRIO-HOSTPORTS-MASQ', 'CRI-O', 'Masquerades traffic of pods to their own host ports.'],
  ['CRIO-MASQ-', 'CRI-O', 'Masquerades traffic of one pod to its own host port.'],
  ['CRIO-', 'CRI-O', 'Host ports of pods, written by CRI-O.'],
  [
    'IP-MASQ-AGENT',
    'ip-masq-agent',
    'Masquerades what leaves the cluster, but for the networks of its configuration.',
  ],
  [
    'OVN-PREROUTING',
    'Kube-OVN',
    'Marks traffic to Services and pods for what OVN-POSTROUTING does.',
  ],
  ['OVN-POSTROUTING', 'Kube-OVN', 'Decides which traffic of pods is masqueraded.'],
  ['OVN-MASQUERADE', 'Kube-OVN', 'Masquerades.'],
  ['ISTIO_', 'Istio', 'Redirects traffic of a pod to its sidecar or to ztunnel.'],
  ['ts-', 'Tailscale', "Written by Tailscale's daemon."],
  ['netbird-', 'NetBird', "Written by NetBird's agent."],
  ['NETBIRD-', 'NetBird', "Written by NetBird's agent."],
  ['DOCKER', 'Docker', 'Published ports and isolation of container networks.'],
  ['DOCKER-USER', 'Docker', "Reserved for the administrator's own rules; Docker asks it first."],
  ['NETAVARK_', 'netavark (Podman)', 'Forwarding and isolation of container networks.'],
  ['NETAVARK-', 'netavark (Podman)', 'Published ports and masquerade of container networks.'],
  ['LIBVIRT_', 'libvirt', 'Virtual networks of virtual machines.'],
  ['KUBE-', 'Kubernetes', 'Named like a chain of Kubernetes, but none that is known here.'],
  ['f2b-', 'fail2ban', 'Addresses banned by one jail.'],
  ['ufw-', 'ufw', "Written by Ubuntu's firewall."],
  ['ufw6-', 'ufw', "Written by Ubuntu's firewall."],
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
    sentence: 'Written by firewalld for its zones, policies or direct rules.',
  };
}
