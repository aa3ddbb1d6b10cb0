/** Whether a file is kube-proxy's configuration by its name: `kube-proxy.config.yaml`, `configz.json`. */
export function isConfigName(name: string): boolean {
  return /^kube-proxy.*\.ya?ml$|^configz\.json$/.test(name);
}
