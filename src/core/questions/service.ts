import * as l10n from '@vscode/l10n';
import { formatAddress, sameAddress, type Address, withPort } from '../address';
import { list } from '../list';
import type { ProgrammedPort } from '../kubeproxy/programmed';
import type { NodeState } from '../node';
import type { Work } from '../work';
import { commentOf, rulesIn } from '../rules/lookUp';
import { unknownAnswer, type NodeAnswer } from './answer';
import { fatesOf, type Fate } from './fates';
import { commandsFor, quoted, rulesCommand } from './commands';
import { byEnd, givenOf, likely, startText, verdictsOf, wayText } from './ways';

/**
 * Does a Service answer from here: one sentence for each way in and each who goes there (the node itself,
 * a pod, a client outside), with where it ends, the rule that did it and the source that the pod sees.
 */
export function* askService(node: NodeState, port: ProgrammedPort): Work<readonly NodeAnswer[]> {
  const unasked = yield* byItsChains(port);
  return unasked ? [unasked] : (yield* fatesOf(node, port)).map((fate) => answerOf(port, fate));
}

/** Of a Service whose chains alone are at hand: where they lead, whoever asks them. */
function* byItsChains(one: ProgrammedPort): Work<NodeAnswer | undefined> {
  const { service, family = 4 } = one;
  const { entries, title, mode } = service;
  if (entries.length > 0) return undefined;
  const endpoints = yield* service.readEndpoints();
  const command = rulesCommand(mode, family);
  const question = l10n.t`Where does ${title} lead?`;
  const read = endpoints.map(({ address, port }) => withPort(address, port));
  const told = read.length > 0 ? read : endsInComments(one);
  if (told.length === 0) {
    const why = l10n.t`of its rules only ${list(service.chains)} is at hand`;
    return unknownAnswer(question, why, command);
  }
  const ends = list(told);
  const answer = l10n.t`Likely: its rules lead to ${ends}. \`${command}\` would tell whether they are asked.`;
  return { question, answer, certainty: 'likely', command, findings: [] };
}

/** `shop/edge:http -> 10.244.0.17:8080`, as kube-proxy writes since 1.24 where it chooses (writeServiceToEndpointRules). */
function endsInComments({ service, ruleset }: ProgrammedPort): readonly string[] {
  const nat = ruleset?.tables.get('nat');
  const chains = service.chains.flatMap((name) => nat?.chains.get(name) ?? []);
  const ends = chains.flatMap((chain) =>
    rulesIn(chain).flatMap((rule) => {
      const [, end] = commentOf(rule).split(' -> ');
      return end === undefined ? [] : [end];
    }),
  );
  return [...new Set(ends)];
}

function answerOf({ service }: ProgrammedPort, fate: Fate): NodeAnswer {
  const { asker, ways, usual } = fate;
  const { who, packet, entry } = asker;
  const verdicts = verdictsOf(ways);
  const { start, certainty } = usual ? likely(verdicts) : verdicts;
  const given = givenOf(ways);
  const isMadeUp = (address: Address) => usual?.madeUp.has(formatAddress(address)) === true;
  const isClient = (address: Address) =>
    packet.inInterface !== undefined && sameAddress(address, packet.source);
  const whose = (address: Address) =>
    isMadeUp(address) ? 'node' : isClient(address) ? 'client' : undefined;
  const texts = [
    ...new Set(
      byEnd(ways).map((way) =>
        start === 'Unknown' && way.verdict.kind === 'UNKNOWN'
          ? way.verdict.reason
          : wayText(way, whose),
      ),
    ),
  ];
  const more = texts.length > 6 ? l10n.t`; and ${texts.length - 6} ways more` : '';
  const [blocked] = ways.filter(({ verdict }) => verdict.kind !== 'ACCEPT' && verdict.range);
  const { family } = packet.destination;
  const commands = certainty === 'certain' ? [] : commandsFor(fate, { mode: service.mode, family });
  const decides = commands.length > 0 ? l10n.t` ${quoted(commands)} would decide it.` : '';
  const question =
    !entry.address && isMadeUp(packet.destination)
      ? l10n.t`Does ${service.title} answer ${who} at NodePort ${entry.port}?`
      : l10n.t`Does ${service.title} answer ${who} at ${withPort(packet.destination, entry.port)}?`;
  return {
    question,
    answer: `${startText(start)}: ${texts.slice(0, 6).join(l10n.t('; '))}${more}${given === undefined ? '' : l10n.t`, if ${given}`}.${decides}`,
    certainty,
    ...(commands[0] === undefined ? {} : { command: commands[0] }),
    findings: blocked?.verdict.range
      ? [
          {
            severity: 'information',
            code: 'way-ends',
            message: l10n.t`${blocked.verdict.kind}: ${blocked.verdict.reason}.`,
            range: blocked.verdict.range,
          },
        ]
      : [],
  };
}
