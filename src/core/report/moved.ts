import { movedFinding, type Finding } from '../finding';
import type { NodeAnswer } from '../questions/answer';
import type { SourceRange } from '../source';
import type { Report } from './report';

type Place = (range: SourceRange) => SourceRange;

/** The report with each of its places put where `place` says: lines of a pasted text may have been taken apart. */
export function movedReport(report: Report, place: Place): Report {
  const { findings, around, upgrade, answers } = report;
  return {
    ...report,
    findings: movedFindings(findings, place),
    around: movedFindings(around, place),
    upgrade: movedFindings(upgrade, place),
    answers: answers.map((answer) => movedAnswer(answer, place)),
  };
}

export function movedAnswer(answer: NodeAnswer, place: Place): NodeAnswer {
  return { ...answer, findings: movedFindings(answer.findings, place) };
}

function movedFindings(findings: readonly Finding[], place: Place): readonly Finding[] {
  return findings.map((finding) => movedFinding(finding, place));
}
