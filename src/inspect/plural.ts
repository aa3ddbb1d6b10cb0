/** `1 device`, `2 devices`, `2 connections of IPVS`, `2 addresses`. */
export function plural(count: number, what: string): string {
  if (count === 1) return `${count} ${what}`;
  const at = what.search(/ (?:of|in) /);
  const head = at < 0 ? what : what.slice(0, at);
  return `${count} ${head}${head.endsWith('address') ? 'es' : 's'}${what.slice(head.length)}`;
}
