import * as l10n from '@vscode/l10n';
import { load } from 'js-yaml';

/** Values of a document with its aliases written out; a List of 30,000 Pods has some millions. */
const mostValues = 20_000_000;

/**
 * The value of a YAML or JSON text from outside. Thirty lines of aliases stand for thousands of
 * millions of values: such a text is refused before anybody walks through them.
 *
 * @throws Error with one sentence, for a text that is no YAML or repeats itself without end
 */
export function loadYaml(text: string): unknown {
  const value = load(text);
  // Without an alias nothing is there twice.
  if (text.includes('*') && !isBounded(value, mostValues)) {
    throw new Error(l10n.t`its aliases repeat too much to be read`);
  }
  return value;
}

/** Whether a value has at most so many values below it, counting what is there twice as two. */
function isBounded(value: unknown, most: number): boolean {
  const sizes = new Map<object, number>();
  const stack: { readonly of: object; readonly inner: readonly object[]; next: number }[] = [];
  const opened = new Set<object>();
  const open = (of: object) => {
    opened.add(of);
    stack.push({ of, inner: Object.values(of).filter(isObject), next: 0 });
  };
  if (!isObject(value)) return true;
  open(value);
  while (stack.length > 0) {
    const top = stack.at(-1)!;
    const child = top.inner[top.next++];
    if (child === undefined) {
      let size = Object.keys(top.of).length + 1;
      for (const each of top.inner) size += sizes.get(each) ?? Infinity;
      if (size > most) return false;
      sizes.set(top.of, size);
      stack.pop();
    } else if (!sizes.has(child)) {
      // Opened, but not measured yet: it holds itself.
      if (opened.has(child)) return false;
      open(child);
    }
  }
  return true;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
