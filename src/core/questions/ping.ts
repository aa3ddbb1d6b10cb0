import * as l10n from '@vscode/l10n';
import { formatAddress, sameAddress } from '../address';
import type { Address } from '../address';
import type { Finding } from '../finding';
import type { NodeState } from '../node';
import { protocolNumbers } from '../packet';
import { protocolName } from '../protocol';
import { leaves } from '../trace/leaves';
import type { Leaf } from '../trace/leaves';
import { socketSource } from '../trace/route/socketSource';
import { traceFlow } from '../trace/tracer';
import { pingBySigns, pingToIpvsDevice } from './pingSigns';
import { finding, unknownAnswer } from './answer';
import { rulesOfAddress, type RuleOfAddress } from './rulesOfAddress';
import { givenOf, likely, startText } from './ways';
import type { NodeAnswer } from './answer';

/** Does a ping from this node to a Service's address answer, and who or what keeps it from it? */
export function askPing(node: NodeState, address: Address): NodeAnswer {
  const text = formatAddress(address);
  const question = l10n.t`Does a ping to ${text} answer?`;
  const trace = traceFlow(node, {
    protocol: address.family === 4 ? protocolNumbers.icmp : protocolNumbers.icmp6,
    source: socketSource(node, address) ?? address,
    sourcePort: 1,
    destination: address,
  });
  const ways = leaves(trace.path);
  const [way] = ways;
  const kinds = new Set(ways.map(({ verdict }) => `${verdict.kind} ${verdict.delivered}`));
  if (!way || kinds.size > 1 || way.verdict.kind === 'UNKNOWN' || isNowhere(way)) {
    const reasons = ways.flatMap(({ verdict, branches }) => [
      ...(verdict.kind === 'UNKNOWN' ? [verdict.reason] : []),
      ...branches.flatMap(({ unknown }) => (unknown === undefined ? [] : [unknown])),
    ]);
    const why = [...new Set(reasons)].join(l10n.t('; '));
    return (
      pingBySigns(question, node, address) ??
      unknownAnswer(
        question,
        why || l10n.t('where it leaves is not known'),
        'ip route show table all',
      )
    );
  }
  const given = givenOf(ways);
  // Before what the trace takes for granted comes the one rule that kube-proxy itself may have there.
  if (given !== undefined && isHeld(way)) {
    const bySign = pingToIpvsDevice(question, node, address, 'Yes');
    if (bySign) return bySign;
  }
  const told = answerOf(node, address, way, given);
  return { question, certainty: given === undefined ? 'certain' : 'likely', ...told };
}

function isHeld({ verdict }: Pick<Leaf, 'verdict'>): boolean {
  return verdict.kind === 'ACCEPT' && verdict.delivered === 'local';
}

/** Without a dump of the routes it is not known by what a packet leaves. */
function isNowhere({ verdict }: Leaf): boolean {
  return verdict.kind === 'ACCEPT' && verdict.delivered === undefined;
}

function answerOf(
  node: NodeState,
  address: Address,
  { verdict, steps }: Leaf,
  given: string | undefined,
): Pick<NodeAnswer, 'answer' | 'findings'> & Partial<Pick<NodeAnswer, 'certainty'>> {
  const text = formatAddress(address);
  const isSure = given === undefined;
  const holds = isSure ? '' : l10n.t` This holds if ${given}.`;
  const start = (to: 'Yes' | 'No') => {
    const certain = { start: to, certainty: 'certain' } as const;
    return startText((isSure ? certain : likely(certain)).start);
  };
  if (isHeld({ verdict })) {
    const own = ownAddress(node, address);
    const device = own?.device ?? l10n.t('the node');
    return {
      answer:
        l10n.t`${start('Yes')}: ${device} holds ${text}, so the node itself answers, whatever becomes of the Service.` +
        holds,
      findings: finding(
        'information',
        'ping-answered-by-node',
        l10n.t`${device} holds ${text}: it is LOCAL.`,
        own?.range,
      ),
    };
  }
  if (verdict.kind === 'ACCEPT') {
    const route = steps.filter(({ kind, range }) => kind === 'routing' && range).at(-1);
    // A ClusterIP belongs to no machine; of any other address the dumps of this node can't tell.
    const rules = rulesOfAddress(node, address);
    const isVirtual = rules.some(({ kind }) => kind === 'cluster-ip');
    const leaves = l10n.t`no rule takes a ping to ${text}; it leaves by ${verdict.delivered ?? '?'}`;
    return {
      answer: isVirtual
        ? l10n.t`${start('No')}: ${leaves}, where nobody has the address.` + holds
        : rules.length > 0
          ? l10n.t`Unknown: ${leaves}; whether a load balancer or a machine has ${text} is not known on this node.`
          : l10n.t`Unknown: ${leaves}; whether ${text} answers is not known on this node.`,
      ...(!isVirtual && { certainty: 'unknown' }),
      findings: [
        ...rules.flatMap(asksForPort),
        ...finding('information', 'ping-leaves', l10n.t(`It leaves by this route.`), route?.range),
      ],
    };
  }
  const answer = l10n.t`${start('No')}: ${refusalText(verdict)}.` + holds;
  const message = l10n.t`This decides: ${verdict.kind}.`;
  return { answer, findings: finding('information', 'ping-refused', message, verdict.range) };
}

function refusalText({ kind, reason }: Leaf['verdict']): string {
  switch (kind) {
    case 'REJECT':
      return l10n.t`refused by ${reason}`;
    case 'DROP':
      return l10n.t`dropped by ${reason}`;
    default:
      return reason;
  }
}

function ownAddress(node: NodeState, wanted: Address) {
  for (const { name, addresses } of node.interfaces ?? node.someInterfaces ?? []) {
    const own = addresses.find(({ address }) => sameAddress(address, wanted));
    if (own) return { device: name, range: own.range };
  }
  return undefined;
}

/** A ping passes by what names the address: it asks for a port. */
function asksForPort({ protocol, range }: RuleOfAddress): readonly Finding[] {
  const message = l10n.t`This rule of the address asks for a ${protocolName(protocol)} port, which a ping has not.`;
  return finding('information', 'rule-asks-for-port', message, range);
}
