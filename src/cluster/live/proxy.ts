import * as l10n from '@vscode/l10n';
import { contains, parseAddress, parseNetwork, sameAddress } from '../../core/address';
import { isLoopback } from '../../core/specialAddresses';
import { ClusterError } from '../error';

const schemes = ['http:', 'https:', 'socks5:', 'socks5h:'];

/**
 * The proxy for a server: the kubeconfig's `proxy-url`, else the environment's. A SOCKS proxy
 * resolves the server's name, as Go lets it.
 *
 * @throws ClusterError bad-kubeconfig for what is no proxy's address
 */
export function proxyFor(
  server: string,
  proxyUrl: unknown,
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const own = typeof proxyUrl === 'string' && proxyUrl !== '' ? proxyUrl : undefined;
  const proxy = own ?? environmentProxy(server, env);
  if (proxy === undefined) return undefined;
  if (!URL.canParse(proxy) || !schemes.includes(new URL(proxy).protocol)) {
    const from = own ? 'proxy-url' : l10n.t`The proxy of the environment`;
    throw new ClusterError(
      'bad-kubeconfig',
      l10n.t`${from} must begin with http://, https:// or socks5://: ${proxy}.`,
    );
  }
  return proxy.replace(/^socks5:/i, 'socks5h:');
}

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
  const address = parseAddress(host);
  if (host === 'localhost' || (address && isLoopback(address))) return undefined;
  const port = url.port || (url.protocol === 'http:' ? '80' : '443');
  const excluded = (variable('NO_PROXY') ?? '').toLowerCase().split(',');
  if (excluded.some((entry) => excludes(entry.trim(), host, port))) return undefined;
  return /^[a-z0-9+.-]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

/** One entry of NO_PROXY: `10.0.0.0/8`, `[fd00::1]:6443`, `corp.example`, `.corp.example`, `*`. */
function excludes(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const address = parseAddress(host);
  if (entry.includes('/')) {
    const network = parseNetwork(entry);
    return network !== undefined && address !== undefined && contains(network, address);
  }
  const { name, onlyPort } = splitPort(entry);
  if (name === '' || (onlyPort !== undefined && onlyPort !== port)) return false;
  const excluded = parseAddress(name);
  if (excluded) return address !== undefined && sameAddress(excluded, address);
  // A domain excludes its hosts; with a dot before it, itself not.
  if (address) return false;
  const domain = name.replace(/^\*(?=\.)/, '');
  return domain.startsWith('.') ? host.endsWith(domain) : `.${host}`.endsWith(`.${domain}`);
}

/** `host:6443`, `[fd00::1]:6443`; an IPv6 address without brackets has no port. */
function splitPort(entry: string): { readonly name: string; readonly onlyPort?: string } {
  const [, bracketed, plain, onlyPort] = /^(?:\[([^\]]*)\]|([^:]*)):([^:]+)$/.exec(entry) ?? [];
  if (onlyPort === undefined) return { name: entry };
  return { name: bracketed ?? plain ?? '', onlyPort };
}
