/** Wires the features together; each registers itself. No network, nothing heavy here. */
export function activate(): void {
  // One register(...) call per feature comes here.
}
