import { joint } from './spaced';

/** `en-GB`: without a comma before `and`. */
let formats = formatsOf('en-GB');

function formatsOf(tag: string) {
  return {
    and: new Intl.ListFormat(tag, { type: 'conjunction' }),
    or: new Intl.ListFormat(tag, { type: 'disjunction' }),
    row: new Intl.ListFormat(tag, { type: 'conjunction', style: 'narrow' }),
  };
}

/** @param tag BCP 47: the language that the texts have, where that is not English. */
export function setListLanguage(tag: string): void {
  formats = formatsOf(tag);
}

/** As the display language joins them: `a, b and c`, `a, b or c`, in a row `a, b, c`. */
export function list(items: Iterable<string>, how: keyof typeof formats = 'and'): string {
  const parts = formats[how].formatToParts(items);
  return parts
    .map(({ type, value }, i) =>
      type === 'literal'
        ? joint(parts[i - 1]?.value ?? '', value, parts[i + 1]?.value ?? '')
        : value,
    )
    .join('');
}

/** So many names say which of thousands are meant. */
const mostNamed = 20;

export function firstNames(names: readonly string[]): readonly string[] {
  return names.length > mostNamed ? [...names.slice(0, mostNamed), '...'] : names;
}
