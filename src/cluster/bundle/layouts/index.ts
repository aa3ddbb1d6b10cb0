import type { BundleLayout } from '../layout';
import { calicoCluster, calicoNode } from './calico';
import { k8sSnap, microk8s } from './canonical';
import { antrea, cilium, retina } from './cni';
import { eks } from './eks';
import { clusterInfo, mustGather } from './objectsOnly';
import { kubeskoop } from './kubeskoop';
import { rancher } from './rancher';
import { sos } from './sos';
import {
  ack,
  aks,
  insights,
  kind,
  kops,
  minikube,
  periscope,
  supportconfig,
  tke,
  troubleshoot,
} from './vendors';

/** All bundles that are known, in the order in which they are asked: the first that fits is taken. */
export const layouts: readonly BundleLayout[] = [
  sos,
  supportconfig,
  rancher,
  cilium,
  antrea,
  k8sSnap,
  microk8s,
  troubleshoot,
  mustGather,
  calicoCluster,
  calicoNode,
  retina,
  aks,
  eks,
  insights,
  kops,
  clusterInfo,
  minikube,
  periscope,
  ack,
  tke,
  kind,
  kubeskoop,
];

/** What a snapshot of this extension has, or one that is laid out like it. */
const snapshot = /(^|\/)(cluster\.yaml|objects\/\w+\.(ya?ml|json))$/;

/** The layout whose marks are all among the paths; undefined for snapshots and what was gathered by hand. */
export function layoutOf(paths: readonly string[]): BundleLayout | undefined {
  if (paths.some((path) => snapshot.test(path))) return undefined;
  return layouts.find(({ marks }) => marks.every((mark) => paths.some((path) => mark.test(path))));
}
