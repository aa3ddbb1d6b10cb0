import type { Negatable } from '../../core/rules/match';
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

  /** `start` and `end` are columns of the `-m NAME` in `line`. */
  constructor(
    readonly name: string,
    private readonly line: {
      readonly source: string;
      readonly number: number;
      readonly text: string;
    },
    private readonly start: number,
    end: number,
    private readonly head = end,
  ) {
    this.end = end;
  }

  add(option: Option): void {
    this.options.push(option);
    this.end = Math.max(this.end, option.end);
  }

  /** From `-m` or `-j` to the end of the last option. */
  get range(): SourceRange {
    return {
      source: this.line.source,
      line: this.line.number,
      start: this.start,
      end: this.end,
    };
  }

  /** The options as written, without `-m NAME`. */
  get text(): string {
    return this.line.text.slice(this.head, this.end).trim();
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

  /** Whether an option without value is there. */
  has(name: string): boolean {
    return this.take(name) !== undefined;
  }

  /** An option without value: `! --physdev-is-in`. */
  flag(name: string): Negatable<true> | undefined {
    const option = this.take(name);
    return option && { value: true, negated: option.negated };
  }

  /** The value of an option, read by `read`; a value that it can't read is a problem. */
  value<T>(
    names: string | readonly string[],
    read: (text: string) => T | undefined,
  ): T | undefined {
    return this.negatable(names, read)?.value;
  }

  /** The same with its negation. */
  negatable<T>(
    names: string | readonly string[],
    read: (text: string) => T | undefined,
  ): Negatable<T> | undefined {
    const option = this.take(...(typeof names === 'string' ? [names] : names));
    if (!option) return undefined;
    const text = option.values[0]?.text;
    const value = text === undefined ? undefined : read(text);
    if (value !== undefined) return { value, negated: option.negated };
    this.refuse(option);
    return undefined;
  }

  /** Notes that an option has a value which can't be read. */
  refuse(option: Option): void {
    const [value] = option.values;
    const message = value
      ? `${option.name} can't be read with the value "${value.text}".`
      : `${option.name} has no value.`;
    this.found.push({ option, message });
  }
}
