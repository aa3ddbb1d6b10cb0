/** A word of a rule line, or a quoted string as one. */
export interface Token {
  readonly text: string;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** `-A X --comment "a b" -j Y`: words as iptables-restore splits them, quotes included. */
export function tokensOf(line: string): Token[] {
  return Array.from(line.matchAll(/"(?:[^"\\]|\\.)*"?|[^\s"]+/g), ({ 0: text, index }) => ({
    text,
    start: index,
    end: index + text.length,
  }));
}

/** The place in `tokens` of the one under a column, or that ends there; -1 for none. */
export function tokenAt(tokens: readonly Token[], column: number): number {
  const inside = tokens.findIndex(({ start, end }) => start <= column && column < end);
  return inside >= 0 ? inside : tokens.findIndex(({ end }) => end === column);
}

/** Which option a value belongs to, and behind which `-m` or `-j` it stands. */
export interface OptionPlace {
  /** `--ctstate`, `-d`; undefined when the token stands behind none. */
  readonly option: string | undefined;
  /** `conntrack`, `MARK`; undefined before the first `-m` or `-j`. */
  readonly extension: string | undefined;
  /** How many values of the option stand before this one; undefined for the option itself. */
  readonly value: number | undefined;
}

export function optionPlace(tokens: readonly Token[], at: number): OptionPlace {
  let option: string | undefined;
  let extension: string | undefined;
  let value: number | undefined;
  for (let i = 0; i <= at; i++) {
    const { text } = tokens[i]!;
    if (/^--?[A-Za-z0-9]/.test(text) && !/^-\d/.test(text)) {
      option = text;
      value = undefined;
    } else if (text !== '!' && option !== undefined) {
      value = value === undefined ? 0 : value + 1;
      const names = /^(?:-m|--match|-j|--jump|-g|--goto)$/.test(option);
      if (names && value === 0 && i < at) extension = text;
    }
  }
  return { option, extension, value };
}
