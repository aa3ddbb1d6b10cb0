import type { Family } from '../../core/address';
import type { DumpKindId } from './kinds';

/** A command whose output follows, as far as it tells what that is. */
export interface DumpCommand {
  /** undefined where its output tells nothing of a node: `uname -a`, `ip -s xfrm`. */
  readonly kind?: DumpKindId;
  readonly family?: Family;
  /** Of `ip route show table 100`, `iptables -t nat -S`. */
  readonly table?: string;
  /** `grep`, `head`: what the output went through, so that only some of its lines are here. */
  readonly filter?: string;
}

/** What is longer is no command that somebody wrote above its output. */
const longest = 400;

/** What people write around a command: `=== ip addr ===`, `--- ip rule ---`, `** nft list ruleset **`. */
// bounded: by `longest`
const frame = /^\s*(?:={2,}|-{2,}|\*{2,}|>{2,}|#{1,})\s*|\s*(?:={2,}|-{2,}|\*{2,}|#{2,}|:)\s*$/g;

const shell =
  /^(?:sudo|doas|watch|nsenter|kubectl|oc|docker|nerdctl|crictl|podman|ssh|timeout|chroot|env|sh|bash)$/;

/**
 * The command in a line; undefined where none of the programs that dumps come from stands there as
 * one would call it: alone, behind `sudo`, `kubectl exec POD --`, a prompt or a frame.
 *
 * @param line without a prompt, or with one
 */
export function dumpCommand(line: string): DumpCommand | undefined {
  if (line.length > longest || !someProgram.test(line)) return undefined;
  const words = line
    .replace(frame, '')
    .split(/[\s'"`|;&]+/)
    .filter(Boolean);
  const at = words.findIndex((word) => programs.has(programOf(word)));
  if (at < 0) return undefined;
  const lead = words.slice(0, at);
  const watched = watch.test(line);
  const called = at === 0 || watched || lead.some((word) => shell.test(word)) || isPrompt(lead);
  if (!called) return undefined;
  const program = programOf(words[at]!);
  const command = programs.get(program)!(words.slice(at + 1), program);
  const filter = command && (watched ? 'watch' : filterBehind(line, words[at]!));
  return filter === undefined ? command : { ...command, filter };
}

/** `Every 2.0s: iptables-save        node-a: Mon Nov 11 10:03:07 2019`: one screen of it. */
const watch = /^Every \d+(?:\.\d+)?s: /;

/** Programs that leave lines out of what they read, or put them in another order. */
const filters =
  /^(?:[ef]?grep|rg|ag|awk|gawk|sed|head|tail|sort|uniq|cut|findstr|select-string|sls)$/i;

/** `grep` of `iptables-save | grep -v cali`. */
function filterBehind(line: string, word: string): string | undefined {
  const [, ...pipes] = line.slice(line.indexOf(word)).split('|');
  for (const pipe of pipes) {
    const name = programOf(/[^\s'"`]+/.exec(pipe.replace(/^\s*sudo\s/, ''))?.[0] ?? '');
    if (filters.test(name)) return name;
  }
  return undefined;
}

function programOf(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1);
}

/** Whether words before a command are a prompt: `#`, `root@node:~#`, `[root@node ~]$`, `+`, `➜ ~`. */
export function isPrompt(words: readonly string[]): boolean {
  return /[#$%>\]+]$/.test(words.at(-1)!) || /^(?:[➜❯λ»]|[└╰]─.*)$/.test(words[0]!);
}

type Reader = (words: readonly string[], program: string) => DumpCommand | undefined;

const programs: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ...['iptables', 'ip6tables', 'xtables'].flatMap((name) =>
    ['', '-legacy', '-nft'].flatMap((variant): [string, Reader][] => [
      [`${name}${variant}`, iptables],
      [`${name}${variant}-save`, iptables],
    ]),
  ),
  ['ip', ip],
  ['ipset', (words) => ({ kind: words.some(isOneOf('save', '-S')) ? 'ipset-save' : 'ipset-list' })],
  ['ipvsadm', ipvsadm],
  ['ipvsadm-save', () => ({ kind: 'ipvsadm-Sn' })],
  ['nft', nft],
  ['bridge', bridge],
  ['sysctl', () => ({ kind: 'sysctl' })],
  ['conntrack', () => ({ kind: 'conntrack' })],
  ['cat', ofProc],
  ['grep', ofProc],
  ['netstat', netstat],
  ...['ifconfig', 'route', 'arp', 'ss', 'uname', 'hostname', 'date', 'lsmod', 'dmesg'].map(
    (name): [string, Reader] => [name, () => other.get(name) ?? {}],
  ),
]);

/** Most lines name none, and need not be taken apart to be sure of it. */
const someProgram = new RegExp([...programs.keys()].join('|'));

const other: ReadonlyMap<string, DumpCommand> = new Map<string, DumpCommand>([
  ['ifconfig', { kind: 'ifconfig' }],
  ['route', { kind: 'route-n', family: 4 }],
  ['arp', { kind: 'ip-neigh' }],
]);

/** `netstat -rn`; sockets, and all else it prints, tell nothing. */
function netstat(words: readonly string[]): DumpCommand {
  const routes = words.some((word) => /^-[a-zA-Z]*r|^--route$/.test(word));
  return routes && !words.includes('-6') ? { kind: 'route-n', family: 4 } : {};
}

function isOneOf(...wanted: readonly string[]): (word: string) => boolean {
  return (word) => wanted.includes(word);
}

function iptables(words: readonly string[], program: string): DumpCommand {
  const family = program.startsWith('ip6') ? 6 : program.startsWith('ip') ? 4 : undefined;
  const table = tableOption(words);
  if (program.endsWith('-save')) {
    return { kind: family === 6 ? 'ip6tables-save' : 'iptables-save', family, table };
  }
  const lists = words.some((word) => /^-[a-z]*S|^--list-rules/.test(word));
  return { kind: lists ? 'iptables-S' : 'iptables-L', family, table: table ?? 'filter' };
}

/** The value of `-t nat`, `-tnat`, `--table=nat`. */
function tableOption(words: readonly string[]): string | undefined {
  for (const [i, word] of words.entries()) {
    if (word === '-t' || word === '--table') return words[i + 1];
    const joined = /^(?:-t|--table=)([a-z]+)$/.exec(word)?.[1];
    if (joined !== undefined) return joined;
  }
  return undefined;
}

/**
 * `ip -4 addr`, `ip -o a`, `ip -6 route show table 100`, `ip ru ls`; any other object tells nothing, nor
 * does another network namespace.
 */
function ip(words: readonly string[]): DumpCommand | undefined {
  const at = words.findIndex(
    (word, i) => !word.startsWith('-') && !ipValues.test(words[i - 1] ?? ''),
  );
  if (at < 0) return undefined;
  const [options, object] = [words.slice(0, at), words[at]!];
  if (options.some((word) => /^--?n(?:e(?:t(?:ns?)?)?)?$/.test(word))) return {};
  const rest = words.slice(at + 1);
  const family = familyOf(options, rest);
  const kind = ipObjects.find(([name]) => name.startsWith(object))?.[1];
  switch (kind) {
    case 'ip-addr': {
      const json = options.some((word) => /^-j(son)?$/.test(word));
      return { kind: json ? 'ip-addr-json' : kind, family };
    }
    case 'ip-rule':
      return { kind, family: family ?? 4 };
    case 'ip-route': {
      if (rest[0] === 'get') return {};
      const table = rest[rest.indexOf('table') + 1];
      const named = rest.includes('table') && table !== 'all' ? table : undefined;
      return { kind, family: family ?? 4, table: named };
    }
    default:
      // `ip daddr 10.96.0.1` is a rule of nft.
      return kind || silentObjects.test(object) ? { kind, family } : undefined;
  }
}

/** Objects of ip(8) in its order: a word means the first that it is the beginning of. */
const ipObjects: readonly (readonly [string, DumpKindId])[] = [
  ['address', 'ip-addr'],
  ['maddress', 'ip-maddr'],
  ['route', 'ip-route'],
  ['rule', 'ip-rule'],
  ['neighbor', 'ip-neigh'],
  ['neighbour', 'ip-neigh'],
  ['link', 'ip-link'],
];

/** Options of ip(8) with a value behind them: `-f inet6`, `-n NETNS`, `-rc 1048576`, `-l 3`. */
const ipValues = /^--?(?:f(?:amily)?|n(?:etns)?|rc(?:vbuf)?|l(?:oops)?|b(?:atch)?)$/;

/** Objects of ip(8) that tell nothing of what is read here. */
const silentObjects =
  /^(?:addrlabel|fou|ila|ioam|l2tp|macsec|monitor|mptcp|mr(?:oute|ule)|netconf|netns|nexthop|ntable|sr|stats|tap|tcp_?metrics|token|tunnel|tun|tuntap|vrf|xfrm)$/;

/** `bridge -d link`, `bridge fdb show`. */
function bridge(words: readonly string[]): DumpCommand {
  if (words.includes('fdb')) return { kind: 'bridge-fdb' };
  return words.includes('link') ? { kind: 'bridge-link' } : {};
}

function familyOf(options: readonly string[], rest: readonly string[]): Family | undefined {
  if (options.some(isOneOf('-6'))) return 6;
  if (options.some(isOneOf('-4'))) return 4;
  const named = [...options, ...rest].find(isOneOf('inet', 'inet6'));
  return named === undefined ? undefined : named === 'inet6' ? 6 : 4;
}

function ipvsadm(words: readonly string[]): DumpCommand {
  const letters = words.filter((word) => /^-\w+$/.test(word)).join('');
  if (letters.includes('S') || words.includes('--save')) return { kind: 'ipvsadm-Sn' };
  if (words.some(isOneOf('--stats', '--rate'))) return { kind: 'ipvsadm-stats' };
  if (words.some(isOneOf('--timeout'))) return { kind: 'ipvsadm-timeout' };
  const connections = letters.includes('c') || words.includes('--connection');
  return { kind: connections ? 'ipvsadm-Lnc' : 'ipvsadm-Ln' };
}

function nft(words: readonly string[]): DumpCommand {
  if (!words.includes('list') || words.includes('tables')) return {};
  return {
    kind: words.some((word) => word === '--json' || (/^-\w+$/.test(word) && word.includes('j')))
      ? 'nft-json'
      : 'nft',
  };
}

/** `cat /proc/net/ip_vs`, `grep -r . /proc/sys/net`. */
function ofProc(words: readonly string[]): DumpCommand | undefined {
  const path = words.find((word) => word.startsWith('/proc/'));
  if (path === undefined) return undefined;
  if (path.startsWith('/proc/sys/')) return { kind: 'sysctl' };
  return { kind: procFiles.get(path.replace(/^\/proc\/(?:self\/|\d+\/)?net\//, '')) };
}

const procFiles: ReadonlyMap<string, DumpKindId> = new Map<string, DumpKindId>([
  ['ip_vs', 'proc-ip_vs'],
  ['ip_vs_conn', 'proc-ip_vs_conn'],
  ['ip_vs_stats', 'proc-ip_vs_stats'],
  ['fib_trie', 'proc-fib_trie'],
  ['if_inet6', 'proc-if_inet6'],
  ['route', 'proc-route'],
  ['ipv6_route', 'proc-ipv6_route'],
  ['nf_conntrack', 'conntrack'],
  ['arp', 'ip-neigh'],
  ['igmp', 'proc-igmp'],
  ['igmp6', 'proc-igmp'],
]);
