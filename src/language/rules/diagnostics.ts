import type * as vscode from 'vscode';
import type { Finding } from '../../core/finding';
import type { DumpDocuments } from '../../workspace/dumpDocuments';
import { rangeOf } from '../../workspace/places';
import { DocumentProblems, problemAt } from '../../workspace/problems';
import type { FactsStore } from './facts';

/** Shows in the Problems view what is wrong with the shape and the Services of each open dump. */
export function showFindings(documents: DumpDocuments, facts: FactsStore): vscode.Disposable {
  return new DocumentProblems('kube-proxy-inspector', 'iptables-save', async (document, set) => {
    const dump = await documents.open(document);
    if (!dump) return;
    const shape = dump.rulesets.flatMap(({ findings }) => findings);
    set(shape.map(problemOf));
    const opened = await facts.open(document);
    // An edit in between shows its own findings.
    if (opened?.dump !== dump) return;
    const services = [...opened.facts.services.values()].flatMap(({ findings }) => findings);
    if (services.length > 0) set([...shape, ...services].map(problemOf));
  });
}

function problemOf(finding: Finding): vscode.Diagnostic {
  return problemAt(rangeOf(finding.range), finding);
}
