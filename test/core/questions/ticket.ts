/* What somebody pastes into a ticket: two excerpts of one node. */

/** As kube-proxy 1.9 wrote it without --cluster-cidr: sets that are empty have no rule. */
export const nat19 = [
  '-P PREROUTING ACCEPT',
  '-P INPUT ACCEPT',
  '-P OUTPUT ACCEPT',
  '-P POSTROUTING ACCEPT',
  '-N KUBE-MARK-MASQ',
  '-N KUBE-POSTROUTING',
  '-N KUBE-SERVICES',
  '-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
  '-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
  '-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING',
  '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
  '-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -m mark --mark 0x4000/0x4000 -j MASQUERADE',
  '',
].join('\n');
/** `ipvsadm -Sn` of the same node. */
export const servers = [
  '-A -t 10.254.0.1:443 -s rr',
  '-a -t 10.254.0.1:443 -r 192.168.1.10:6443 -m -w 1',
  '-A -t 10.254.12.7:80 -s rr',
  '-a -t 10.254.12.7:80 -r 172.30.4.9:8080 -m -w 1',
  '',
].join('\n');
