import type { Family } from '../../../core/address';
import { isShellPrompt, longestPrompt } from '../../shellPrompt';

/** A shell's prompt with the command whose output follows, as people paste it. */
export interface PromptCommand {
  readonly form: 'save' | 'commands' | 'listing';
  readonly family: Family;
  readonly backend: 'legacy' | 'nf_tables' | 'unknown';
  /** undefined where the command means all tables (`iptables-save`). */
  readonly table?: string;
  /** The one chain that the command asks for. */
  readonly chain?: string;
}

/** Whether the line is a command at a shell's prompt; a comment `# iptables of web` is none. */
export function isPrompt(line: string): boolean {
  const text = line.slice(0, longestPrompt).trim();
  if (text.startsWith('#')) return promptCommand(text) !== undefined;
  return isShellPrompt(text);
}

/** Where a command ends: a pipe, `;`, `2>/dev/null`, the end of `$(...)`. */
const ends = /\s\d>|[|;&<>)`]/;

const program = /(?:^|\/)(ip6?tables|xtables)(-legacy|-nft)?(-save)?$/;

/** What an `iptables-save`, `iptables -S` or `iptables -L` in the line asks for, if there is one. */
export function promptCommand(line: string): PromptCommand | undefined {
  const text = line.slice(0, longestPrompt);
  const words = wordsOf(text);
  const at = words.findIndex((word) => program.test(word));
  const [, name, variant, save] = program.exec(words[at] ?? '') ?? [];
  if (!name) return undefined;
  // What stands behind a pipe are another program's words: `iptables -L | grep web`.
  const [own = ''] = text.slice(text.indexOf(words[at]!) + words[at]!.length).split(ends, 1);
  const options = wordsOf(own);
  const request = save ? saveOptions(options) : listOptions(options);
  if (!request || (line.trim().startsWith('#') && at !== 1 && words[1] !== 'sudo'))
    return undefined;
  const backend =
    variant === '-legacy'
      ? 'legacy'
      : variant === '-nft' || name === 'xtables'
        ? 'nf_tables'
        : 'unknown';
  return { family: name === 'ip6tables' ? 6 : 4, backend, ...request };
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[\s'"`;|&<>()]+|\$\(/).filter(Boolean);
}

type Request = Pick<PromptCommand, 'form' | 'table' | 'chain'>;

function saveOptions(words: readonly string[]): Request | undefined {
  const table = optionValue(words, 't', 'table');
  if (words[0] !== undefined && !words[0].startsWith('-')) return undefined;
  return table === undefined ? { form: 'save' } : { form: 'save', table };
}

function listOptions(words: readonly string[]): Request | undefined {
  const table = optionValue(words, 't', 'table') ?? 'filter';
  for (const [letter, long, form] of [
    ['S', 'list-rules', 'commands'],
    ['L', 'list', 'listing'],
  ] as const) {
    const at = words.findIndex((word) => word === `--${long}` || isShort(word, letter));
    if (at < 0) continue;
    const chain = words[at + 1];
    return chain === undefined || chain.startsWith('-') ? { form, table } : { form, table, chain };
  }
  return undefined;
}

/** `-L`, or among several letters: `-nvL`. */
function isShort(word: string, letter: string): boolean {
  return /^-[A-Za-z]+$/.test(word) && word.includes(letter);
}

/** The value of `-t nat`, `-tnat`, `--table nat`, `--table=nat`. */
function optionValue(words: readonly string[], letter: string, long: string): string | undefined {
  for (const [i, word] of words.entries()) {
    if (word === `-${letter}` || word === `--${long}`) return words[i + 1];
    if (word.startsWith(`--${long}=`)) return word.slice(long.length + 3);
    if (new RegExp(`^-${letter}[a-z]{3,}$`).test(word)) return word.slice(2);
  }
  return undefined;
}
