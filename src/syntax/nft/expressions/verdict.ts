import { own } from '../../../core/own';
import type { Verdict } from '../../../core/rules/verdict';
import type { Reader } from '../text/reader';

const kinds = {
  accept: 'ACCEPT',
  drop: 'DROP',
  return: 'RETURN',
  continue: 'CONTINUE',
} as const;

/** `accept`, `goto service-...`; undefined, and nothing read, for what is none. */
export function readVerdict(reader: Reader): Verdict | undefined {
  const from = reader.at;
  const word = reader.word();
  if (word === 'jump' || word === 'goto') {
    const chain = reader.token(1);
    if (!chain || chain.kind === 'sign') return undefined;
    reader.at += 2;
    const range = reader.range(from);
    return { kind: word, chain: chain.text, nameRange: reader.range(from + 1), range };
  }
  const kind = own<(typeof kinds)[keyof typeof kinds]>(kinds, word);
  if (!kind) return undefined;
  reader.at++;
  return { kind, range: reader.range(from) };
}
