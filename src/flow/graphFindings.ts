import type * as vscode from 'vscode';
import { flowFindings } from '../core/flow/flowFindings';
import type { DrawnGraph } from '../core/flow/mergedGraph';
import { serviceName } from '../core/kubeproxy/serviceId';
import type { ServiceView } from '../core/service';
import type { SourceRange } from '../core/source';
import { checkedNode } from '../workspace/findings/checkedNode';
import type { OpenNode } from '../workspace/nodeFolders';
import { inCapture } from './inCapture';
import type { FlowAnswer } from './source';

/** Of what a graph is drawn. */
export interface Drawing {
  readonly facts: OpenNode;
  /** The dump that is shown. */
  readonly shown: vscode.Uri;
  /** undefined of a packet's graph, which any finding on its way concerns. */
  readonly service?: ServiceView | undefined;
}

/** Looks for what is wrong with what a graph shows, once for the node's state. */
export function findingsOn(
  { graph }: DrawnGraph,
  { facts: { state, objects }, shown, service }: Drawing,
): FlowAnswer['findings'] {
  return async (token) => {
    const { findings, services, node } = await checkedNode(state, objects, token);
    const own = service ? (services.get(serviceName(service)) ?? []) : [];
    const placed = <T extends { readonly range: SourceRange }>(one: T): T => ({
      ...one,
      range: { ...one.range, source: inCapture(one.range.source, shown) },
    });
    return flowFindings(graph, own, service ? node : findings).map((one) => {
      const { related } = one.finding;
      const finding = { ...one.finding, ...(related && { related: related.map(placed) }) };
      return { ...one, finding: placed(finding) };
    });
  };
}
