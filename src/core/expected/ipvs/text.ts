import type { IpSet } from '../../ipset/types';
import type { ExpectedRuleset } from '../rules';

/**
 * Sets as `ipset save` prints them.
 *
 * @param others sets of other programs, which stay as they are
 */
export function ipsetText(
  rulesets: readonly ExpectedRuleset[],
  others: Iterable<IpSet> = [],
): string {
  const lines: string[] = [];
  for (const { tables } of rulesets) {
    for (const { name, header, elements } of tables.get('ipset')?.sets.values() ?? []) {
      const [head = ''] = header;
      lines.push(`create ${name} ${head}${head === 'bitmap:port' ? ' range 0-65535' : ''}`);
      for (const { text } of elements) lines.push(`add ${name} ${text}`);
    }
  }
  for (const { name, type, options, entries, complete } of others) {
    if (name.startsWith('KUBE-') || !complete) continue;
    // The family is one of them.
    const more = [...options].map(([key, value]) =>
      value === '' ? ` ${key}` : ` ${key} ${value}`,
    );
    lines.push(`create ${name} ${type}${more.join('')}`);
    for (const { text } of entries) lines.push(`add ${name} ${text}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Virtual servers as `ipvsadm -Sn` prints them. kube-proxy deletes those of others. */
export function ipvsadmText(rulesets: readonly ExpectedRuleset[]): string {
  const lines: string[] = [];
  for (const { tables } of rulesets) {
    for (const { name, rules } of tables.get('ipvs')?.chains.values() ?? []) {
      for (const { text } of rules) {
        lines.push(`${text.startsWith('-r ') ? '-a' : '-A'} ${name} ${text}`);
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The addresses that kube-ipvs0 should hold. */
export function dummyAddresses(rulesets: readonly ExpectedRuleset[]): readonly string[] {
  return rulesets.flatMap(({ tables }) =>
    (tables.get('kube-ipvs0')?.chains.get('addresses')?.rules ?? []).map(({ text }) => text),
  );
}
