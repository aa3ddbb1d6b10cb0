import { withPort } from '../address';
import { l10n } from '../l10n';
import { hex } from '../hex';
import { protocolName } from '../protocol';
import type { TracedPacket } from './group';
import type { LaidPacket, LaidStep } from './laid';
import type { PlaceLine, PrintedHead } from './line';

/** `tcp 10.12.22.151:47644 > 10.100.3.59:80 out by ens192`. */
export function packetTitle({ head, lines }: TracedPacket): string {
  return head
    ? headTitle(head)
    : l10n.t`a packet of ${lines.length} lines, none with its addresses`;
}

function headTitle(head: PrintedHead): string {
  const name = head.protocol === undefined ? l10n.t`a packet` : protocolName(head.protocol);
  const from = withPort(head.source, head.sourcePort);
  const to = withPort(head.destination, head.destinationPort);
  const device = head.inDevice
    ? l10n.t` in by ${head.inDevice}`
    : l10n.t` out by ${head.outDevice ?? '?'}`;
  return `${name} ${from} > ${to}${device}`;
}

/** A laid packet as lines of text: each step with the rule that it stands for. */
export function laidText({ packet, steps, notes }: LaidPacket): readonly string[] {
  return [
    packetTitle(packet),
    ...steps.flatMap((step) => stepText(step).map((line) => `  ${line}`)),
    ...notes.map((note) => `  ${l10n.t`seen: ${note}`}`),
    ...summary(steps),
  ];
}

function stepText(step: LaidStep): readonly string[] {
  const { line, rule, certainty, why, passed, passedOthers, differs } = step;
  const place = rule ? `  (${rule.range.source}:${rule.range.line + 1})` : '';
  const others =
    passedOthers === 0 ? [] : [`  . ${l10n.t`${passedOthers} more rules, for other packets`}`];
  const mark = line.head?.mark ? l10n.t` mark ${hex(line.head.mark)}` : '';
  return [
    ...passed.map(
      ({ rule: past, reason }) => `  . ${l10n.t`rule ${past.number} did not match: ${reason}`}`,
    ),
    ...others,
    `${placeText(line, rule?.number)}${mark} [${certainty}: ${why}]${place}`,
    ...(differs === undefined ? [] : [`  ! ${differs}`]),
  ];
}

/** @param own The number of the dump's rule; of one that the dump does not have, the kernel's is told. */
function placeText(line: PlaceLine, own: number | undefined): string {
  const { table, chain, kind, verdict } = line;
  const number = own ?? (kind === 'rule' ? line.number : undefined);
  const what = number === undefined ? kind : l10n.t`rule ${number}`;
  return `${table} ${chain} ${what}${verdict ? ` ${verdict}` : ''}`;
}

function summary(steps: readonly LaidStep[]): readonly string[] {
  const differing = steps.filter(({ differs }) => differs !== undefined).length;
  const found = steps.filter(({ certainty }) => certainty !== 'unknown').length;
  const agreed =
    differing === 0
      ? l10n.t`none differs from the dump`
      : l10n.t`${differing} differ from the dump`;
  return [`  ${l10n.t`${found} of ${steps.length} steps laid on rules, ${agreed}`}`];
}
