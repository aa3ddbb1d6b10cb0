/**
 * A member's path with `/` between folders, without `./`; undefined where it leads out of the
 * archive (`../x`, `/etc/x`, `C:\x`) or is no text: such a member is left out.
 */
export function safePath(path: string): string | undefined {
  if (path.includes('\0') || path.length > 4096) return undefined;
  const slashed = path.replaceAll('\\', '/');
  if (slashed.startsWith('/') || /^[a-z]:/i.test(slashed)) return undefined;
  const parts = slashed.split('/').filter((part) => part !== '' && part !== '.');
  return parts.includes('..') || parts.length === 0 ? undefined : parts.join('/');
}
