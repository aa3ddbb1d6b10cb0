import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import type { ServerOptions } from './apiServer';
import { missingBinary, prints, type ExecScript, type ExecSession } from './execServer';
import type { ServerObject } from './lists';
import { replay } from './recording';

const samples = fileURLToPath(new URL('../../../samples', import.meta.url));

/** A kube-proxy pod on a node, as kubeadm makes it. */
export function proxyPod(node: string, parts: object = {}): ServerObject {
  return {
    metadata: {
      name: `kube-proxy-${node}`,
      namespace: 'kube-system',
      labels: { 'k8s-app': 'kube-proxy' },
    },
    spec: {
      nodeName: node,
      hostNetwork: true,
      containers: [{ name: 'kube-proxy', args: ['--proxy-mode=iptables'] }],
    },
    ...{ status: { phase: 'Running' } },
    ...parts,
  };
}

/** Which file of a sample holds what a command printed. */
const files: Readonly<Record<string, string>> = {
  'iptables-nft-save -c': 'iptables-save-c.txt',
  'ip6tables-nft-save -c': 'ip6tables-save.txt',
  'ipset save': 'ipset-save.txt',
  'cat /proc/net/ip_vs': 'proc-net-ip_vs.txt',
  'ip addr': 'ip-addr.txt',
  'ip route show table all': 'ip-route.txt',
};

/** What kube-proxy's image can do on a node of a sample; its pods are named after their nodes. */
export function sampleExec(sample: string): (session: ExecSession) => ExecScript {
  return ({ command, pod }) => {
    const file = files[command.join(' ')];
    const path = join(samples, sample, pod.replace('kube-proxy-', ''), file ?? '');
    if (file && existsSync(path)) return prints(readFileSync(path));
    // /proc/sys has files that can't be read: grep prints the others and exits with 2.
    if (command[0] === 'grep' && command.includes('/proc/sys/net/ipv4/conf')) {
      return prints('/proc/sys/net/ipv4/ip_forward:1\n', '', 2);
    }
    if (command[0] !== 'cat') return missingBinary;
    return prints('', `cat: ${command[1]}: No such file or directory\n`, 1);
  };
}

/**
 * A server of a sample's objects and dumps, with a kube-proxy pod on each of its nodes.
 *
 * @param rules what its iptables prints now, in place of the sample's
 */
export function sampleCluster(
  sample: string,
  nodes: readonly string[],
  rules?: () => string,
): ServerOptions {
  const objects = Object.fromEntries(
    ['services', 'endpointslices', 'endpoints', 'nodes'].map((resource) => {
      const text = readFileSync(join(samples, sample, 'objects', `${resource}.yaml`), 'utf8');
      return [resource, (load(text) as { items: ServerObject[] }).items];
    }),
  );
  const pods = nodes.map((node) => proxyPod(node));
  const ofSample = sampleExec(sample);
  const run = (session: ExecSession) =>
    rules && session.command.join(' ') === 'iptables-nft-save -c'
      ? prints(rules())
      : ofSample(session);
  const names = new Set(pods.map(({ metadata }) => metadata.name));
  return {
    objects: { ...objects, pods },
    exec: (session) => (names.has(session.pod) ? run(session) : replay('exec-unknown-pod')),
  };
}
