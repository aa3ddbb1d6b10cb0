import { checks } from '../core/findings/all';
import type { SourceRange } from '../core/source';
import type { NodeFinding } from './checkNode';

const levels = { error: 'error', warning: 'warning', information: 'note' } as const;

/** Findings as SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0), for pipelines. */
export function sarif(findings: readonly NodeFinding[]): unknown {
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'kube-proxy-inspector', rules: codes.map(ruleOf) } },
        results: findings.map(({ code, severity, message, range, node, related = [] }) => ({
          ruleId: code,
          ruleIndex: codes.indexOf(code),
          level: levels[severity],
          message: { text: message },
          locations: [
            {
              physicalLocation: placeOf(range),
              ...(node === undefined ? {} : { logicalLocations: [{ name: node, kind: 'node' }] }),
            },
          ],
          relatedLocations: related.map((one) => ({
            message: { text: one.message },
            physicalLocation: placeOf(one.range),
          })),
        })),
      },
    ],
  };
}

function ruleOf(code: string) {
  const check = checks.find((one) => one.code === code);
  return {
    id: code,
    ...(check
      ? { shortDescription: { text: check.title }, help: { text: `docs/findings/${code}.md` } }
      : {}),
  };
}

/** SARIF counts lines and columns from 1. */
function placeOf({ source, line, start, end }: SourceRange) {
  return {
    artifactLocation: { uri: encodeURI(source) },
    region: { startLine: line + 1, startColumn: start + 1, endColumn: Math.max(end, start) + 1 },
  };
}
