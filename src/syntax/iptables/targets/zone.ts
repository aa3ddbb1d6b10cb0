import type { ConntrackTarget } from '../../../core/rules/target';

/** The zone of a CT target's options: `--zone 5`, `--zone-orig mark`, in a listing `zone-reply 5`. */
export function zoneIn(text: string): Pick<ConntrackTarget, 'zone'> {
  const words = text.split(' ');
  const at = words.findIndex((word) => names.has(word.replace(/^--/, '')));
  if (at < 0) return {};
  const direction = names.get(words[at]!.replace(/^--/, ''));
  const value = words[at + 1] ?? '';
  const id = value === 'mark' ? value : Number(value);
  if (Number.isNaN(id)) return {};
  return { zone: { id, ...(direction && { direction }) } };
}

const names: ReadonlyMap<string, 'original' | 'reply' | undefined> = new Map([
  ['zone', undefined],
  ['zone-orig', 'original'],
  ['zone-reply', 'reply'],
]);
