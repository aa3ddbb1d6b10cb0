import { outputsOf } from '../../syntax/dumps/outputs';
import type { Output, Splitter } from './layout';

/** In characters. */
const longestHeading = 1000;

/**
 * Splits at lines that name a command, whose output follows.
 *
 * @param heading the group 1 is the command
 * @param noise lines of the collector itself
 */
export function atCommands(heading: RegExp, noise?: RegExp): Splitter {
  return (text) => {
    const outputs: { name: string; lines: string[] }[] = [];
    for (const line of text.split('\n')) {
      // A heading is a command that somebody typed.
      const command = line.length > longestHeading ? undefined : heading.exec(line)?.[1];
      if (command !== undefined) outputs.push({ name: fileNameOf(command), lines: [] });
      else if (!noise?.test(line)) outputs.at(-1)?.lines.push(line);
    }
    return outputs.map(({ name, lines }) => ({ name, text: trimmed(lines) }));
  };
}

/** `# iptables-save -c`, then the output between fences, as cilium-bugtool writes it. */
export function markdown(text: string): readonly Output[] {
  const command = /^# (.+)$/m.exec(text)?.[1];
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith('```'));
  if (command === undefined || start < 0) return [];
  const end = lines.findIndex((line, i) => i > start && line.startsWith('```'));
  const output = lines.slice(start + 1, end < 0 ? undefined : end);
  return [{ name: fileNameOf(command), text: trimmed(output) }];
}

/** A text of several commands in whatever form: each output by its own command or by what it is. */
export function outputs(text: string): readonly Output[] {
  const lines = text.split('\n');
  const seen = new Map<string, number>();
  return outputsOf(text).flatMap(({ kind, command, start, end }) => {
    if (kind === 'unknown') return [];
    const { family, table } = command ?? {};
    const own = family === 6 ? kind.replace(/^ip(?=tables)/, 'ip6').replace(/^ip-/, 'ip-6-') : kind;
    const name = table === undefined ? own : `${own}-${table}`;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    const file = times === 1 ? `${name}.txt` : `${name}-${times}.txt`;
    // With the command: what it asked for and left out is read from there.
    const first = command ? start - 1 : start;
    return [{ name: file, text: trimmed(lines.slice(first, end)) }];
  });
}

/** One file with another kept out of it: a part that begins with such a line is another's. */
export function inTwo(first: string, second: string, begins: RegExp): Splitter {
  return (text) => {
    const at = begins.exec(text)?.index;
    if (at === undefined) return [{ name: first, text }];
    return [
      { name: first, text: text.slice(0, at) },
      { name: second, text: text.slice(at) },
    ];
  };
}

/** A file under another name, without some lines of the collector's own. */
export function without(lines: RegExp, name: string): Splitter {
  return (text) => {
    const kept = text.split('\n').filter((line) => !lines.test(line));
    return [{ name, text: trimmed(kept) }];
  };
}

/** `/usr/sbin/iptables -t nat -nvL` -> `iptables-t-nat-nvL.txt`, as a person would name it. */
function fileNameOf(command: string): string {
  const words = command
    .trim()
    .replace(/^\S*\//, '')
    .replace(/[^\w.]+/g, '-');
  return `${words.replace(/^-|-$/g, '').slice(0, 80)}.txt`;
}

function trimmed(lines: readonly string[]): string {
  const text = lines.join('\n').trim();
  return text === '' ? '' : `${text}\n`;
}
