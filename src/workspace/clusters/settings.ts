import * as vscode from 'vscode';
import type { LiveSettings } from '../../cluster/live/settings';
import { setting } from '../setting';
import { confirm } from '../confirm';

interface PodSetting {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly container?: string;
}

/** The settings as they are now, for each fetch anew. */
export function liveSettings(): LiveSettings {
  const { namespace, labelSelector, container } = setting<PodSetting>('pods', {});
  return {
    parallelNodes: setting('fetch.parallelNodes', 8),
    commandTimeout: setting('fetch.timeout', 60) * 1000,
    byteLimit: setting('fetch.maximumSize', 256) * 1024 * 1024,
    debugImage: setting('debugPod.image', ''),
    mayCreatePod,
    ...(labelSelector
      ? {
          pods: {
            namespace: namespace || undefined,
            labelSelector,
            container: container || undefined,
          },
        }
      : {}),
  };
}

/** The one write to a cluster; never without this question. */
async function mayCreatePod(node: string, image: string): Promise<boolean> {
  if (image === '') return false;
  return confirm(
    vscode.l10n.t('No pod on {0} has the tools. Create a short-lived pod there?', node),
    vscode.l10n.t(
      "It runs {0} on the node's network with NET_ADMIN and NET_RAW, only reads, and is deleted afterwards. Kubernetes stops it after ten minutes in any case.",
      image,
    ),
    vscode.l10n.t('Create Pod'),
  );
}
