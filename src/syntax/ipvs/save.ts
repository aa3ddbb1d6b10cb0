import * as l10n from '@vscode/l10n';
import type { Finding } from '../../core/finding';
import type {
  ForwardMethod,
  IpvsState,
  IpvsToken,
  IpvsTokenKind,
  RealServer,
  VirtualServer,
} from '../../core/ipvs/state';
import { lineRange, parseLines, unknownLine, wordsOf } from '../lines';
import type { LineReader, Parsed, Word } from '../lines';
import { isShellPrompt } from '../shellPrompt';
import { parseEndpoint } from './endpoint';
import { namedRows } from './namedRows';
import { tokenReader } from './row';
import { persistentMask } from './table';

type Draft = VirtualServer & { readonly realServers: RealServer[]; incomplete?: boolean };

/** One line of `ipvsadm -Sn`: its options by their short names, and its tokens for hovers. */
export interface IpvsCommand {
  readonly kind: 'virtual' | 'real';
  readonly options: ReadonlyMap<string, string>;
  readonly tokens: readonly IpvsToken[];
}

/**
 * Reads `ipvsadm -Sn`: `-A -t 10.96.0.1:443 -s rr -p 10800`, then
 * `-a -t 10.96.0.1:443 -r 192.168.77.1:6443 -m -w 1`.
 */
export function ipvsSaveParser(source: string): LineReader<IpvsState> {
  const virtualServers = new Map<string, Draft>();
  /** Virtual servers that have a name in the place of an address, as their lines write it. */
  const unknownKeys = new Set<string>();
  const named = namedRows(nameMessage, command);
  const findings: Finding[] = [];
  let incomplete: string | undefined;
  return {
    line(text, line) {
      if (/^\s*(#.*)?$/.test(text)) return;
      const range = lineRange(source, line, text);
      const read = readIpvsCommand(text, { source, line });
      const key = read && keyOf(read.options);
      if (!read || key === undefined) {
        if (isShellPrompt(text)) return;
        findings.push(unknownLine(range, 'ipvsadm -S'));
        incomplete ??= l10n.t`A line could not be read.`;
      } else if (read.kind === 'virtual') {
        const server = virtualServer(read.options, range);
        if (server) virtualServers.set(key, server);
        else {
          leaveName(range);
          unknownKeys.add(key);
        }
      } else {
        const owner = virtualServers.get(key);
        const server = realServer(read.options, owner, range);
        if (owner && server) owner.realServers.push(server);
        else if (owner) {
          leaveName(range);
          owner.incomplete = true;
        } else if (unknownKeys.has(key)) leaveName(range);
        else
          leaveOut(l10n.t`No -A line above adds the virtual server ${key}.`, 'ipvs-orphan', range);
      }
    },
    end: () => ({
      value: {
        source,
        virtualServers: [...virtualServers.values()],
        kernelOrder: false,
        incomplete,
      },
      findings: [...findings, ...named.findings()],
    }),
  };

  function leaveName(range: Finding['range']): void {
    incomplete ??= nameMessage;
    named.add(range);
  }

  function leaveOut(message: string, code: string, range: Finding['range']): void {
    incomplete ??= message;
    findings.push({ severity: 'warning', code, message, range });
  }
}

export function parseIpvsSave(text: string, source: string): Parsed<IpvsState> {
  return parseLines(text, ipvsSaveParser(source));
}

const command = 'ipvsadm -Sn';
const nameMessage = l10n.t`This line is not complete, or holds a name in place of an address; "ipvsadm -Sn" (with n) prints addresses.`;

/** The options and tokens of one line; undefined for what is no `-A` or `-a` line. */
export function readIpvsCommand(
  text: string,
  at: { readonly source: string; readonly line: number },
): IpvsCommand | undefined {
  const words = wordsOf(text);
  if (words[0]?.text === 'ipvsadm') words.shift();
  const command = words[0]?.text;
  const kind =
    command === '-A' || command === '--add-service'
      ? 'virtual'
      : command === '-a' || command === '--add-server'
        ? 'real'
        : undefined;
  if (!kind) return undefined;
  const reader = tokenReader(at);
  const options = new Map<string, string>();
  for (let i = 1; i < words.length; i++) {
    const word = words[i]!;
    const option = longNames.get(word.text) ?? word.text;
    const value = valued.has(option) ? words[++i] : undefined;
    if (value) readValue(option, word, value);
    else if (alone.has(option)) {
      options.set(option, '');
      reader.add(
        option === '-o' ? 'flag' : option === '-6' ? 'family' : 'forward',
        word,
        alone.get(option),
      );
    } else reader.add('unknown', word);
  }
  return { kind, options, tokens: reader.tokens };

  function readValue(option: string, word: Word, value: Word): void {
    options.set(option, value.text);
    if (option === '-t' || option === '-u' || option === '--sctp-service' || option === '-r') {
      const protocol = protocolOptions.get(option);
      if (protocol) reader.add('protocol', word, protocol.name);
      if (value.text.includes(':')) reader.endpoint(value, false);
      else reader.add('address', value);
    } else reader.add(valued.get(option)!, value);
  }
}

/** The virtual server that a line is about, as both lines write it: `-t 10.96.0.1:443`. */
function keyOf(options: ReadonlyMap<string, string>): string | undefined {
  for (const option of ['-t', '-u', '--sctp-service', '-f']) {
    const value = options.get(option);
    if (value !== undefined) return `${option} ${value}${options.has('-6') ? ' -6' : ''}`;
  }
  return undefined;
}

function virtualServer(
  options: ReadonlyMap<string, string>,
  range: VirtualServer['range'],
): Draft | undefined {
  const option = ['-t', '-u', '--sctp-service'].find((name) => options.has(name));
  const endpoint = option === undefined ? undefined : parseEndpoint(options.get(option)!);
  const mark = options.get('-f');
  if (!endpoint && mark === undefined) return undefined;
  const persistent = options.get('-p');
  const six = endpoint ? endpoint.address.family === 6 : options.has('-6');
  return {
    address: endpoint?.address,
    port: endpoint?.port,
    protocol: protocolOptions.get(option ?? '')?.number,
    firewallMark: mark === undefined ? undefined : Number(mark),
    ...(mark !== undefined && { family: six ? 6 : 4 }),
    // ipvsadm(8): the default of -s is wlc.
    scheduler: options.get('-s') ?? 'wlc',
    flags: [...(options.get('-b')?.split(',') ?? []), ...(options.has('-o') ? ['ops'] : [])],
    persistent: persistent === undefined ? undefined : Number(persistent),
    persistentMask: persistentMask(options.get('-M'), six, false),
    persistenceEngine: options.get('--pe'),
    realServers: [],
    range,
  };
}

function realServer(
  options: ReadonlyMap<string, string>,
  owner: VirtualServer | undefined,
  range: RealServer['range'],
): RealServer | undefined {
  const text = options.get('-r') ?? '';
  // Without a port the virtual server's is meant (ipvsadm(8), -r).
  const endpoint = parseEndpoint(text) ?? parseEndpoint(`${text}:${owner?.port ?? 0}`);
  const weight = Number(options.get('-w') ?? 1);
  if (!endpoint || !Number.isInteger(weight)) return undefined;
  const method: ForwardMethod = options.has('-m') ? 'Masq' : options.has('-i') ? 'Tunnel' : 'Route';
  const limit = options.get('-x');
  const lower = options.get('-y');
  return {
    ...endpoint,
    method,
    weight,
    ...(limit !== undefined && { upperThreshold: Number(limit) }),
    ...(lower !== undefined && { lowerThreshold: Number(lower) }),
    range,
  };
}

const protocolOptions: ReadonlyMap<string, { readonly name: string; readonly number: number }> =
  new Map([
    ['-t', { name: 'TCP', number: 6 }],
    ['-u', { name: 'UDP', number: 17 }],
    ['--sctp-service', { name: 'SCTP', number: 132 }],
  ]);

/** Options that a value follows, and what the value is (ipvsadm(8)). */
const valued: ReadonlyMap<string, IpvsTokenKind> = new Map<string, IpvsTokenKind>([
  ['-t', 'address'],
  ['-u', 'address'],
  ['--sctp-service', 'address'],
  ['-r', 'address'],
  ['-f', 'firewall-mark'],
  ['-s', 'scheduler'],
  ['-p', 'persistent'],
  ['-M', 'mask'],
  ['-b', 'flag'],
  ['--pe', 'engine'],
  ['-w', 'weight'],
  ['-x', 'upper-threshold'],
  ['-y', 'lower-threshold'],
  ['--tun-type', 'unknown'],
  ['--tun-port', 'unknown'],
]);

/** Options without a value, and what they stand for. */
const alone: ReadonlyMap<string, string> = new Map([
  ['-m', 'Masq'],
  ['-g', 'Route'],
  ['-i', 'Tunnel'],
  ['-o', 'ops'],
  ['-6', 'IPv6'],
]);

const longNames: ReadonlyMap<string, string> = new Map([
  ['--tcp-service', '-t'],
  ['--udp-service', '-u'],
  ['--fwmark-service', '-f'],
  ['--scheduler', '-s'],
  ['--persistent', '-p'],
  ['--netmask', '-M'],
  ['--sched-flags', '-b'],
  ['--real-server', '-r'],
  ['--weight', '-w'],
  ['--masquerading', '-m'],
  ['--gatewaying', '-g'],
  ['--ipip', '-i'],
  ['--u-threshold', '-x'],
  ['--l-threshold', '-y'],
  ['--ops', '-o'],
  ['--ipv6', '-6'],
]);
