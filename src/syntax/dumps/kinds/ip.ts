import { asFacts } from '../../node/nodeFacts';
import { ipAddressParser } from '../../ip/address';
import { ipAddressJsonParser } from '../../ip/addressJson';
import { fibTrieParser } from '../../ip/fibTrie';
import { ifInet6Parser } from '../../ip/ifInet6';
import { ifconfigParser } from '../../ip/ifconfig';
import { procIpv6RouteParser, procRouteParser } from '../../ip/procRoute';
import { ipRouteParser } from '../../ip/route';
import { routeTableParser } from '../../ip/routeTable';
import { ipRuleParser } from '../../ip/rule';
import { sysctlParser } from '../../ip/sysctl';
import type { DumpKind } from '../dumpKind';
import { isLink } from './link';

const types = 'unicast|local|broadcast|multicast|anycast|blackhole|unreachable|prohibit|throw';
const attributes = 'via|dev|proto|nhid|metric|scope|src|table';

/** Addresses, routes and routing rules, by `ip` or from /proc/net, and sysctls. */
export const ipKinds = [
  {
    id: 'ip-addr',
    language: 'ip-address',
    lines: [
      (line) => /^\d+: [^:\s]+: </.test(line) && !isLink(line),
      /^\d+: \S+\s+inet6? [\da-f.:]+/,
      // ip -br addr
      /^\S+\s+(UP|DOWN|UNKNOWN|LOWERLAYERDOWN|DORMANT)(\s+[\da-f.:]+\/\d+)+\s*$/,
    ],
    names: [
      'ip(-[46odjsb]|-br(ief)?)*-a(ddr(ess)?)?(-(show|list|ls|sh)(-[\\w@]+)*)?(-json)?',
      'kube-ipvs0',
    ],
    part: 'interfaces',
    read: ({ source }) => asFacts(ipAddressParser(source), (interfaces) => ({ interfaces })),
  },
  {
    id: 'ip-addr-json',
    json: /^\[[^]*"ifname"\s*:/,
    part: 'interfaces',
    read: ({ source }) => asFacts(ipAddressJsonParser(source), (interfaces) => ({ interfaces })),
  },
  {
    id: 'ip-rule',
    language: 'ip-address',
    lines: [/^\d+:\s+(not )?from /],
    names: ['ip(-[46])?-ru(les?)?(-(show|list|ls|sh))?'],
    part: 'routing rules',
    read: ({ source, family }) =>
      asFacts(ipRuleParser(source, family), (routingRules) => ({ routingRules })),
  },
  {
    id: 'ip-route',
    language: 'ip-address',
    lines: [
      new RegExp(`^default (${attributes}) `),
      new RegExp(`^(${types}) (default|[\\da-f.:]+(\\/\\d+)?)( |$)`),
      new RegExp(`^([\\da-f]*[.:])[\\da-f.:]*(\\/\\d+)? (${attributes}) `),
    ],
    names: ['ip(-[46])?-r(oute)?(-(show|list|ls|sh|lst))?(-table-\\w+)?'],
    part: 'routes',
    read: ({ source, family, table }) =>
      asFacts(ipRouteParser(source, { family, table }), (routes) => ({ routes })),
  },
  {
    id: 'ifconfig',
    lines: [/^\S+(: flags=\d+<[A-Z,_\d]*>\s+mtu \d+|\s+Link encap:)/],
    names: ['ifconfig(-a)?'],
    part: 'interfaces',
    read: ({ source }) => asFacts(ifconfigParser(source), (interfaces) => ({ interfaces })),
  },
  {
    id: 'route-n',
    lines: [/^Kernel IP routing table/, /^Destination\s+Gateway\s+Genmask\s/],
    names: ['route(-n)?', 'netstat-r?n?r?'],
    part: 'routes',
    read: ({ source }) => asFacts(routeTableParser(source), (routes) => ({ routes })),
  },
  {
    id: 'proc-fib_trie',
    lines: [/^(Main|Local):$/],
    names: ['(proc-net-)?fib-trie'],
    part: 'routes',
    read: ({ source }) => asFacts(fibTrieParser(source), (trie) => trie),
  },
  {
    id: 'proc-if_inet6',
    lines: [/^[\da-f]{32} [\da-f]{2} [\da-f]{2} [\da-f]{2} [\da-f]{2}\s+\S/],
    names: ['(proc-net-)?if-inet6'],
    part: 'interfaces',
    read: ({ source }) => asFacts(ifInet6Parser(source), (interfaces) => ({ interfaces })),
  },
  {
    id: 'proc-route',
    lines: [/^Iface\s+Destination\s+Gateway\s/],
    names: ['proc-net-route'],
    part: 'routes',
    read: ({ source }) => asFacts(procRouteParser(source), (routes) => ({ routes })),
  },
  {
    id: 'proc-ipv6_route',
    lines: [/^[\da-f]{32} [\da-f]{2} [\da-f]{32} [\da-f]{2} [\da-f]{32} /],
    names: ['(proc-net-)?ipv6-route'],
    part: 'routes',
    read: ({ source }) => asFacts(procIpv6RouteParser(source), (routes) => ({ routes })),
  },
  {
    id: 'sysctl',
    lines: [
      /^\/proc\/sys\/[\w./:@-]+:/,
      /^(net|kernel|vm|fs|user|dev|abi|debug)[./][\w./:@-]+ ?= ?/,
    ],
    names: ['sysctl(-\\w+)?'],
    part: 'sysctls',
    read: ({ source }) => asFacts(sysctlParser(source), (sysctls) => ({ sysctls })),
  },
] as const satisfies readonly DumpKind[];
