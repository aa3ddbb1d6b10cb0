import * as l10n from '@vscode/l10n';
import type { DumpProblem } from '../cluster';
import { beginningWithoutSecrets, withoutSecrets } from '../secrets/secrets';
import type { Status } from './httpError';

/** What came of a command. */
export interface ExecResult {
  /** stdout, in pieces of some KiB: joining 100 MB is left to who needs it. */
  readonly parts: readonly string[];
  readonly bytes: number;
  readonly stderr: string;
  readonly exitCode?: number;
  readonly problem?: DumpProblem;
}

/** The same before it is judged. */
interface Raw {
  readonly parts: readonly string[];
  readonly bytes: number;
  readonly binary: boolean;
  readonly stderr: string;
  /** undefined where the connection ended without one. */
  readonly status: Status | undefined;
  readonly problem: DumpProblem | undefined;
}

/** Of a status' words; what is behind them is dropped. */
const longestMessage = 2000;

/**
 * Judges a command by its status. A missing executable shows in three ways: containerd fails with
 * a message, CRI-O exits 255 with the text on stderr, cri-dockerd exits 126 with the text on stdout.
 */
export function execOutcome(raw: Raw): ExecResult {
  const { parts, bytes, status } = raw;
  const stderr = withoutSecrets(raw.stderr);
  const result = { parts, bytes, stderr };
  if (raw.problem) return { ...result, problem: raw.problem };
  if (status?.status === 'Success') {
    if (!raw.binary) return { ...result, exitCode: 0 };
    return {
      ...result,
      exitCode: 0,
      problem: { kind: 'binary', message: l10n.t`The output is binary, not text.` },
    };
  }
  const exitCode = exitCodeOf(status);
  const message = beginningWithoutSecrets(
    status?.message ?? l10n.t`The command failed without a message.`,
    longestMessage,
  );
  const told = [message, stderr, bytes < 4096 ? parts.join('') : ''].join('\n');
  if (isMissing(told, exitCode)) {
    const problem: DumpProblem = {
      kind: 'missing-binary',
      message: l10n.t`The container does not have this program.`,
    };
    // cri-dockerd's error text is no output of the command.
    return { parts: [], bytes: 0, stderr: stderr || told.trim(), exitCode, problem };
  }
  if (exitCode === undefined) return { ...result, problem: { kind: 'refused', message } };
  const [firstLine] = stderr.trim().split('\n', 1);
  return {
    ...result,
    exitCode,
    problem: {
      kind: 'exit-code',
      message: l10n.t`Exit code ${exitCode}${firstLine ? `: ${firstLine}` : '.'}`,
    },
  };
}

/** The code is a string in a cause: `{"reason":"ExitCode","message":"1"}`. */
function exitCodeOf(status: Status | undefined): number | undefined {
  const cause = status?.causes.find(({ reason }) => reason === 'ExitCode');
  const code = Number(cause?.message);
  return cause && Number.isInteger(code) ? code : undefined;
}

/** runc and crun: `exec failed: unable to start container process: ... no such file or directory`. */
function failedToStart(told: string): boolean {
  const at = told.indexOf('exec failed: ');
  return at >= 0 && told.includes('no such file or directory', at);
}

function isMissing(told: string, exitCode: number | undefined): boolean {
  if (/executable file not found/.test(told)) return true;
  // With an exit code, "no such file" may be the command's own word on its argument.
  if (exitCode === undefined) return /no such file or directory/.test(told);
  return exitCode === 127 || failedToStart(told);
}
