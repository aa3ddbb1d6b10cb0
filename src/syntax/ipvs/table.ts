import * as l10n from '@vscode/l10n';
import { parseAddress, prefixMask } from '../../core/address';
import type { Finding } from '../../core/finding';
import type { ForwardMethod, IpvsState, RealServer, VirtualServer } from '../../core/ipvs/state';
import type { IpvsTokenKind } from '../../core/ipvs/state';
import type { SourceRange } from '../../core/source';
import { lineRange, parseLines, unknownLine } from '../lines';
import type { LineReader, Parsed } from '../lines';
import { isShellPrompt } from '../shellPrompt';
import { namedRows } from './namedRows';
import { assumedHz, formOfHeader, readIpvsRow } from './row';
import type { IpvsForm, IpvsRow } from './row';

type Draft = VirtualServer & { readonly realServers: RealServer[]; incomplete?: boolean };

/**
 * Reads the table of virtual and real servers: `ipvsadm -Ln`, and with `hex` /proc/net/ip_vs. A
 * header with other columns (`--stats`, `--rate`, `--thresholds`, `--persistent-conn`) makes the state
 * incomplete: such a listing has neither all weights nor forward methods. So does a beginning without
 * the version, which stands above the table of all (list_all of ipvsadm.c, ip_vs_info_seq_show): it is
 * of one virtual server (`-t`), or an excerpt.
 *
 * @param filter `grep`: the program that left lines out
 */
export function ipvsTableParser(
  source: string,
  hex?: boolean,
  filter?: string,
): LineReader<IpvsState> {
  return new TableReader(source, hex, filter);
}

class TableReader implements LineReader<IpvsState> {
  private readonly virtualServers: Draft[] = [];
  private readonly findings: Finding[] = [];
  private readonly named = namedRows(nameMessage, command);
  private form: IpvsForm;
  private tableSize: number | undefined;
  private incomplete: string | undefined;
  /** It begins with the version, which stands above the table of all. */
  private whole = false;
  /** Behind a line `--`, by which `grep -A` says that it left lines out: whose the real servers are is not known. */
  private ownerless = false;

  constructor(
    private readonly source: string,
    private readonly hex: boolean | undefined,
    filter: string | undefined,
  ) {
    this.form = { columns: 'table', hex: hex ?? false };
    this.incomplete = filter === undefined ? undefined : l10n.t`${filter} left lines of it out.`;
  }

  line(text: string, line: number): void {
    const trimmed = text.trim();
    if (trimmed === '') return;
    if (trimmed === '--') return this.readHitSeparator();
    const { source } = this;
    const range = lineRange(source, line, text);
    const header = formOfHeader(text, this.form);
    if (header) return this.readHeader(header, range);
    const version = /^\s*IP Virtual Server version \S+ \(size=(\d+)\)/.exec(text);
    if (version) {
      this.tableSize = Number(version[1]);
      this.whole = true;
      return;
    }
    const row = readIpvsRow(text, { source, line }, this.form);
    if (!row) this.readStrange(text, range);
    else if (!row.endpoint && row.firewallMark === undefined) this.readNamed(row, range);
    else if (row.kind === 'virtual') this.readVirtual(row, range);
    else if (this.form.columns === 'table') this.readReal(row, range);
  }

  end(): Parsed<IpvsState> {
    const { source, form, virtualServers, incomplete, whole } = this;
    const persistent = form.hex && virtualServers.some((server) => server.persistent !== undefined);
    const value: IpvsState = {
      source,
      connectionTableSize: this.tableSize,
      // Of a name nothing is known but that its rows are not another's.
      virtualServers: virtualServers.filter(isNamed),
      kernelOrder: form.hex,
      incomplete: incomplete ?? (whole ? undefined : partMessage),
      assumptions: persistent ? [hzAssumption] : [],
    };
    return { value, findings: [...this.findings, ...this.named.findings()] };
  }

  private readHeader(header: IpvsForm, range: SourceRange): void {
    this.form = this.hex === undefined ? header : { ...header, hex: this.hex };
    if (this.form.columns !== 'table' && this.incomplete === undefined) {
      this.leaveOut('ipvs-columns', columnsMessage, range);
    }
  }

  private readHitSeparator(): void {
    this.incomplete ??= partMessage;
    this.ownerless = true;
    this.leaveOpen();
  }

  /** What is no row: one that was cut, a prompt, another command's line. */
  private readStrange(text: string, range: SourceRange): void {
    if (/^\s*(->|[A-Z]{2,6}\s)/.test(text)) {
      this.leaveOut('ipvs-row-cut', cutMessage, range);
    } else if (isShellPrompt(text)) {
      return;
    } else {
      this.findings.push(unknownLine(range, l10n.t`an IPVS table`));
      this.incomplete ??= unreadMessage;
    }
    this.leaveOpen();
  }

  /** A row with a name in the place of an address or a port. */
  private readNamed(row: IpvsRow, range: SourceRange): void {
    this.incomplete ??= nameMessage;
    this.named.add(range);
    if (row.kind === 'real') this.leaveOpen();
    else {
      this.ownerless = false;
      const server = virtualServer(row, range, this.form.hex);
      this.virtualServers.push({ ...server, incomplete: true });
    }
  }

  private readVirtual(row: IpvsRow, range: SourceRange): void {
    this.ownerless = false;
    const server = virtualServer(row, range, this.form.hex);
    // `--stats` without its header: a number stands in the scheduler's place.
    if (/^\d/.test(server.scheduler ?? '')) this.form = { ...this.form, columns: 'stats' };
    const isTable = this.form.columns === 'table';
    if (!isTable) this.incomplete ??= columnsMessage;
    this.virtualServers.push(isTable ? server : withoutScheduler(server));
  }

  private readReal(row: IpvsRow, range: SourceRange): void {
    if (this.ownerless) return;
    const server = realServer(row, range);
    const owner = this.virtualServers.at(-1);
    if (server && owner) owner.realServers.push(server);
    else if (!owner) {
      this.leaveOut('ipvs-orphan', l10n.t`A real server stands before any virtual server.`, range);
      // Said once: those below it were left by the same cut.
      this.ownerless = true;
    } else {
      this.leaveOut('ipvs-row-cut', cutMessage, range);
      this.leaveOpen();
    }
  }

  private leaveOut(code: string, message: string, range: SourceRange): void {
    this.incomplete ??= message;
    this.findings.push({ severity: 'warning', code, message, range });
  }

  /** Of a row that could not be read: it may be a real server of the virtual server above. */
  private leaveOpen(): void {
    const owner = this.virtualServers.at(-1);
    if (owner) owner.incomplete = true;
  }
}

export function parseIpvsTable(text: string, source: string, hex?: boolean): Parsed<IpvsState> {
  return parseLines(text, ipvsTableParser(source, hex));
}

const command = 'ipvsadm -Ln';
const nameMessage = l10n.t`A name stands in the place of an address or a port; "ipvsadm -Ln" (with n) prints numbers.`;
const columnsMessage = l10n.t`This listing has no forward methods and weights; "ipvsadm -Ln" without further options has them.`;
const partMessage = l10n.t`The listing begins without the version of IPVS: it is a part, and others may be there.`;
const unreadMessage = l10n.t`A line of the listing could not be read.`;
const cutMessage = l10n.t`This row is not complete: the dump was cut or altered here.`;
const hzAssumption = l10n.t`Persistence in /proc/net/ip_vs is counted in jiffies; ${assumedHz} per second are assumed.`;

function isNamed({ address, firewallMark }: VirtualServer): boolean {
  return address !== undefined || firewallMark !== undefined;
}

/** Of a listing of counters: neither the scheduler nor the real servers' weights are told. */
function withoutScheduler(server: Draft): Draft {
  return { ...server, scheduler: undefined, incomplete: true };
}

function virtualServer(row: IpvsRow, range: SourceRange, hex: boolean): Draft {
  const flags = row.tokens
    .filter((token) => token.kind === 'flag')
    .flatMap((token) => token.value.split(','));
  const six = row.endpoint?.address.family === 6 || valueOf(row, 'family') !== undefined;
  return {
    address: row.endpoint?.address,
    port: row.endpoint?.port,
    protocol: row.protocol,
    firewallMark: row.firewallMark,
    ...(row.firewallMark !== undefined && !hex && { family: six ? 6 : 4 }),
    scheduler: valueOf(row, 'scheduler'),
    flags,
    persistent: numberOf(row, 'persistent'),
    persistentMask: persistentMask(valueOf(row, 'mask'), six, hex),
    persistenceEngine: valueOf(row, 'engine'),
    realServers: [],
    range,
  };
}

/** `255.255.255.0`, a prefix length for IPv6, or in /proc/net/ip_vs hex; undefined for a full mask. */
export function persistentMask(
  text: string | undefined,
  six: boolean,
  hex: boolean,
): readonly number[] | undefined {
  if (text === undefined) return undefined;
  // The kernel prints IPv6's prefix length through ntohl as well: 128 is 80000000.
  const length = hex && six ? parseInt(text.match(/../g)!.reverse().join(''), 16) : Number(text);
  if (six) return length >= 0 && length < 128 ? prefixMask(6, length) : undefined;
  const words = hex ? [parseInt(text, 16)] : parseAddress(text)?.words;
  return words?.[0] === 0xffffffff ? undefined : words;
}

function realServer(row: IpvsRow, range: SourceRange): RealServer | undefined {
  const method = valueOf(row, 'forward');
  const weight = numberOf(row, 'weight');
  if (!row.endpoint || !isForwardMethod(method) || weight === undefined) return undefined;
  const { address, port } = row.endpoint;
  return {
    address,
    port,
    method,
    weight,
    activeConnections: numberOf(row, 'active-connections'),
    inactiveConnections: numberOf(row, 'inactive-connections'),
    range,
  };
}

const methods: ReadonlySet<string> = new Set<ForwardMethod>([
  'Masq',
  'Route',
  'Tunnel',
  'Local',
  'Bypass',
]);

function isForwardMethod(text: string | undefined): text is ForwardMethod {
  return text !== undefined && methods.has(text);
}

function valueOf(row: IpvsRow, kind: IpvsTokenKind): string | undefined {
  return row.tokens.find((token) => token.kind === kind)?.value;
}

function numberOf(row: IpvsRow, kind: IpvsTokenKind): number | undefined {
  const text = valueOf(row, kind);
  return text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}
