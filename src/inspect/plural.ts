/** `1 device`, `2 devices`, `2 connections of IPVS`, `2 addresses`. */
export function plural(count: number, what: string): string {
  if (count === 1) return `${count} ${what}`;
  const [, head = what, rest = ''] = /^(.*?)( (?:of|in) .*)$/.exec(what) ?? [];
  return `${count} ${head}${head.endsWith('address') ? 'es' : 's'}${rest}`;
}
