/** `0x4000`, as iptables-save prints a mark. */
export function hex(bits: number): string {
  return `0x${(bits >>> 0).toString(16)}`;
}
