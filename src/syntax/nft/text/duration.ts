const units: Readonly<Record<string, number>> = {
  d: 86400,
  h: 3600,
  m: 60,
  s: 1,
  ms: 0.001,
  w: 604800,
};

/** `3h`, `9m49s480ms`, `10800` -> seconds; undefined for what is no time, as `never`. */
export function secondsOf(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const parts = [...text.matchAll(/(\d+)(ms|[wdhms])/gy)];
  const read = parts.reduce((length, [part]) => length + part.length, 0);
  if (read === 0 || read < text.length) return undefined;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit!]!, 0);
}
