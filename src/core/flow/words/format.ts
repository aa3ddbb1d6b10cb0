import { l10n } from '../../l10n';

/** `1,234,567`. */
export function number(n: number): string {
  return n.toLocaleString('en');
}

/** `1 endpoint`, `1,234 endpoints`. */
export function count(n: number, thing: keyof typeof things): string {
  return things[thing](number(n), n === 1);
}

const things = {
  byte: (n: string, one: boolean) => (one ? l10n.t`${n} byte` : l10n.t`${n} bytes`),
  chain: (n: string, one: boolean) => (one ? l10n.t`${n} more chain` : l10n.t`${n} more chains`),
  connection: (n: string, one: boolean) =>
    one ? l10n.t`${n} new connection` : l10n.t`${n} new connections`,
  endpoint: (n: string, one: boolean) => (one ? l10n.t`${n} endpoint` : l10n.t`${n} endpoints`),
  node: (n: string, one: boolean) => (one ? l10n.t`${n} node` : l10n.t`${n} nodes`),
  packet: (n: string, one: boolean) => (one ? l10n.t`${n} packet` : l10n.t`${n} packets`),
  place: (n: string, one: boolean) => (one ? l10n.t`${n} place` : l10n.t`${n} places`),
  step: (n: string, one: boolean) => (one ? l10n.t`${n} step` : l10n.t`${n} steps`),
  way: (n: string, one: boolean) => (one ? l10n.t`${n} way` : l10n.t`${n} ways`),
};
