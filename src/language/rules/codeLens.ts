import * as vscode from 'vscode';
import { serviceId } from '../../core/kubeproxy/serviceId';
import type { ServiceView } from '../../core/service';
import type { DumpDocuments } from '../../workspace/dumpDocuments';
import type { FactsStore } from './facts';
import { serviceLabel, serviceLenses } from './serviceLenses';

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

/** Lenses above Services. A class of its own for each, as VS Code resolves them one by one. */
export function codeLensProvider(
  facts: FactsStore,
  documents: DumpDocuments,
): vscode.CodeLensProvider {
  return {
    onDidChangeCodeLenses: (listener) => documents.onDidChange(() => listener()),
    async provideCodeLenses(document, token) {
      const opened = await facts.open(document, token);
      if (!opened) return [];
      return serviceLenses(opened.dump, opened.facts).map(
        ({ line, service }) =>
          new ServiceCodeLens(new vscode.Range(line, 0, line, 0), document.uri, service),
      );
    },
    resolveCodeLens(lens) {
      if (!(lens instanceof ServiceCodeLens)) return lens;
      const { service, uri } = lens;
      lens.command = {
        title: `${serviceLabel(service)} $(arrow-small-right) ${endpointCount(service)} | $(type-hierarchy-sub) ${vscode.l10n.t('Trace')}`,
        tooltip: vscode.l10n.t('Draw the way of packets to this Service'),
        command: 'kubeProxyInspector.traceService',
        arguments: [{ uri: uri.toString(), service: serviceId(service) }],
      };
      return lens;
    },
  };
}

function endpointCount({ endpoints }: ServiceView): string {
  if (endpoints.length === 0) return vscode.l10n.t('no endpoints');
  if (endpoints.length === 1) return vscode.l10n.t('1 endpoint');
  return vscode.l10n.t('{0} endpoints', endpoints.length);
}
