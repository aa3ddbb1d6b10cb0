import type { Family } from '../address';
import { list } from '../list';
import type { ProxyModeName } from '../kubeproxy/proxyMode';
import type { Fate } from './fates';

/** The command whose output has the rules of a mode. */
export function rulesCommand(mode: ProxyModeName, family: Family): string {
  if (mode === 'nftables') return 'nft list ruleset';
  return family === 4 ? 'iptables-save' : 'ip6tables-save';
}

/** Whose output would decide what is not certain: of the rules, where some that act are not at hand. */
export function commandsFor(
  { ways, usual }: Pick<Fate, 'ways' | 'usual'>,
  { mode, family }: { readonly mode: ProxyModeName; readonly family: Family },
): readonly string[] {
  const lacksRules = usual?.hasMadeRules || ways.some(({ verdict }) => verdict.given !== undefined);
  return [...(lacksRules ? [rulesCommand(mode, family)] : []), ...(usual?.commands ?? [])];
}

/** `ip addr` and `ipset save`, in backticks. */
export function quoted(commands: readonly string[]): string {
  return list(commands.map((command) => `\`${command}\``));
}
