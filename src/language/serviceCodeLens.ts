import * as vscode from 'vscode';
import { faultsOf } from '../core/finding';
import { serviceId, serviceName } from '../core/kubeproxy/serviceId';
import type { ServiceView } from '../core/service';
import type { DumpDocuments } from '../workspace/dumpDocuments';
import type { CheckedNode } from '../workspace/findings/checkedNode';
import { faultCount } from '../workspace/findings/faultCount';
import { runInSlices } from '../workspace/slices';
import type { NodeFindings } from './findings/nodeFindings';
import { serviceLabel } from './rules/serviceLenses';

/** `default/whoami:3000/TCP -> 3 endpoints | Trace`, whose endpoints are counted when it is seen. */
class ServiceCodeLens extends vscode.CodeLens {
  constructor(
    range: vscode.Range,
    readonly uri: vscode.Uri,
    readonly service: ServiceView,
  ) {
    super(range);
  }
}

/** `2 findings`: the way to the page on the Service, where something is wrong with it. */
function findingsLens(
  range: vscode.Range,
  uri: vscode.Uri,
  service: ServiceView,
  checked: CheckedNode | undefined,
): readonly vscode.CodeLens[] {
  const name = serviceName(service);
  const faults = faultsOf(checked?.services.get(name) ?? []);
  if (faults.length === 0) return [];
  return [
    new vscode.CodeLens(range, {
      title: `$(warning) ${faultCount(vscode, faults.length)}`,
      tooltip: faults.map(({ message }) => message).join('\n'),
      command: 'kubeProxyInspector.whatIsWrong',
      arguments: [{ uri: uri.toString(), service: name }],
    }),
  ];
}

/** The lenses above one line of a Service: what it is, and what is wrong with it. */
export function lensesOf(
  uri: vscode.Uri,
  line: number,
  service: ServiceView,
  checked: CheckedNode | undefined,
): readonly vscode.CodeLens[] {
  const range = new vscode.Range(line, 0, line, 0);
  return [new ServiceCodeLens(range, uri, service), ...findingsLens(range, uri, service, checked)];
}

/** Lenses are asked for anew when a text or what was found in its node changed. */
export function lensesChange(
  documents: Pick<DumpDocuments, 'onDidChange'>,
  findings: Pick<NodeFindings, 'onDidFind'>,
): vscode.Event<void> {
  return (listener) =>
    vscode.Disposable.from(
      documents.onDidChange(() => listener()),
      findings.onDidFind(() => listener()),
    );
}

/** Counts the endpoints of a lens that comes into view; other lenses have their command already. */
export async function resolveServiceLens(
  lens: vscode.CodeLens,
  token: vscode.CancellationToken,
): Promise<vscode.CodeLens> {
  if (!(lens instanceof ServiceCodeLens)) return lens;
  const { service, uri } = lens;
  const { length } = await runInSlices(service.readEndpoints(), token);
  lens.command = {
    title: `${serviceLabel(service)} $(arrow-small-right) ${endpointCount(length)} | $(type-hierarchy-sub) ${vscode.l10n.t('Trace')}`,
    tooltip: vscode.l10n.t('Draw the way of packets to this Service'),
    command: 'kubeProxyInspector.traceService',
    arguments: [{ uri: uri.toString(), service: serviceId(service) }],
  };
  return lens;
}

function endpointCount(count: number): string {
  if (count === 0) return vscode.l10n.t('no endpoints');
  if (count === 1) return vscode.l10n.t('1 endpoint');
  return vscode.l10n.t('{0} endpoints', count);
}
