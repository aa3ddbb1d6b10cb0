import { dumpCommand } from './command';
import { hostEntered } from './hostEntered';
import type { HostMark } from './hostName';

/** A longer line is no mark that somebody wrote. */
const longest = 400;

/**
 * `root@node-a:~# ip addr`, `[root@node-a ~]# ip addr`, `core@node-a ~ $ ip addr`,
 * `(prod) me@node-a:~$ ip addr`
 */
const prompt =
  /^(?:\([\w.-]{1,40}\) ?)?\[?[\w.-]{1,64}@([\w.-]{1,64})(?::[^#$%]{0,200}| ?\[?[^\s#$%\]]{0,200}\]?) ?[#$%](?:\s|$)/;

/** `node-a:~ # ip addr` of SUSE and Alpine */
const withoutUser = /^([\w.-]{1,64}):[~/][^\s#$%]{0,200} ?[#$](?:\s|$)/;

/** `┌──(root㉿node-a)-[~]`, `╭─root@node-a ~` */
const twoLines = /^[┌╭]─{1,4}\(?[\w.-]{1,64}[@㉿]([\w.-]{1,64})/;

/** `node-b | CHANGED | rc=0 >>`, `ok: [node-b] => {` of ansible */
const ansible =
  /^(?:([\w.-]{1,64}) \| (?:CHANGED|SUCCESS|FAILED|UNREACHABLE)\b|(?:ok|changed|fatal|failed): \[([\w.-]{1,64})\])/;

/** `=== node-a ===`, `## Node: node-b`, `=== 节点1 ===` */
const framed =
  /^(?:={2,}|-{3,}|-- |\*{2,}|>{2,}|#{1,6}) ?(?:(?:node|host|server|on|节点|主机)[:： ] ?)?([\p{L}\p{N}][\p{L}\p{N}_.-]{0,63})(?:$|[=*#:：<]| (?!ping ))/iu;

/** `node-b:`, `Node: node-b` */
const named =
  /^(?:(?:node|host|server|on|节点|主机)[:： ] ?([\p{L}\p{N}][\p{L}\p{N}_.-]{0,63})|([\p{L}\p{N}][\p{L}\p{N}_.-]{0,63})[:：])[:：]?\s*$/iu;

/** A container's id, a name that every node has, a date: they tell no host. */
const nameless = /^(?:[0-9a-f]{12,64}|localhost|none|bash|sh|\d{4}-\d\d-\d\d.*)$/i;

/** Sections of one node are named with these alone: `nat-table`, `ipv4`, `kube-proxy`, `before-1`. */
const section =
  /^(?:nat|filter|mangle|raw|security|ip|ips|ipv|iptables|tables?|ipset|ipvs|ipvsadm|routes?|routing|addr|address|addresses|rules?|chains?|kube|ks?|proxy|nft|nftables|net|network|v|inet|conf|config|steps?|part|section|before|after|old|new|output|dump|log|result|case|test|example|attempt|try|run|first|second|services?|svc|list|all)$/i;

/** The host that a line tells for the outputs below it; undefined where it tells none. */
export function hostMark(line: string): HostMark | undefined {
  if (line.length > longest || /^(?:[-:\s[]?\d|-A |:|\s|$|add )/.test(line)) return undefined;
  const entered = hostEntered(line);
  if (entered !== 'here') return entered;
  const told = [prompt, withoutUser, twoLines, ansible].find((form) => form.test(line));
  if (told) {
    const name = told.exec(line)!.slice(1).find(Boolean)!;
    return nameless.test(name) ? undefined : { name, kind: 'host' };
  }
  const name = framed.exec(line)?.[1] ?? named.exec(line)?.slice(1).find(Boolean);
  if (name === undefined || !/[\d-]/.test(name) || nameless.test(name)) return undefined;
  return isSection(name) || dumpCommand(line) ? undefined : { name, kind: 'heading' };
}

/** The host that the beginning of a text tells by a prompt or by the way to it. */
export function hostTold(head: string): string | undefined {
  for (const line of head.split('\n', 200)) {
    const mark = hostMark(line);
    if (mark?.kind === 'host') return mark.name;
  }
  return undefined;
}

function isSection(name: string): boolean {
  if (/^ip(?:-\d{1,3}){4}/.test(name)) return false;
  const words = name.split(/[^\p{L}]+/u).filter(Boolean);
  return words.length > 0 && words.every((word) => section.test(word));
}
