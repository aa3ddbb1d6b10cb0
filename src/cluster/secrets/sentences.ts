import { looksRandom, verdictOfName } from './names';
import { isQuote, withoutParts, type Part } from './parts';
import { ValueReader } from './valueReader';

/** What is a password in a sentence; people choose words for them. */
const passwords = /\b(?:password|passwd|pwd|passphrase|pass[ -](?:phrase|word))\b/gi;

/** Names of two words; what makes such keys chooses no words. */
const keys =
  /\b(?:(?:api|access|secret|secret access|private|pre-?shared|shared|encryption|signing|master|license|unseal|recovery|certificate|account|storage)[ -]key(?: \d{1,2})?|(?:client|shared|webhook) secret|session (?:id|cookie)|(?:otp|verification) code)\b/gi;

/** What stands between them and the secret: `is`, `of user app was reset to`, `provided:`, `->`, a bracket. */
const between =
  /\??(?: (?:of|for) (?:user )?[^\s:]{1,60}(?= (?:is|was)\b))?(?: (?:is|was|has been))?(?: now)?(?: (?:set|changed|reset|updated|provided))?(?: to)?:?(?:[ \t]{0,8}(?:->|→|=>))?(?:[ \t]{1,8}|\r?\n)[([<]?/y;

/** What programs in Go say of a flag: `invalid argument "x" for "-t, --token" flag: ...` (spf13/pflag, flag). */
const refused =
  /\binvalid (?:argument|value) "([^"\n]{1,4096})" for (?:flag )?"?(?:-\w, )?(-{1,2}[\w-]{1,64})/g;

/** Leaves out what a sentence tells: `the password hunter2 of user app`, `Invalid API key provided: x`. */
export function withoutToldSecrets(text: string): string {
  const reader = new ValueReader(text);
  const parts: Part[] = [];
  const tell = (names: RegExp, isSecret: (value: string, quoted: boolean) => boolean) => {
    for (const { 0: found, index } of text.matchAll(names)) {
      between.lastIndex = index + found.length;
      if (!between.test(text)) continue;
      const value = reader.valueAt(between.lastIndex);
      if (!value || value.end - value.start > longest) continue;
      const quoted = isQuote(text[value.start - 1]) && text[value.end] === text[value.start - 1];
      if (isSecret(text.slice(value.start, value.end), quoted)) parts.push(value);
    }
  };
  for (const { 0: found, index, 1: value = '', 2: name = '' } of text.matchAll(refused)) {
    const start = index + found.indexOf('"') + 1;
    if (verdictOfName(name) === 'secret') parts.push({ start, end: start + value.length });
  }
  tell(passwords, (value, quoted) => (quoted ? !/\s/.test(value) : isChosen(value)));
  tell(keys, (value) => isWord(value) && looksRandom(value));
  return withoutParts(text, parts);
}

/** In characters. */
const longest = 4096;

/** Letters and digits, as no word of a sentence has both; `sha256` and `v1.36` are names. */
function isChosen(value: string): boolean {
  if (value.length < 6 || !isWord(value)) return false;
  return /[a-z]/i.test(value) && /\d/.test(value) && !algorithms.test(value);
}

const algorithms =
  /^(?:(?:sha|md|aes|rsa|des|utf|base|bcrypt|pbkdf|argon|rfc|http|ntlm|v)-?\d|x-?509)/i;

/** No path, no file, no address and no name of an object. */
function isWord(value: string): boolean {
  return !/[/:]|\.(?:key|pem|crt|cer|pub|json|ya?ml|conf|txt)\.?$/i.test(value.slice(0, 256));
}
