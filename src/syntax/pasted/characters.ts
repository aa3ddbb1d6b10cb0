/** Colours of `ip -c` and `grep --color`, titles of terminals; also where the ESC before `[36m` was lost. */
const escapes =
  /\u001b\[[\d;?]*[A-Za-z]|\u001b\][^\u0007\u001b\n]*\u0007?|\[\d{1,3}(?:;\d{1,3}){0,4}m/g;

/** Of pages, also the wide one of Chinese and Japanese. */
const blanks = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g;
const invisible = /[\u200b-\u200d\u2060\ufeff]/g;

/** Word processors make `--dport` an em dash and a word, pages an en dash; `-A` is an en dash and a letter. */
const dashes = /(^|\s)([\u2010-\u2015]+)(?=([A-Za-z]{1,2}))/g;
/** A sign of its own: `priority dstnat - 10`. */
const loneDash = /(\s)[\u2010-\u2015](?=\s)/g;
/** Of a page: the line ends there, or ended where the blank is now. */
const lineBreak = /<br ?\/?>/g;

/** Word processors and chats make it of `->`. */
const arrow = /\u2192/g;
const quotes = /[\u201c\u201d\u201e]/g;

/** `，；：｛｝（）＂＝` and their like, which Chinese and Japanese pages make of ASCII's: U+FF01 to U+FF5E. */
const wideSigns = /[\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff5e]/g;
/** Letters beside which such a sign is punctuation of their own text. */
const wideLetter = /[\u2e80-\u2fff\u3040-\u9fff\uac00-\ud7af]/;

function plainSign(sign: string, at: number, line: string): string {
  const beside = `${line[at - 1] ?? ''}${line[at + 1] ?? ''}`;
  return wideLetter.test(beside) ? sign : String.fromCharCode(sign.charCodeAt(0) - 0xfee0);
}

const entities: ReadonlyMap<string, string> = new Map([
  ['&gt;', '>'],
  ['&lt;', '<'],
  ['&quot;', '"'],
  ['&apos;', "'"],
  ['&nbsp;', ' '],
  ['&amp;', '&'],
]);

/** Whether a text has any of what `plainCharacters` takes out; one pass. */
export function hasOddCharacters(text: string): boolean {
  return /[\u2192\u001b\u00a0\u2000-\u200d\u202f\u205f\u3000\uff01-\uff5e\u2060\ufeff\u2010-\u2015\u201c-\u201e]|\[\d{1,3}(?:;\d{1,3}){0,4}m|&(?:gt|lt|quot|apos|nbsp|amp|#x?[\da-fA-F]{2,4});|<br ?\/?>/.test(
    text,
  );
}

/** A line as the program printed it, without what terminals, browsers and word processors made of it. */
export function plainCharacters(line: string): string {
  return line
    .replace(escapes, '')
    .replace(blanks, ' ')
    .replace(invisible, '')
    .replace(
      dashes,
      (_, before: string, dash: string, letters: string) =>
        before + (dash === '—' || dash.length > 1 || letters.length > 1 ? '--' : '-'),
    )
    .replace(loneDash, '$1-')
    .replace(quotes, '"')
    .replace(wideSigns, plainSign)
    .replace(arrow, '->')
    .replace(lineBreak, ' ')
    .replace(
      /&(?:[a-z]{2,4}|#x?[\da-fA-F]{2,4});/g,
      (entity) => entities.get(entity) ?? byNumber(entity),
    );
}

/** `&#34;` and `&#x22;` of a printable character of ASCII; any other stays as it is. */
function byNumber(entity: string): string {
  const [, hex, digits] = /^&#(?:x([\da-fA-F]+)|(\d+));$/.exec(entity) ?? [];
  const code = hex === undefined ? Number(digits) : parseInt(hex, 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : entity;
}
