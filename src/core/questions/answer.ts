import * as l10n from '@vscode/l10n';
import { missing } from '../missing';
import type { Certainty } from '../certainty';
import type { Finding } from '../finding';
import type { SourceRange } from '../source';

/** The answer to one question about a node, with the rows and rules that it rests on. */
export interface NodeAnswer {
  readonly question: string;
  /** One plain English sentence or two, which begins with Yes, No, Likely, Unknown or where it goes. */
  readonly answer: string;
  readonly certainty: Certainty;
  /** Whether it says that something does not work. */
  readonly broken?: true;
  /** The one command whose output would decide it: `ip addr`. */
  readonly command?: string;
  readonly findings: readonly Finding[];
}

export function finding(
  severity: Finding['severity'],
  code: string,
  message: string,
  range: SourceRange | undefined,
): readonly Finding[] {
  return range ? [{ severity, code, message, range }] : [];
}

function answerText(why: string, command: string | undefined): string {
  // What is missing is that command.
  return command === undefined || why === missing(command)
    ? l10n.t`Unknown: ${why}.`
    : l10n.t`Unknown: ${why}. \`${command}\` would tell.`;
}

/** Of what no dump at hand tells: why, and what would. */
export function unknownAnswer(question: string, why: string, command?: string): NodeAnswer {
  return {
    question,
    answer: answerText(why, command),
    certainty: 'unknown',
    findings: [],
    ...(command === undefined ? {} : { command }),
  };
}
