import * as l10n from '@vscode/l10n';
import type { Finding } from '../../core/finding';
import type { TraceForm, TraceLine } from '../../core/packetTrace/line';
import type { TableFamily } from '../../core/rules/ruleset';
import type { SourceRange } from '../../core/source';
import { conntrackEntry } from '../conntrack/entries';
import { lineRange, parseLines } from '../lines';
import type { LineReader, Parsed } from '../lines';
import { readRule } from '../nft/statements/rule';
import { lineText } from '../nft/text/reader';
import { readHead } from './head';
import { readNftHead } from './nftHead';

/**
 * Reads what shows a packet's way through a live node, whatever wrote it: `TRACE:` lines of the kernel
 * log, `xtables-monitor --trace`, `nft monitor trace`, retis, LOG rules, conntrack. Lines of none of
 * them (a shell's prompt, other messages of the kernel) are passed over.
 */
export function parsePacketTrace(text: string, source: string): Parsed<readonly TraceLine[]> {
  return parseLines(text, packetTraceParser(source));
}

/** A line of a trace is some hundred characters; a longer one is something else. */
const longest = 4000;

function packetTraceParser(source: string): LineReader<readonly TraceLine[]> {
  const value: TraceLine[] = [];
  const findings: Finding[] = [];
  return {
    line(text, number) {
      if (text.length > longest) return;
      const line = traceLine(text, lineRange(source, number, text));
      if (line) value.push(line);
    },
    end() {
      if (value.length === 0) {
        const range = { source, line: 0, start: 0, end: 0 };
        const message = l10n.t`No line of a kernel trace here: TRACE: lines, xtables-monitor --trace, nft monitor trace, retis, LOG lines or conntrack.`;
        findings.push({ severity: 'error', code: 'packet-trace-empty', message, range });
      }
      return { value, findings };
    },
  };
}

/** One line, or undefined where it is none of a trace. */
export function traceLine(text: string, range: SourceRange): TraceLine | undefined {
  return (
    nftLine(text, range) ??
    xtablesLine(text, range) ??
    legacyLine(text, range) ??
    retisLine(text, range) ??
    logLine(text, range) ??
    connectionLine(text, range)
  );
}

/** `nat:KUBE-SERVICES:rule:30`, wherever users left it. */
const place = /(?:^|\s)([a-z]+):([^\s:]+(?::[^\s:]+)?):(rule|return|policy):(\d+)(?=\s)/;

/** trace_packet (net/ipv4/netfilter/ip_tables.c): the line is written before the target acts. */
function legacyLine(text: string, range: SourceRange): TraceLine | undefined {
  const found = place.exec(text);
  if (!found) return undefined;
  const [all, table = '', chain = '', kind = '', number = ''] = found;
  const head = readHead(text.slice(found.index + all.length));
  if (!head) return undefined;
  return { ...at('legacy', range), kind: kindOf(kind), table, chain, number: Number(number), head };
}

/**
 * `TRACE: 2 0427ffe5 nat:OUTPUT:rule:0x9:JUMP:KUBE-SERVICES  -4 -t nat -A OUTPUT ...`, `PACKET: 2
 * 0427ffe5 OUT=enp3s0 SRC=...` (iptables/xtables-monitor.c).
 */
function xtablesLine(text: string, range: SourceRange): TraceLine | undefined {
  const [, what, id = '', rest = ''] =
    /^\s*(TRACE|PACKET): (?:2|10|0) ([\da-f]{8})\s+(\S.*)$/.exec(text) ?? [];
  if (what === undefined) return undefined;
  if (what === 'PACKET') {
    const head = readHead(rest);
    return head && { ...at('xtables', range), id, kind: 'head', head };
  }
  const blank = rest.search(/\s/);
  const words = blank < 0 ? rest : rest.slice(0, blank);
  const rule = blank < 0 ? '' : rest.slice(blank).trim();
  const [table = '', chain = '', kind = '', ...more] = words.split(':');
  if (kind !== 'rule') {
    if (kind !== 'return' && kind !== 'policy') return undefined;
    return { ...at('xtables', range), id, kind, table, chain, verdict: more[0] || undefined };
  }
  const [handle = '', ...verdict] = more;
  return {
    ...at('xtables', range),
    id,
    kind,
    table,
    chain,
    handle: Number(handle) || undefined,
    verdict: verdict.join(':'),
    text: rule || undefined,
  };
}

/** nftables/src/trace.c; the text is that of the monitor's own nft. */
function nftLine(text: string, range: SourceRange): TraceLine | undefined {
  const [, id, tableFamily, table = '', chain = '', what, rest = ''] =
    /^\s*trace id ([\da-f]{8}) (ip6?|inet|bridge|arp|netdev) (\S+) (\S+) (packet:|rule|verdict|policy|unknown rule handle)\s?(.*)$/.exec(
      text,
    ) ?? [];
  if (id === undefined) return undefined;
  const base = { ...at('nft', range), id, tableFamily, table, chain };
  switch (what) {
    case 'packet:': {
      const head = readNftHead(rest);
      return head && { ...at('nft', range), id, kind: 'head', head };
    }
    case 'rule': {
      const open = rest.lastIndexOf('(verdict ');
      const verdict = open < 0 ? undefined : rest.slice(open + 9).replace(/\)\s*$/, '');
      const rule = rest.slice(0, open < 0 ? undefined : open).trim();
      const { statements } = readRule(
        lineText(range.source, range.line, 0, rule),
        tableFamily as TableFamily,
      );
      return { ...base, kind: 'rule', text: rule, statements, verdict };
    }
    case 'policy':
      return { ...base, kind: 'policy', verdict: rest.split(' ')[0] };
    case 'verdict':
      return { ...base, kind: 'return', verdict: rest.split(' ')[0] };
    default:
      return { ...base, kind: 'rule', handle: Number(/^\d+/.exec(rest)?.[0]) || undefined };
  }
}

/** `  table firewalld (2) chain filter_INPUT (165) handle 169 accept` (retis, docs/events/nft.md). */
function retisLine(text: string, range: SourceRange): TraceLine | undefined {
  const [, table, chain = '', handle, verdict = ''] =
    /^\s*table (\S+) \(\d+\) chain (\S+) \(\d+\)(?: handle (\d+))? (.+)$/.exec(text) ?? [];
  if (table === undefined) return undefined;
  const base = { ...at('retis', range), table, chain, verdict };
  return handle === undefined
    ? { ...base, kind: 'policy' }
    : { ...base, kind: 'rule', handle: Number(handle) };
}

/** What syslog and dmesg write before a message: `node kernel: [ 12.345678] `, `[Sat Nov 21 13:42:24 2026] `. */
const beforePrefix = /^(?:.*kernel: ?)?(?:\[(?: *\d+\.\d+|[^\]]*:\d\d \d{4})\] ?)?/;

/** A LOG rule's line: its prefix, then the same head. */
function logLine(text: string, range: SourceRange): TraceLine | undefined {
  const start = text.indexOf('IN=');
  const head = start < 0 ? undefined : readHead(text.slice(start));
  if (!head || !text.includes('OUT=')) return undefined;
  const prefix = text.slice(0, start).replace(beforePrefix, '').trim();
  return { ...at('log', range), kind: 'head', head, ...(prefix && { prefix }) };
}

function connectionLine(text: string, range: SourceRange): TraceLine | undefined {
  const entry = conntrackEntry(text, range);
  return entry && { ...at('conntrack', range), kind: 'connection', entry };
}

function at<Form extends TraceForm>(form: Form, range: SourceRange) {
  return { form, range };
}

function kindOf(text: string): 'rule' | 'return' | 'policy' {
  return text === 'rule' || text === 'return' ? text : 'policy';
}
