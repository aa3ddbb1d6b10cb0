import * as vscode from 'vscode';
import { kernelTraceLabel } from '../workspace/kernelTrace';
import { allNodes, type Choice } from './protocol';

/** Above this the chooser offers to search instead: thousands of options would block the page. */
const mostServices = 100;
/** The same for nodes, where the rest is in the table only. */
export const mostNodes = 100;

/** The id of the option that leads to the search. */
export const searchServices = '';

/** What a panel is called by: a Service port and a packet by themselves, a kernel's trace by its place. */
export function labelOf(service: string): string {
  return kernelTraceLabel(service) ?? service;
}

/** What the chooser offers: the one shown is always in it, also a packet, which no dump lists. */
export function offeredServices(services: readonly Choice[], current: string): readonly Choice[] {
  const choices = services.map(({ id, label }) => ({ id, label }));
  const shown = choices.find(({ id }) => id === current) ?? {
    id: current,
    label: labelOf(current),
  };
  if (choices.length > mostServices) {
    const search = vscode.l10n.t('Search all {0}…', choices.length);
    return [shown, { id: searchServices, label: search }];
  }
  return choices.includes(shown) ? choices : [shown, ...choices];
}

/** The table of all nodes, and those to choose from: of too many only the one that is shown. */
export function offeredNodes(nodes: readonly Choice[], shown?: string): readonly Choice[] {
  const offered = nodes.length > mostNodes ? nodes.filter(({ id }) => id === shown) : nodes;
  return [{ id: allNodes, label: vscode.l10n.t('All nodes') }, ...offered];
}
