import { dumpCommand, isPrompt } from './command';
import type { HostMark } from './hostName';

const programs = /(?:^|\s)(kubectl|oc|crictl|docker|podman|nerdctl|ssh|nsenter)\s/;

/**
 * The host or pod that a command line enters: `ssh node-b ip addr`, `kubectl exec POD -- iptables-save`,
 * `oc debug node/node-b`, `docker exec kind-worker ip addr`.
 *
 * @returns here for a line that enters none; undefined where it may, and does not tell which
 */
export function hostEntered(line: string): HostMark | undefined | 'here' {
  const program = programs.exec(line)?.[1];
  if (program === undefined) return 'here';
  const words = line.split(/[\s'"`]+/).filter(Boolean);
  const at = words.indexOf(program);
  const before = words.slice(0, at);
  const atPrompt = at > 0 && (isPrompt(before) || before.at(-1) === 'sudo');
  // `/* ssh access */` of a rule, and what somebody wrote between the dumps.
  if (at > 0 && !atPrompt) return 'here';
  const entered = entersOf(program, words.slice(at + 1));
  if (entered === undefined) return undefined;
  const { rest, ...mark } = entered;
  return atPrompt || rest === 0 || dumpCommand(line) ? mark : undefined;
}

/** What is entered, and how many words follow it. */
type Entered = HostMark & { readonly rest: number };

function entersOf(program: string, words: readonly string[]): Entered | undefined {
  if (program === 'ssh') return host(operand(words, sshValues));
  const debugged = words.findIndex((word) => /^node\/[\w.-]+$/.test(word));
  if (debugged >= 0) {
    return host({ name: words[debugged]!.slice(5), rest: words.length - debugged - 1 });
  }
  const shell = words.indexOf('node-shell');
  if (shell >= 0) return host(operand(words.slice(shell + 1), kubectlValues));
  const exec = words.indexOf('exec');
  if (exec < 0) return undefined;
  const found = operand(words.slice(exec + 1), kubectlValues);
  if (!found) return undefined;
  const { rest } = found;
  const name = found.name.replace(/^pods?\//, '');
  // Nodes of kind, k3d and minikube are containers.
  if (/^(?:docker|podman|nerdctl)$/.test(program)) {
    const isNode = /-(?:control-plane|worker|agent-|server-)\d*$|^minikube/.test(name);
    return isNode ? { name, kind: 'host', rest } : undefined;
  }
  // `kube-proxy-x7k2p` of a DaemonSet, `kube-proxy-node-a` of the kubelet. `ds/kube-proxy` is any of them.
  const workload = /^(kube-proxy)-.|^([a-z0-9][a-z0-9.-]{0,60})-[a-z0-9]{5}$/.exec(name);
  return workload ? { name, kind: `pods:${workload[1] ?? workload[2]}`, rest } : undefined;
}

const sshValues = /^-[BbcDEeFIiJLlmOoPpQRSWw]$/;
const kubectlValues =
  /^(?:-[nceusw]|--(?:namespace|container|context|kubeconfig|cluster|server|as|env|user|workdir))$/;

/** The first word that is no option and no option's value. */
function operand(
  words: readonly string[],
  values: RegExp,
): { readonly name: string; readonly rest: number } | undefined {
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (values.test(word)) i++;
    else if (!word.startsWith('-')) return { name: word, rest: words.length - i - 1 };
  }
  return undefined;
}

function host(found: { readonly name: string; readonly rest: number } | undefined) {
  if (!found) return undefined;
  const name = found.name.replace(/^[^@]*@/, '');
  return /^[\w.-]{1,64}$/.test(name) ? { name, kind: 'host', rest: found.rest } : undefined;
}
