import type { NetworkInterface } from '../node';
import type { ClusterObjects } from '../objects/types';
import type { ProxySettings } from '../proxyconfig/settings';

/** What kube-proxy's rules on one node follow from. */
export interface ExpectedInput {
  readonly objects: ClusterObjects;
  readonly settings: ProxySettings;
  /** 36 of Kubernetes 1.36: kube-proxy's, not the kubelet's. */
  readonly release: number;
  readonly node: ProxiedNode;
}

/** The node that kube-proxy runs on. */
export interface ProxiedNode {
  /** As kube-proxy calls itself: the Node's name. */
  readonly name: string;
  /** `ip addr`, where node port addresses follow from it; undefined: not at hand. */
  readonly interfaces?: readonly NetworkInterface[];
  readonly kernel: KernelFacts;
  /** Its log says that it had not heard of its Node, and so of its zone, when it last wrote rules. */
  readonly zoneMissing?: boolean;
}

/** What kube-proxy finds out of the kernel and its tools at its start. */
export interface KernelFacts {
  /** nfnetlink_acct takes counters (used since 1.31). */
  readonly nfacct: boolean;
  /** `iptables --random-fully` is known (iptables 1.6.2 and later). */
  readonly randomFully: boolean;
  /** net.netfilter.nf_conntrack_tcp_be_liberal was set when kube-proxy started. */
  readonly tcpBeLiberal: boolean;
}

/** A kernel and tools of today. */
export const usualKernel: KernelFacts = { nfacct: true, randomFully: true, tcpBeLiberal: false };
