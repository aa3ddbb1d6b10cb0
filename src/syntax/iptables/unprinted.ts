import type { OptionGroup } from './optionGroup';
import type { RuleLine } from './ruleLine';

/** What iptables-save prints for a match or target of a newer revision than it knows (kubernetes#95409). */
export const unsupported = '[unsupported revision]';

/** Whether the program could not print what a match or target says: `-j DNAT [unsupported revision]`. */
export function isUnprinted({ text }: RuleLine, { range }: OptionGroup): boolean {
  return text.slice(range.end).trimStart().startsWith(unsupported);
}

/** The errors of a line but for those that the program itself printed in the place of options. */
export function ownErrors({ text, errors }: RuleLine): RuleLine['errors'] {
  if (!text.includes(unsupported)) return errors;
  return errors.filter(({ start, end }) => {
    const at = text.lastIndexOf(unsupported, start);
    return at < 0 || end > at + unsupported.length;
  });
}
