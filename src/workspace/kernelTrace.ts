import * as vscode from 'vscode';
import type { NodeState } from '../core/node';
import type { TracedPacket } from '../core/packetTrace/group';
import type { TextOf } from '../core/packetTrace/place';
import { lastPart, readText } from './files';

/** A packet of a kernel's trace: the text, and the line (from 0) that it begins with. */
export interface TracePlace {
  readonly uri: vscode.Uri;
  readonly line: number;
}

const form = /^packet-trace:(\d{1,9}):(.+)$/;

/** As a flow panel names what it shows: `packet-trace:12:file:///x/trace.log`. */
export function kernelTraceId({ uri, line }: TracePlace): string {
  return `packet-trace:${line}:${uri.toString()}`;
}

/** undefined for a Service port or another packet. */
export function parseKernelTraceId(id: string): TracePlace | undefined {
  const [, line, uri] = form.exec(id) ?? [];
  return uri === undefined ? undefined : { uri: vscode.Uri.parse(uri), line: Number(line) };
}

/** `trace.log:13`; undefined for what is no trace of a kernel. */
export function kernelTraceLabel(id: string): string | undefined {
  const place = parseKernelTraceId(id);
  return place && `${lastPart(place.uri)}:${place.line + 1}`;
}

/** The packet that begins at a line; undefined where the text does not have it any more. */
export async function packetAt({ uri, line }: TracePlace): Promise<TracedPacket | undefined> {
  const [{ parsePacketTrace }, { groupPackets }] = await Promise.all([
    import('../syntax/packetTrace/read'),
    import('../core/packetTrace/group'),
  ]);
  const { value } = parsePacketTrace(await readText(uri), uri.toString());
  return groupPackets(value).find(({ lines }) => lines[0]?.range.line === line);
}

/** The lines of the node's rule dumps, for rules that a monitor names by their text. */
export async function textsOf(
  { rulesets, nftables }: NodeState,
  dump: vscode.Uri,
): Promise<TextOf> {
  const lines = new Map<string, readonly string[]>();
  const sources = [...rulesets.map(({ source }) => source), ...(nftables ? [nftables.source] : [])];
  for (const source of sources) {
    const uri = uriOf(source, dump);
    try {
      lines.set(source, (await readText(uri)).split('\n'));
    } catch {
      // A file that is gone leaves its rules without text: numbers and handles still name them.
    }
  }
  return ({ source, line }) => lines.get(source)?.[line];
}

function uriOf(source: string, dump: vscode.Uri): vscode.Uri {
  return /^[\w+.-]+:/.test(source)
    ? vscode.Uri.parse(source, true)
    : vscode.Uri.joinPath(dump, '..', source);
}
