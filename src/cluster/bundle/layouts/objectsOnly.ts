import * as l10n from '@vscode/l10n';
import type { BundleLayout } from '../layout';

/** openshift/must-gather and `oc adm inspect`: YAML lists by namespace, no rules. */
export const mustGather: BundleLayout = {
  id: 'must-gather',
  title: 'OpenShift must-gather',
  marks: [/(^|\/)namespaces\/[^/]+\/core\/services\.yaml$/],
  files: [
    { path: /(^|\/)namespaces\/[^/]+\/core\/(services|endpoints|pods)\.yaml$/, as: 'objects' },
    {
      path: /(^|\/)namespaces\/[^/]+\/discovery\.k8s\.io\/endpointslices\.yaml$/,
      as: 'objects',
    },
    { path: /(^|\/)cluster-scoped-resources\/core\/nodes\/[^/]+\.yaml$/, as: 'objects' },
  ],
  remarks: [
    l10n.t`It has the objects of the namespaces that were asked for, and nothing of the nodes.`,
  ],
};

/** `kubectl cluster-info dump --output-directory`: no endpoints of any kind. */
export const clusterInfo: BundleLayout = {
  id: 'cluster-info',
  title: 'kubectl cluster-info dump',
  marks: [/(^|\/)nodes\.(json|yaml)$/, /(^|\/)kube-system\/services\.(json|yaml)$/],
  files: [
    { path: /(^|\/)nodes\.(json|yaml)$/, as: 'objects' },
    { path: /(^|\/)[^/]+\/(services|pods)\.(json|yaml)$/, as: 'objects' },
  ],
  remarks: [l10n.t`It has no EndpointSlices, and nothing of the nodes.`],
};
