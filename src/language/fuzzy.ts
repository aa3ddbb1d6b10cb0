/** VS Code's own rule: the letters of the query in their order. */
export function fuzzyMatches(query: string, text: string): boolean {
  let at = 0;
  const lower = text.toLowerCase();
  for (const letter of query.toLowerCase()) {
    at = lower.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
