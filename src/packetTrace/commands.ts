import * as vscode from 'vscode';
import { connectionText, layConnection } from '../core/packetTrace/connection';
import { groupPackets } from '../core/packetTrace/group';
import { layPacket } from '../core/packetTrace/lay';
import { packetOfHead } from '../core/packetTrace/passed';
import { laidText, packetTitle } from '../core/packetTrace/text';
import type { TracedPacket } from '../core/packetTrace/group';
import type { TraceLine } from '../core/packetTrace/line';
import { watchCommands } from '../core/packetTrace/watch';
import type { Parsed } from '../syntax/lines';
import { parsePacketTrace } from '../syntax/packetTrace/read';
import { kernelTraceId, textsOf } from '../workspace/kernelTrace';
import type { NodeFolders } from '../workspace/nodeFolders';
import { pause } from '../workspace/slices';
import { dumpBeside } from './rules';

const languageId = 'packet-trace';

interface OpenTrace extends Parsed<readonly TraceLine[]> {
  readonly document: vscode.TextDocument;
  /** The line that the cursor is on. */
  readonly cursor: number;
}

/** The trace in the active editor; without an editor what to open is said. */
function activeTrace(): OpenTrace | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor) {
    const message = vscode.l10n.t(
      'Open a kernel trace first: TRACE: lines, xtables-monitor --trace or nft monitor trace.',
    );
    void vscode.window.showInformationMessage(message);
    return undefined;
  }
  const { document, selection } = editor;
  const parsed = parsePacketTrace(document.getText(), document.uri.toString());
  return { ...parsed, document, cursor: selection.active.line };
}

/** The steps as a text beside the trace, and drawn in the flow panel. */
export async function layOnRules(folders: NodeFolders): Promise<void> {
  const trace = activeTrace();
  if (!trace || (await layConnections(folders, trace))) return;
  const packet = await choosePacket(trace);
  const dump = packet && (await dumpBeside(trace.document.uri));
  if (!dump) return;
  const laid = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Window,
      title: vscode.l10n.t('Laying the trace on the rules'),
    },
    async () => {
      const { state } = await folders.of(dump);
      return layPacket(state, packet, await textsOf(state, dump));
    },
  );
  await showBeside(laidText(laid));
  const [first] = packet.lines;
  if (!first || !laid.steps.some(({ rule }) => rule)) return;
  await vscode.commands.executeCommand('kubeProxyInspector.tracePacket', {
    uri: dump.toString(),
    service: kernelTraceId({ uri: trace.document.uri, line: first.range.line }),
  });
}

/** Entries of conntrack, of which no packet can be followed. */
const mostConnections = 500;

/**
 * Lays a text of conntrack's lines alone.
 *
 * @returns false where the text holds packets, too, or no such line
 */
async function layConnections(
  folders: NodeFolders,
  { value, document }: OpenTrace,
): Promise<boolean> {
  const entries = value.flatMap((line) => (line.kind === 'connection' ? [line.entry] : []));
  if (entries.length === 0 || entries.length < value.length) return false;
  const dump = await dumpBeside(document.uri);
  if (!dump) return true;
  const { state } = await folders.of(dump);
  const lines: string[] = [];
  for (const [i, entry] of entries.slice(0, mostConnections).entries()) {
    if (i % 20 === 19) await pause();
    lines.push(...connectionText(layConnection(state, entry)));
  }
  await showBeside(lines);
  return true;
}

async function showBeside(lines: readonly string[]): Promise<void> {
  const content = lines.join('\n');
  const text = await vscode.workspace.openTextDocument({ language: languageId, content });
  await vscode.window.showTextDocument(text, vscode.ViewColumn.Beside, true);
}

/** Which rules to add on a live node to see the packet: only copied, for whoever runs them. */
export async function copyWatchCommands(): Promise<void> {
  const trace = activeTrace();
  const chosen = trace && (await choosePacket(trace));
  const packet = chosen?.head && packetOfHead(chosen.head);
  if (!packet) return;
  const items = watchCommands(packet).map(({ title, lines }) => ({
    label: title,
    detail: lines[0],
    lines,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Copy Commands to Watch This Packet'),
    placeHolder: vscode.l10n.t('Nothing is run: the commands are copied'),
  });
  if (!picked) return;
  await vscode.env.clipboard.writeText(`${picked.lines.join('\n')}\n`);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Copied'), 3000);
}

/** The packet at the cursor's line, else the only one, else the one that the user picks. */
async function choosePacket({
  value,
  findings,
  cursor,
}: OpenTrace): Promise<TracedPacket | undefined> {
  const packets = groupPackets(value);
  if (packets.length === 0) {
    void vscode.window.showInformationMessage(findings[0]?.message ?? '');
    return undefined;
  }
  const here = (line: TraceLine) => line.range.line === cursor;
  const at =
    packets.find(({ lines }) => lines.some(here)) ??
    (packets.length === 1 ? packets[0] : undefined);
  if (at) return at;
  const items = packets.map((packet) => ({
    label: packetTitle(packet),
    description: vscode.l10n.t('{0} lines', packet.lines.length),
    packet,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Lay on Rules'),
    placeHolder: vscode.l10n.t('Which packet?'),
  });
  return picked?.packet;
}
