/** A blank between Chinese and Latin words and none between Chinese ones: `来自Pod和 节点` is `来自 Pod 和节点`. */
export function spaced(text: string): string {
  return text
    .replaceAll(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '')
    .replaceAll(/(?<=\p{Script=Han})(?=[\dA-Za-z])|(?<=[\dA-Za-z%])(?=\p{Script=Han})/gu, ' ');
}

/** What joins two values, with blanks as it needs beside them. The values stay as they are: names are among them. */
export function joint(before: string, text: string, after: string): string {
  const [first, last] = [before.slice(-1), after.slice(0, 1)];
  const whole = spaced(first + text + last);
  return whole.slice(first.length, whole.length - last.length);
}

const firstSlot = 0xe000;

/** Stands in a text, of any language, for the value of that number that `fitted` puts in. */
export function slot(number: number): string {
  return String.fromCharCode(firstSlot + number);
}

/** A text with its values in their slots, spaced beside them. */
export function fitted(text: string, ...values: readonly string[]): string {
  const parts = text
    .split(/([\uE000-\uE00F])/)
    .map((part, i) => (i % 2 === 0 ? part : (values[part.charCodeAt(0) - firstSlot] ?? '')));
  return parts
    .map((part, i) => (i % 2 === 0 ? joint(parts[i - 1] ?? '', part, parts[i + 1] ?? '') : part))
    .join('');
}
