import { own } from '../../core/own';
import { isQuote, nonEmpty, withoutParts, type Part } from './parts';
import { programs, stdinFlag, type SecretsOfProgram } from './programs';
import { ValueReader } from './valueReader';
import { readerOfWords, wordLists } from './wordLists';

/**
 * Leaves out what programs take as secrets where no name says so: `mysql -u root -p x`,
 * `htpasswd -b file user x`, `echo x | sudo -S id`, `kinit user <<< x`.
 */
export function withoutSecretArguments(text: string): string {
  const word = /\n|<<<|\(left out\)|[|;&]+|[^\s|;&]+/g;
  const parts: (Part | undefined)[] = [];
  const reader = new ValueReader(text);
  let command = new Command(reader);
  for (let match = word.exec(text); match; match = word.exec(text)) {
    const { 0: found, index } = match;
    if (/^[\n|;&]/.test(found)) {
      parts.push(...command.end());
      command = new Command(reader, found === '|' ? command : undefined);
      continue;
    }
    word.lastIndex = Math.max(command.take(found, index), word.lastIndex);
    parts.push(command.found);
  }
  parts.push(...command.end());
  for (const words of wordLists(text)) {
    const listed = new Command(readerOfWords(text, words));
    for (const { start, end } of words) {
      listed.take(text.slice(start, end), start);
      parts.push(listed.found);
    }
    parts.push(...listed.end());
  }
  return withoutParts(text, parts);
}

/** So many words of an `echo` are kept, for the program behind the pipe. */
const mostSaid = 16;

/** Of a word, so much is looked at for the name of a program. */
const longestPath = 256;

/** One command of a line, read word by word. */
class Command {
  /** What of the word that was taken last is a secret. */
  found: Part | undefined;

  private program: SecretsOfProgram = {};
  /** Whether a word may be a program yet: an argument of the one before may be called as another is. */
  private mayRun = true;
  /** A flag whose value comes next; `<<<` before the program's input. */
  private flag: string | undefined;
  /** By the words that places are counted from, how many came since. */
  private counts = new Map<string, number>();
  private last: Part | undefined;
  private input: Part | undefined;
  /** What an `echo` or `printf` says. */
  private said: Part[] | undefined;
  private readsSecret = false;
  private isOfWords = false;

  constructor(
    private readonly reader: Pick<ValueReader, 'text' | 'valueAt'>,
    private readonly before?: Command,
  ) {}

  /** @returns where the word ends: one in quotes may have blanks */
  take(word: string, at: number): number {
    this.found = undefined;
    const { flag } = this;
    this.flag = undefined;
    if (flag !== undefined && !word.startsWith('-')) return this.takeValue(flag, at);
    if (word === '<<<') this.flag = word;
    else if (this.mayRun && /^["']?(?:echo|printf)$/.test(word)) this.said = [];
    else if (this.said) return this.takeSaid(word, at);
    else return this.takeWord(word, at);
    return at;
  }

  /** What is known with the command's last word. */
  end(): readonly (Part | undefined)[] {
    const { input, last, before, readsSecret, isOfWords } = this;
    const heard = readsSecret ? [input, ...(before?.said ?? [])] : [];
    return isOfWords ? [...heard, last] : heard;
  }

  private takeValue(flag: string, at: number): number {
    const value = this.reader.valueAt(at);
    if (flag === '<<<') this.input = value;
    else if (value) this.found = this.secretOf(flag, value);
    return value?.end ?? at;
  }

  private takeSaid(word: string, at: number): number {
    const value = /^(?:-|["']?%)/.test(word) ? undefined : this.reader.valueAt(at);
    if (value && this.said!.length < mostSaid) this.said!.push(value);
    return value?.end ?? at;
  }

  private takeWord(word: string, at: number): number {
    this.start(word);
    const { stdin, wordsWith, words, loginWords, flags = [], logins = [] } = this.program;
    this.readsSecret ||= stdinFlag.test(word) || stdin === true || stdin?.test(word) === true;
    this.isOfWords ||= wordsWith?.test(word) === true;
    for (const flag of [...flags, ...logins]) {
      if (word === flag) {
        this.flag = flag;
        return at;
      }
      const behind = flag.startsWith('--') ? `${flag}=` : flag;
      if (!/^(?:-.|--.*=|\/.*:)$/.test(behind) || !word.startsWith(behind)) continue;
      const value = this.reader.valueAt(at + behind.length);
      this.found = value && this.secretOf(flag, value);
      return value?.end ?? at;
    }
    // Windows' flags begin with a slash.
    if (/^(?:-|\/\w+:)/.test(word) || !(words || loginWords)) return at;
    const value = this.reader.valueAt(at);
    if (loginWords && value && !/^["']?[/@]/.test(word)) this.found = this.passwordOf(value);
    if (words) this.count(words, word, value);
    return value?.end ?? at;
  }

  /** A program that the table has, also behind another: `sudo mysql`, `sh -c "mysql ..."`. */
  private start(word: string): void {
    const [path = ''] = word
      .slice(-longestPath)
      .split(/[/\\"'`,[(]/)
      .slice(-1);
    const name = path.replace(/\.exe$/i, '');
    const program = own(programs, name);
    if (!program || !this.mayRun) return;
    this.mayRun = program.runs === true;
    this.program = program;
    this.counts = new Map(program.words && '' in program.words ? [['', -1]] : []);
    this.last = undefined;
    this.isOfWords = program.words !== undefined && !program.wordsWith;
  }

  private count(
    words: NonNullable<SecretsOfProgram['words']>,
    word: string,
    value: Part | undefined,
  ): void {
    // What has a name is told by it, `password=x`; a share's name is no secret.
    const secret = /^(?:\w+=|\\\\)/.test(word) ? undefined : value;
    for (const [after, before] of this.counts) {
      const count = before + 1;
      this.counts.set(after, count);
      const places = own(words, after);
      if (places === 'last') this.last = count > 0 ? secret : undefined;
      else if (places?.includes(count)) this.found = secret;
    }
    if (own(words, word)) this.counts.set(word, 0);
  }

  private secretOf(flag: string, value: Part): Part | undefined {
    return this.program.flags?.includes(flag) ? value : this.passwordOf(value);
  }

  /** Behind the user: `user:password`, `user/password@database`. */
  private passwordOf({ start, end }: Part): Part | undefined {
    const { text } = this.reader;
    const { sign = /[:%]/, loginWords } = this.program;
    if (sign.source === text[end]) return this.reader.valueAt(end + 1);
    const login = text.slice(start, end);
    const at = login.search(sign);
    // user:'password'
    if (at === login.length - 1 && isQuote(text[end])) return this.reader.valueAt(end);
    const host = loginWords ? login.indexOf('@', at) : -1;
    return at < 0 ? undefined : nonEmpty(start + at + 1, host < 0 ? end : start + host);
  }
}
