import * as vscode from 'vscode';
import type { Suggestion } from '../core/flow/suggestions';
import {
  formatPacket,
  parsePacketEnd,
  parsePacketTarget,
  parsePacketWay,
} from '../core/packetText';

/** What there is to choose from in a dump. */
export interface PacketSuggestions {
  readonly sources: readonly Suggestion[];
  readonly targets: readonly Suggestion[];
}

/** Asks for both ends of a packet; undefined when the user gives up. The answer is parsePacket's. */
export async function askPacket(
  suggestions: Promise<PacketSuggestions>,
): Promise<string | undefined> {
  const from = await askEnd(
    vscode.l10n.t('Trace Packet (1/2)'),
    vscode.l10n.t('From which address? ADDRESS or ADDRESS:PORT'),
    suggestions.then(({ sources }) => sources),
    (text) => parsePacketEnd(text) !== undefined,
  );
  const source = from === undefined ? undefined : parsePacketEnd(from);
  if (!source) return undefined;
  const { family } = source.address;
  const to = await askEnd(
    vscode.l10n.t('Trace Packet (2/2)'),
    vscode.l10n.t(
      'To where? ADDRESS:PORT/tcp, /udp, /sctp, or ADDRESS/icmp; behind it: in DEVICE, bound DEVICE, with fragment',
    ),
    suggestions.then(({ targets }) =>
      targets.filter(({ text }) => parsePacketTarget(text)?.address.family === family),
    ),
    (text) => parsePacketWay(text)?.target.address.family === family,
  );
  const way = to === undefined ? undefined : parsePacketWay(to);
  return way && formatPacket({ source, ...way });
}

type EndItem = vscode.QuickPickItem & { readonly text: string };

/** A list to choose from that takes what is typed, too, once `valid` holds for it. */
async function askEnd(
  title: string,
  placeholder: string,
  suggestions: Promise<readonly Suggestion[]>,
  valid: (text: string) => boolean,
): Promise<string | undefined> {
  const picker = vscode.window.createQuickPick<EndItem>();
  picker.title = title;
  picker.placeholder = placeholder;
  picker.matchOnDescription = true;
  picker.busy = true;
  picker.show();
  let known: readonly EndItem[] = [];
  const offer = () => {
    const typed = picker.value.trim();
    const own: EndItem = { label: typed, description: vscode.l10n.t('as typed'), text: typed };
    const isNew = valid(typed) && !known.some(({ text }) => text === typed);
    picker.items = isNew ? [own, ...known] : known;
  };
  const closed = new Promise<string | undefined>((resolve) => {
    picker.onDidChangeValue(offer);
    picker.onDidAccept(() => resolve(picker.selectedItems[0]?.text));
    picker.onDidHide(() => resolve(undefined));
  });
  try {
    known = (await Promise.race([suggestions, closed.then(() => [])])).map(({ text, what }) => ({
      label: text,
      description: what,
      text,
    }));
    picker.busy = false;
    offer();
    return await closed;
  } finally {
    picker.dispose();
  }
}
