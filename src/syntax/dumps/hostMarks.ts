import { dumpCommand } from './command';

/**
 * Who printed what follows a line. A pod and the host of a prompt may be one node; a heading may name
 * anything.
 */
export interface HostMark {
  readonly name: string;
  readonly kind: 'prompt' | 'pod' | 'heading';
}

/** A longer line is no mark that somebody wrote. */
const longest = 400;

/** `root@node-a:~# ip addr`, `[root@node-a ~]# ip addr` */
const prompt = /^\[?[\w.-]{1,64}@([\w.-]{1,64})(?::[^#$%]{0,200}| [^\]#$%]{0,200}\])[#$%](?:\s|$)/;

/** `node-b | CHANGED | rc=0 >>` of ansible */
const ansible = /^([\w.-]{1,64}) \| (?:CHANGED|SUCCESS|FAILED|UNREACHABLE)\b/;

/** `=== node-a ===`, `## node-b` */
const framed = /^(?:={2,}|-{2,}|\*{2,}|#{1,6}) ?(\w[\w.-]{0,63})(?:$|[ =*#:])/;

/** `node-b:` */
const named = /^(\w[\w.-]{0,63}):\s*$/;

/** Programs whose output is of another host than the prompt's. */
const elsewhere = /\b(?:kubectl|oc|crictl|docker|podman|ssh|nsenter)\s/;

const pod = /^(?:pods?\/)?(kube-proxy-[a-z0-9-]{4,40})$/;

/** A container's id, and a name that every node has: both tell nothing. */
const nameless = /^(?:[0-9a-f]{12,64}|localhost|none)$/i;

/** Sections of one node are named like this: `nat-table`, `ipv4`, `kube-proxy`. */
const section =
  /nat|filter|mangle|raw|ip|route|addr|rule|table|chain|kube|nft|net|v4|v6|conf|step|part/i;

/** The host that a line tells for the outputs below it; undefined where it tells none. */
export function hostMark(line: string): HostMark | undefined {
  if (line.length > longest || /^(?:[-:\s[]?\d|-A |:|\s|$|add )/.test(line)) return undefined;
  if (elsewhere.test(line)) {
    const words = line.split(/\s+/);
    const name = words.map((word) => pod.exec(word)?.[1]).find((found) => found !== undefined);
    return name === undefined ? undefined : { name, kind: 'pod' };
  }
  const told = prompt.exec(line)?.[1] ?? ansible.exec(line)?.[1];
  if (told !== undefined) {
    return nameless.test(told) ? undefined : { name: shortName(told), kind: 'prompt' };
  }
  const name = framed.exec(line)?.[1] ?? named.exec(line)?.[1];
  if (name === undefined || !/[\d-]/.test(name) || section.test(name)) return undefined;
  return dumpCommand(line) ? undefined : { name: shortName(name), kind: 'heading' };
}

/** `node-a` of `node-a.example.org`; an address stays what it is. */
function shortName(name: string): string {
  return /^[\d.]+$/.test(name) ? name : name.split('.', 1)[0]!.toLowerCase();
}
