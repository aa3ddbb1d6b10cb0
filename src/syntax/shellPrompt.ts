/**
 * `root@node:~# `, `[root@node ~]$ `, `/ # `, `sh-5.1# `, `node:/tmp$ `, `$ `, `(venv) user@host % `,
 * `PS C:\\> `, `+ ` of `set -x`, and what themes of zsh draw: `➜  ~ `, `❯ `, `└─# `.
 */
const promptLine = new RegExp(
  '^(?:\\([\\w.-]+\\) )?' +
    '(?:\\[[^\\]]+\\]|\\S+@\\S+(?: \\S+)?|[/~]\\S*|\\w*sh-[\\d.]+|[\\w.-]+:[/~]\\S*|[\\w.-]+)?' +
    ' ?[#$%](?: |$)|^PS [A-Z]:\\\\[^>]*>|^\\+ \\S|^[➜❯λ»](?: |$)|^[┌╭]─|^[└╰]─{1,3}',
);

/** What is longer is no prompt: patterns with two `\S+` take too long on a line of 100,000 `@`. */
export const longestPrompt = 300;

/** `reject # handle 7` of `nft -a list ruleset`. */
const handle = / # handle \d+$/;

/** Whether the line is a command behind a shell's prompt. */
export function isShellPrompt(line: string): boolean {
  const text = line.slice(0, longestPrompt).trim();
  return promptLine.test(text) && !handle.test(text);
}
