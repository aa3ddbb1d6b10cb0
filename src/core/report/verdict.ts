import * as l10n from '@vscode/l10n';
import type { Finding } from '../finding';
import type { ModeJudgement } from '../kubeproxy/mode/sign';
import type { NodeState } from '../node';
import type { NodeAnswer } from '../questions/answer';

/** What a node's sentence is made of. */
export interface Verdict {
  readonly mode: ModeJudgement;
  readonly findings: readonly Finding[];
  readonly answers: readonly NodeAnswer[];
  /** That the Service that is asked for is in no rule, where it is in none. */
  readonly absent?: string;
}

/** A node's sentence, and whether it says that nothing is wrong in dumps that were read in full. */
export interface NodeVerdict {
  readonly text: string;
  readonly isFine: boolean;
}

/**
 * What is wrong, or that nothing is. A dump that was cut or altered on its way is told beside, in a
 * sentence of its own: it breaks no traffic.
 */
export function verdictOf(
  node: NodeState,
  { mode: { mode, certainty }, findings, answers, absent }: Verdict,
): NodeVerdict {
  const unread = unreadCodes(node);
  const told = (text: string, isFine = false): NodeVerdict => ({ text, isFine });
  const worst = (severity: Finding['severity']) =>
    findings.find((one) => one.severity === severity && !unread.has(one.code));
  const bad = answers.find(({ broken }) => broken);
  const [error, warning] = [worst('error'), worst('warning')];
  if (error) return told(l10n.t`Broken: ${error.message}`);
  if (absent !== undefined) return told(warning ? `${absent} ${warning.message}` : absent);
  if (bad) {
    const { question, answer } = bad;
    return told(
      bad.certainty === 'certain'
        ? l10n.t`Broken: ${question} ${answer}`
        : l10n.t`Likely broken: ${question} ${answer}`,
    );
  }
  if (warning) return told(l10n.t`Look at this: ${warning.message}`);
  const surely = certainty === 'certain' ? '' : l10n.t(' (likely)');
  const nothing =
    mode === undefined
      ? l10n.t('Nothing wrong is seen, but the mode of kube-proxy is unknown.')
      : l10n.t`Nothing is wrong in what the dumps show: kube-proxy runs in ${mode} mode${surely}.`;
  const cut = findings.find(({ code, severity }) => severity !== 'information' && unread.has(code));
  return cut
    ? told(l10n.t`${nothing} Not all could be read: ${cut.message}`)
    : told(nothing, mode !== undefined);
}

/** Codes of what the readers could not make sense of: the text is at fault, and no kernel has it so. */
export function unreadCodes({ findings, rulesets }: NodeState): ReadonlySet<string> {
  const all = [findings, ...rulesets.map((ruleset) => ruleset.findings)].flat();
  return new Set(all.map(({ code }) => code));
}
