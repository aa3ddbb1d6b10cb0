import http from 'node:http';
import https, { type RequestOptions } from 'node:https';
import { createRequire } from 'node:module';

/** VS Code keeps what it replaced in Node's modules under this name (extHostProxyResolver.ts). */
interface Replaced<T> {
  __vscodeOriginal?: T;
}

/**
 * Runs what opens a connection with Node's own http.request and https.request. In the extension
 * host VS Code replaces them by ones that drop the given agent, and so a kubeconfig's proxy, for
 * VS Code's own choice of a proxy (http.proxySupport: override, the default). ws and hpagent take no
 * other functions, so the modules are put back for the time of the call, which awaits nothing.
 *
 * Without a CA and a proxy in the kubeconfig VS Code's own way stays: it adds the CAs of the system.
 */
export function withNodeRequest<T>(
  { agent, ca, rejectUnauthorized }: RequestOptions,
  open: () => T,
): T {
  const own = ca !== undefined || rejectUnauthorized === false || isProxy(agent);
  const modules = nodeModules();
  if (!own || modules.every(({ __vscodeOriginal }) => !__vscodeOriginal)) return open();
  const replaced = modules.map(({ request }) => request);
  for (const module of modules) module.request = module.__vscodeOriginal?.request ?? module.request;
  try {
    return open();
  } finally {
    modules.forEach((module, i) => (module.request = replaced[i] ?? module.request));
  }
}

/** Who calls `require`, as ws and hpagent do, is given copies, the same ones for one extension. */
function nodeModules(): readonly (typeof https & Replaced<typeof https>)[] {
  const required = createRequire(import.meta.url);
  const modules = [http, https, required('http'), required('https')];
  return [...new Set(modules)] as (typeof https & Replaced<typeof https>)[];
}

/** hpagent's and socks-proxy-agent's; a plain agent is of Node's own class. */
function isProxy(agent: RequestOptions['agent']): boolean {
  return (
    typeof agent === 'object' &&
    agent.constructor !== http.Agent &&
    agent.constructor !== https.Agent
  );
}
