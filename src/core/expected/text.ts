import type { ExpectedRuleset } from './rules';

/** Rules as `iptables-save` prints them: mangle, filter, nat; chains by name, those of the kernel first. */
export function savedText({ tables }: ExpectedRuleset): string {
  const lines: string[] = [];
  for (const [name, own] of builtIn) {
    const table = tables.get(name);
    if (!table) continue;
    const names = [...table.chains.values()]
      .filter((chain) => !chain.builtIn)
      .map((chain) => chain.name)
      .sort();
    lines.push(`*${name}`, ...own.map((chain) => `:${chain} ACCEPT [0:0]`));
    for (const chain of names) lines.push(`:${chain} - [0:0]`);
    for (const chain of [...own, ...names]) {
      for (const { text } of table.chains.get(chain)?.rules ?? []) {
        lines.push(`-A ${chain} ${text}`);
      }
    }
    lines.push('COMMIT');
  }
  return `${lines.join('\n')}\n`;
}

const builtIn: readonly (readonly [table: string, chains: readonly string[]])[] = [
  ['mangle', ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']],
  ['filter', ['INPUT', 'FORWARD', 'OUTPUT']],
  ['nat', ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING']],
];
