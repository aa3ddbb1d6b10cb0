/** What is longer is a dump's line that ran together, not a sentence. */
const longest = 400;

/** Scripts that no program of netfilter or iproute2 prints: only comments have them, behind a quote or `/*`. */
const otherScripts =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Cyrillic}]/u;

/** `Here is the output of ipvsadm:`, `2. And the addresses.`: three words or more, and a full stop. */
const sentence =
  /^(?:\d{1,2}[.)] )?[A-Z][a-z']* (?:[\w'`,()/.-]+ ){1,60}[\w'`()/.-]*[\w'`)][.:?!]$/;

/**
 * Whether somebody wrote the line between two dumps: `2、查看 ipvs 规则：`, `And the addresses of the node:`.
 */
export function isProse(line: string): boolean {
  if (line.length > longest || /["']|\/\*/.test(line)) return false;
  const text = line.trim();
  return otherScripts.test(text) || sentence.test(text);
}
