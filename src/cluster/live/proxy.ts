import { contains, parseAddress, parseNetwork } from '../../core/address';

/**
 * The proxy for a server by the environment, as Go's net/http chooses it for kubectl
 * (golang.org/x/net/http/httpproxy): HTTPS_PROXY or HTTP_PROXY by the server's scheme, unless
 * NO_PROXY names the host, a domain above it, its network, or `*`. client-node 1.4.0 knows only
 * the kubeconfig's proxy-url.
 */
export function environmentProxy(
  server: string,
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const url = new URL(server);
  const variable = (name: string) => env[name] || env[name.toLowerCase()];
  const proxy = variable(url.protocol === 'http:' ? 'HTTP_PROXY' : 'HTTPS_PROXY');
  if (!proxy) return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || host === '::1' || host.startsWith('127.')) return undefined;
  const port = url.port || (url.protocol === 'http:' ? '80' : '443');
  const excluded = (variable('NO_PROXY') ?? '').toLowerCase().split(',');
  if (excluded.some((entry) => excludes(entry.trim(), host, port))) return undefined;
  return /^[a-z0-9+.-]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

/** One entry of NO_PROXY: `10.0.0.0/8`, `.corp.example`, `host:6443`, `*`. */
function excludes(entry: string, host: string, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  const address = parseAddress(host);
  const network = parseNetwork(entry);
  if (network) return address !== undefined && contains(network, address);
  const [, name, onlyPort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  return host === name || host.endsWith(`.${name}`);
}
