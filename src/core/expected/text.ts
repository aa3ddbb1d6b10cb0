import { builtinChainsOf } from '../rules/builtinChain';
import type { ExpectedRuleset } from './rules';

/** Rules as `iptables-save` prints them: mangle, filter, nat; chains by name, those of the kernel first. */
export function savedText({ tables }: ExpectedRuleset): string {
  const lines: string[] = [];
  for (const name of ['mangle', 'filter', 'nat']) {
    const table = tables.get(name);
    if (!table) continue;
    const own = builtinChainsOf(name);
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

/** kube-proxy's table as `nft list ruleset` prints it (nft 1.0.6). */
export function nftText({ tables, family }: ExpectedRuleset): string {
  const table = tables.get('kube-proxy');
  if (!table) return '';
  const lines = [
    `table ${family === 4 ? 'ip' : 'ip6'} kube-proxy {`,
    '\tcomment "rules for kube-proxy"',
  ];
  const block = (head: string, inner: readonly string[]) => {
    lines.push(`\t${head} {`, ...inner.map((line) => `\t\t${line}`), '\t}', '');
  };
  for (const { name, header, elements } of table.sets.values()) {
    const isMap = header.some((line) => line.endsWith(' : verdict'));
    const texts = elements.map(({ text }, i) => {
      const comma = i < elements.length - 1 ? ',' : ' }';
      return `${i === 0 ? 'elements = { ' : '\t     '}${text}${comma}`;
    });
    block(`${isMap ? 'map' : 'set'} ${name}`, [...header, ...texts]);
  }
  for (const { name, hook, comment, rules } of table.chains.values()) {
    const head = hook === undefined ? [] : [named(hook)];
    if (comment !== undefined) head.push(`comment "${comment}"`);
    block(`chain ${name}`, [...head, ...rules.map(({ text }) => text)]);
  }
  if (lines.at(-1) === '') lines.pop();
  return `${lines.join('\n')}\n}\n`;
}

/** nft names the priorities that have one in their hook; offsets only in prerouting. */
function named(hook: string): string {
  const [, point = '', priority = ''] = /hook (\S+) priority (-?\d+);/.exec(hook) ?? [];
  const names: Readonly<Record<string, string>> = {
    'prerouting -110': 'dstnat - 10',
    'prerouting -100': 'dstnat',
    'postrouting 100': 'srcnat',
  };
  const name = priority === '0' ? 'filter' : names[`${point} ${priority}`];
  return name === undefined ? hook : hook.replace(`priority ${priority};`, `priority ${name};`);
}
