import { l10n } from './l10n';

/** Why something is not known: the output of a command, or of either of two, is not at hand. */
export function missing(command: string, other?: string): string {
  return other === undefined
    ? l10n.t`\`${command}\` is missing`
    : l10n.t`\`${command}\` or \`${other}\` is missing`;
}

/** Why something is not known: a command would tell it, which is not among those that are read. */
export function notRead(command: string): string {
  return l10n.t`\`${command}\` would tell; it is not read`;
}
