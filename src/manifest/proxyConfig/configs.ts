import type * as vscode from 'vscode';
import { configKinds, proxyConfigsIn, type ProxyConfigText } from '../../syntax/kubeproxy/configs';
import { Manifests } from '../manifests';

/** The configurations of kube-proxy in the open manifests, for each version of their texts. */
export class ProxyConfigs implements vscode.Disposable {
  private readonly manifests = new Manifests(configKinds);

  dispose(): void {
    this.manifests.dispose();
  }

  /** undefined where the document has changed meanwhile. Its offsets are those of its text now. */
  async of(document: vscode.TextDocument): Promise<readonly ProxyConfigText[] | undefined> {
    const manifest = await this.manifests.of(document);
    if (!manifest) return undefined;
    if (manifest.objects.length === 0) return [];
    const { parseYaml } = await import('../../syntax/yaml/parse');
    if (manifest.version !== document.version) return undefined;
    return proxyConfigsIn(manifest.objects, document.getText(), parseYaml);
  }
}
