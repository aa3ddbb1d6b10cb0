import * as l10n from '@vscode/l10n';
import { list } from '../describe/words';
import { endpointsIn } from '../kubeproxy/endpointsIn';
import { isUsualNodePort } from '../kubeproxy/nodePortRange';
import { programmed, type ProgrammedPort } from '../kubeproxy/programmed';
import type { NodeState } from '../node';
import { protocolName } from '../protocol';
import type { ServiceEntry } from '../service';
import { finish } from '../work';
import { finding, type NodeAnswer } from './answer';
import { append } from '../append';

/**
 * Where a NodePort leads where no packet can be traced, since the node's addresses are not at hand: by
 * the rule or virtual servers of the port alone. undefined where none is seen.
 */
export function nodePortByExcerpt(
  node: NodeState,
  question: string,
  { port, protocol }: { readonly port: number; readonly protocol: number },
): NodeAnswer | undefined {
  const found = finish(programmed(node)).ports.flatMap((one) => {
    const { service } = one;
    const entry = service.entries.find((entry) => entry.port === port && isNodePort(entry));
    return entry && service.protocol === protocol ? [{ one, entry }] : [];
  });
  const [first] = found;
  if (!first) return undefined;
  // Each address of the node has a virtual server of its own, with the same real servers.
  const byEnd = new Map<string, string[]>();
  for (const { one } of found) {
    const end = whereTo(node, one);
    append(byEnd, end, one.service.title);
  }
  const where = [...byEnd]
    .map(([end, titles]) => l10n.t`by ${list([...new Set(titles)])} ${end}`)
    .join('; ');
  const text = `${port}/${protocolName(protocol)}`;
  return {
    question,
    answer: l10n.t`Likely: ${where}. \`ip addr\` and \`ip route show table all\` would tell on which addresses, and which source the Pod sees.`,
    certainty: 'likely',
    command: 'ip addr',
    findings: finding(
      'information',
      'node-port-rule',
      l10n.t`It takes ${text}.`,
      first.entry.range,
    ),
  };
}

/** A virtual server of which nothing tells the kind: by its port. */
function isNodePort({ kind, port }: ServiceEntry): boolean {
  return kind === 'node-port' || (kind === 'virtual' && isUsualNodePort(port));
}

function whereTo(node: NodeState, port: ProgrammedPort): string {
  const { service, family = 4, ruleset, table } = port;
  const { all, local } = endpointsIn(node, { service, family, ruleset, table });
  if (all.length === 0) return l10n.t('to no endpoint that is at hand');
  const isLocal = service.chains.some((name) => /^KUBE-(?:SVL|XLB)-|^local-/.test(name));
  return isLocal
    ? l10n.t`to ${list(all)} (where a policy is Local, of these only to ${list(local) || l10n.t('none')})`
    : l10n.t`to ${list(all)}`;
}
