import type { ObjectMeta, ProxyCommandObject, ProxyConfigObject } from '../../core/objects/types';
import { configValueOf } from '../../core/proxyconfig/flags';
import { fields, list, text, texts, type Fields } from './fields';

/** Linux alone: `kube-proxy-windows` is another program's. */
const isProxyName = (name: string) => /^kube-proxy(?!.*windows)/.test(name);

/**
 * kube-proxy's configuration in a ConfigMap: `config.conf` of kube-proxy by kubeadm, `config` of
 * kube-proxy-config on EKS. Of other ConfigMaps nothing is read.
 *
 * @param load reads YAML; throws where it is broken
 */
export function readProxyConfig(
  object: Fields,
  metadata: ObjectMeta,
  load: (text: string) => unknown,
): ProxyConfigObject | undefined {
  if (!isProxyName(metadata.name)) return undefined;
  for (const value of Object.values(fields(object['data']))) {
    const own = text(value);
    if (own === undefined || own.length > mostConfig) continue;
    if (!own.includes('KubeProxyConfiguration')) continue;
    try {
      const root = fields(load(own));
      if (text(root['kind']) !== 'KubeProxyConfiguration') continue;
      return { kind: 'ProxyConfig', metadata, config: configValueOf(root) };
    } catch {
      // Broken, so kube-proxy could not read it either: nothing is known.
    }
  }
  return undefined;
}

/** In characters. */
const mostConfig = 64 << 10;

/** The command of a DaemonSet's kube-proxy, its flags with it. */
export function readProxyCommand(
  object: Fields,
  metadata: ObjectMeta,
): ProxyCommandObject | undefined {
  if (!isProxyName(metadata.name)) return undefined;
  const template = fields(fields(object['spec'])['template']);
  const words = list(fields(template['spec'])['containers']).flatMap((value) => {
    const { command, args } = fields(value);
    return [...texts(command), ...texts(args)];
  });
  return words.length === 0 ? undefined : { kind: 'ProxyCommand', metadata, words };
}
