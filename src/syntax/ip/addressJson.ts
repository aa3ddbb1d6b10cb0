import * as l10n from '@vscode/l10n';
import { addressBits, parseAddress } from '../../core/address';
import type { Finding } from '../../core/finding';
import type { InterfaceAddress, NetworkInterface } from '../../core/node';
import { isRecord } from '../../core/record';
import type { SourceRange } from '../../core/source';
import type { LineReader, Parsed } from '../lines';
import { escapeRegExp } from '../../core/escapeRegExp';

/** The members of `ip -j addr` that are read here (iproute2, ip/ipaddress.c). */
interface JsonDevice {
  readonly ifindex?: number;
  readonly ifname?: string;
  readonly flags?: readonly string[];
  readonly mtu?: number;
  readonly operstate?: string;
  readonly master?: string;
  readonly group?: string;
  /** What the text has behind `link/`. */
  readonly link_type?: string;
  /** Of `ip -d` alone. */
  readonly linkinfo?: { readonly info_kind?: string };
  readonly addr_info?: readonly JsonAddress[];
}

interface JsonAddress {
  readonly local?: string;
  /** The peer of a point-to-point address. */
  readonly address?: string;
  readonly prefixlen?: number;
  readonly scope?: string;
  readonly broadcast?: string;
  readonly secondary?: boolean;
  readonly tentative?: boolean;
  readonly optimistic?: boolean;
  readonly deprecated?: boolean;
  readonly temporary?: boolean;
}

/** The same as a parser of lines: JSON is read when all are there. */
export function ipAddressJsonParser(source: string): LineReader<readonly NetworkInterface[]> {
  const lines: string[] = [];
  return {
    line: (text) => void lines.push(text),
    end: () => parseIpAddressJson(lines.join('\n'), source),
  };
}

/** Reads `ip -j addr`, also with `-p`. `ip -j addr show dev X` prints `{}` for the other devices. */
export function parseIpAddressJson(
  text: string,
  source: string,
): Parsed<readonly NetworkInterface[]> {
  const devices = readJson(text);
  if (!devices) {
    const message = l10n.t`This is not complete JSON of "ip -j addr": the dump was cut or holds other text.`;
    const range = { source, line: 0, start: 0, end: (text.split('\n', 1)[0] ?? '').length };
    return { value: [], findings: [{ severity: 'error', code: 'bad-json', message, range }] };
  }
  const locate = locator(text, source);
  const findings: Finding[] = [];
  const value: NetworkInterface[] = [];
  for (const device of devices) {
    if (typeof device.ifname !== 'string') continue;
    const range = locate('ifname', device.ifname);
    const addresses: InterfaceAddress[] = [];
    for (const info of device.addr_info ?? []) {
      if (typeof info?.local !== 'string') continue;
      const at = locate('local', info.local);
      const address = interfaceAddress(info, at);
      if (address) addresses.push(address);
      else {
        const message = l10n.t`The address ${info.local} is not understood; it is left out.`;
        findings.push({ severity: 'warning', code: 'bad-address', message, range: at });
      }
    }
    const { ifindex, ifname, flags, mtu, operstate, master, group, link_type, linkinfo } = device;
    value.push({
      index: Number(ifindex ?? 0),
      name: ifname,
      flags: Array.isArray(flags) ? flags.map(String) : [],
      ...(typeof mtu === 'number' ? { mtu } : {}),
      ...(typeof operstate === 'string' ? { state: operstate } : {}),
      ...(typeof master === 'string' ? { master } : {}),
      ...(typeof group === 'string' ? { group } : {}),
      ...(typeof link_type === 'string' ? { linkType: link_type } : {}),
      ...(typeof linkinfo?.info_kind === 'string' ? { kind: linkinfo.info_kind } : {}),
      addresses,
      range,
    });
  }
  return { value, findings };
}

function readJson(text: string): readonly JsonDevice[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value)) return undefined;
    return value.filter(isRecord) as JsonDevice[];
  } catch {
    // Cut in the middle, or an error message in place of JSON: said by the caller as a finding.
    return undefined;
  }
}

function interfaceAddress(info: JsonAddress, range: SourceRange): InterfaceAddress | undefined {
  const address = parseAddress(info.local ?? '');
  if (!address) return undefined;
  const broadcast = parseAddress(String(info.broadcast ?? ''));
  const peer = parseAddress(String(info.address ?? ''));
  return {
    address,
    prefixLength: Number(info.prefixlen ?? addressBits(address.family)),
    scope: String(info.scope ?? 'global'),
    ...(broadcast ? { broadcast } : {}),
    ...(peer ? { peer } : {}),
    secondary: info.secondary === true,
    ...(info.tentative === true && info.optimistic !== true ? { tentative: true } : {}),
    ...(info.deprecated === true ? { deprecated: true } : {}),
    ...(info.temporary === true ? { temporary: true } : {}),
    range,
  };
}

/** Finds where `"key":"value"` stands. JSON.parse keeps the order of the text, so one pass does. */
function locator(text: string, source: string): (key: string, value: string) => SourceRange {
  let cursor = 0;
  let line = 0;
  let lineStart = 0;
  return (key, value) => {
    const pattern = new RegExp(`"${key}"\\s*:\\s*${escapeRegExp(JSON.stringify(value))}`, 'g');
    pattern.lastIndex = cursor;
    const match = pattern.exec(text);
    if (!match) return { source, line, start: 0, end: 0 };
    for (;;) {
      const newline = text.indexOf('\n', lineStart);
      if (newline < 0 || newline >= match.index) break;
      line++;
      lineStart = newline + 1;
    }
    cursor = match.index + match[0].length;
    const start = match.index - lineStart;
    return { source, line, start, end: start + match[0].length };
  };
}
