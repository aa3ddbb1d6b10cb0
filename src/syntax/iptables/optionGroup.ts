import * as l10n from '@vscode/l10n';
import type { Negatable } from '../../core/rules/optionValue';
import type { SourceRange } from '../../core/source';
import type { Option } from './ruleLine';

/** An option that is there but could not be read, with what is wrong with it. */
export interface Problem {
  readonly option: Option;
  readonly message: string;
}

/**
 * The options of one `-m NAME` or `-j NAME`. Whoever reads it takes option by option; what nobody
 * took, or what had a wrong value, is found in `problems` and `untaken`, so that nothing of a rule
 * is lost in silence.
 */
export class OptionGroup {
  private readonly options: Option[] = [];
  private readonly taken = new Set<Option>();
  private readonly found: Problem[] = [];
  private end: number;

  /** `start` and `end` are the columns of the `-m NAME` in `line`. */
  constructor(
    readonly name: string,
    private readonly line: string,
    private readonly place: { range(at: { start: number; end: number }): SourceRange },
    private readonly start: number,
    private readonly headEnd: number,
  ) {
    this.end = headEnd;
  }

  add(option: Option): void {
    this.options.push(option);
    this.end = Math.max(this.end, option.end);
  }

  /** From `-m` or `-j` to the end of the last option. */
  get range(): SourceRange {
    return this.place.range({ start: this.start, end: this.end });
  }

  /** The options as written, without `-m NAME`. */
  get text(): string {
    return this.line.slice(this.headEnd, this.end).trim();
  }

  get problems(): readonly Problem[] {
    return this.found;
  }

  get untaken(): readonly Option[] {
    return this.options.filter((option) => !this.taken.has(option));
  }

  /** The last option of one of these names. */
  take(...names: readonly string[]): Option | undefined {
    const options = this.options.filter(({ name }) => names.includes(name));
    for (const option of options) this.taken.add(option);
    return options.at(-1);
  }

  /** Whether an option that takes neither value nor `!` is there. */
  has(name: string): boolean {
    const flag = this.flag(name);
    if (flag?.negated) this.refuse(this.take(name)!);
    return flag !== undefined;
  }

  /** An option without value: `! --physdev-is-in`. */
  flag(name: string): Negatable<true> | undefined {
    const option = this.take(name);
    if (!option) return undefined;
    if (option.values.length > 0) this.refuse(option);
    return { value: true, negated: option.negated };
  }

  /** The one value of an option that takes no `!`, read by `read`; what it can't read is a problem. */
  value<T>(
    names: string | readonly string[],
    read: (text: string) => T | undefined,
  ): T | undefined {
    const found = this.negatable(names, read);
    if (found?.negated) this.refuse(this.take(...asList(names))!);
    return found?.value;
  }

  /** The same for an option that may be negated. */
  negatable<T>(
    names: string | readonly string[],
    read: (text: string) => T | undefined,
  ): Negatable<T> | undefined {
    const option = this.take(...asList(names));
    if (!option) return undefined;
    const [value, ...more] = option.values;
    const result = value && more.length === 0 ? read(value.text) : undefined;
    if (result !== undefined) return { value: result, negated: option.negated };
    this.refuse(option);
    return undefined;
  }

  /** Notes that an option can't be read as it stands. */
  refuse(option: Option): void {
    this.found.push({ option, message: problemWith(option) });
  }
}

function asList(names: string | readonly string[]): readonly string[] {
  return typeof names === 'string' ? [names] : names;
}

function problemWith({ name, negated, values }: Option): string {
  if (values.length === 0 && !negated) return l10n.t`${name} has no value.`;
  const words = [...(negated ? ['!'] : []), name, ...values.map(({ text }) => text)];
  return l10n.t`"${words.join(' ')}" can't be read.`;
}
