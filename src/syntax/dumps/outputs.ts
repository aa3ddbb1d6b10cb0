import { finish, type Work } from '../../core/work';
import { isLeftOutMark } from '../leftOut';
import { linesOf } from '../lines';
import { isShellPrompt } from '../shellPrompt';
import { dumpCommand, type DumpCommand } from './command';
import { hostMark } from './hostMarks';
import type { HostMark } from './hostName';
import { kindOf, type DumpKindId } from './kinds';
import { isProse } from './prose';
import { kindOfLine, kindOfText } from './recognize';

/** The output of one command in a text that may hold those of several. */
export interface CommandOutput {
  readonly kind: DumpKindId;
  /** The command above it, where there is one. */
  readonly command?: DumpCommand;
  /** The first line, and one after the last. */
  readonly start: number;
  readonly end: number;
  /** Its beginning, some KiB. */
  readonly head: string;
  /** Whether somebody left lines of it out and said so: `...`, `[snip]`. */
  readonly cut: boolean;
  /** What tells whose it is: the marks above it that stand below the output before. */
  readonly marks: readonly HostMark[];
}

/** Lines of an output that are looked at for what it is. */
const headLines = 60;

/** So many lines are gone through between two yields: some milliseconds. */
const linesAtOnce = 256;

/**
 * Cuts a text into the outputs of commands: at a prompt, a `=== ip addr ===`, a `=== node-b ===` or the
 * bare command above each, and without these where lines of another kind begin. A text of one command is
 * one output.
 */
export function* outputsIn(text: string): Work<readonly CommandOutput[]> {
  const lines = [...linesOf(text)];
  const outputs: CommandOutput[] = [];
  let start = 0;
  let command: DumpCommand | undefined;
  let current: DumpKindId | undefined;
  /** Of `for n in a b; do echo "== $n =="; ssh $n ip addr; done`: of each output below a heading. */
  let looped: DumpCommand | undefined;
  let cut = false;
  let marks: HostMark[] = [];
  /** Below a line that only YAML has: a key alone there (`conntrack:`, `iptables:`) is no command. */
  let isYaml = false;
  const close = (next: number): boolean => {
    const end = withoutProse(lines, start, next);
    const own = lines.slice(start, Math.min(end, start + headLines));
    const isHeld = own.some((line) => line.trim() !== '');
    if (isHeld) {
      const head = own.join('\n');
      const seen = kindOfText(head);
      const kind = command ? kindUnder(command, seen) : seen;
      outputs.push({ kind, command, start, end, head, cut, marks });
      marks = [];
    }
    cut = isYaml = false;
    return isHeld;
  };
  for (const [i, line] of lines.entries()) {
    if (i % linesAtOnce === linesAtOnce - 1) yield;
    const plain = isPlain(line) || (isYaml && /^\w+:\s*$/.test(line));
    const above = plain ? undefined : dumpCommand(line);
    const mark = plain ? undefined : hostMark(line);
    if (above || mark || isOtherCommand(line)) {
      const isHeld = close(i);
      if (mark) marks.push(mark);
      if (above || mark?.kind !== 'heading') looped = undefined;
      else if (!isHeld && command) looped = command;
      command = above ?? looped;
      [start, current] = [i + 1, command?.kind];
      continue;
    }
    cut ||= isOmission(line);
    if (plain) continue;
    const kind = kindOfLine(line.trimEnd(), lines.slice(i + 1, i + 4));
    isYaml ||= kind === 'kube-proxy-config' || kind === 'objects';
    if (kind === undefined || partOf(kind) === undefined) continue;
    if (current !== undefined && partOf(current) !== partOf(kind)) {
      close(i);
      [start, command, looped] = [i, undefined, undefined];
    }
    current = kind;
  }
  close(lines.length);
  return outputs;
}

/** `outputsIn` in one piece, for a text that is short or nobody waits for. */
export function outputsOf(text: string): readonly CommandOutput[] {
  return finish(outputsIn(text));
}

/** Programs that people run beside those that print dumps. */
const rootsCommand =
  /^# (?:sudo )?(?:kubectl|k3s|oc|docker|crictl|systemctl|journalctl|cat|ls|grep|curl|wget|telnet|nc|ping|dig|nslookup|uname|hostname|ss|netstat|lsmod|ps) /;

/** `[root@localhost ~]# kubectl get svc`: what follows is no part of the output above. */
function isOtherCommand(line: string): boolean {
  // `# Completed on ...`, `+ iptables-save` are told by what they say.
  return /^[#+]/.test(line) ? rootsCommand.test(line) : isShellPrompt(line);
}

/** Where an output ends that has sentences below it: `3、查看网卡：`. */
function withoutProse(lines: readonly string[], start: number, end: number): number {
  let last = end;
  for (let at = end - 1; at > start; at--) {
    const line = lines[at]!;
    if (line.trim() === '') continue;
    if (!isProse(line) || kindOfLine(line.trimEnd(), []) !== undefined) break;
    last = at;
  }
  return last;
}

/** Rules and rows begin with a number or an option. */
function isOmission(line: string): boolean {
  return !/^\s*[-\d]/.test(line) && isLeftOutMark(line);
}

/** Lines of long dumps, which end nothing: rules, elements, and what stands indented below another. */
function isPlain(line: string): boolean {
  return /^(-A [^-]|\[\d+:\d+\] -A |add |:|\s|$)/.test(line);
}

/** Parts that one output may mix are told apart by their commands alone. */
function partOf(id: DumpKindId): string | undefined {
  const part = kindOf(id)?.part;
  return part === 'mode' ? undefined : part;
}

/** What is printed decides, unless the command prints what looks like another's output. */
function kindUnder(command: DumpCommand, seen: DumpKindId): DumpKindId {
  if (command.kind === undefined) return 'unknown';
  const same = kindOf(command.kind)?.part === kindOf(seen)?.part;
  if (command.kind === 'ip6tables-save' && seen === 'iptables-save') return command.kind;
  return same || (seen !== 'unknown' && seen !== 'stderr' && kindOf(seen)?.part !== undefined)
    ? seen
    : seen === 'stderr'
      ? 'stderr'
      : command.kind;
}
