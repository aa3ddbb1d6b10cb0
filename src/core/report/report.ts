import * as l10n from '@vscode/l10n';
import type { Finding } from '../finding';
import { checkOf } from '../findings/all';
import { findingsByService } from '../findings/byService';
import { checkNode } from '../findings/checkNode';
import { notProxied } from '../kubeproxy/absence';
import type { ModeJudgement } from '../kubeproxy/mode/sign';
import { releaseOf } from '../kubeproxy/release/judge';
import { formatReleases, type ReleaseRange } from '../kubeproxy/release/sign';
import { programmed, type ProgrammedPort } from '../kubeproxy/programmed';
import { serviceName } from '../kubeproxy/serviceId';
import type { MissingPart, NodeState } from '../node';
import type { ClusterObjects, ObjectIndex } from '../objects/types';
import { askAgreement } from '../questions/agreement';
import type { NodeAnswer } from '../questions/answer';
import { askExternalIps } from '../questions/externalIps';
import { askNodeToClusterIp } from '../questions/masquerade';
import { askNodePort } from '../questions/nodePort';
import { askPing } from '../questions/ping';
import { askService } from '../questions/service';
import type { Work } from '../work';
import { unreadCodes, verdictOf } from './verdict';
import { withoutEndpoint } from './withoutEndpoint';

/** All that is to be said of a node, or of one Service on it. */
export interface Report {
  readonly title: string;
  readonly node: string;
  readonly mode: ModeJudgement;
  /** What is wrong, or that nothing is. */
  readonly verdict: string;
  /** Whether that is all: nothing is wrong, the dumps were read in full and tell the mode. */
  readonly isFine: boolean;
  /** Codes of findings that are about the texts: of what could not be read, and breaks no traffic. */
  readonly unread: ReadonlySet<string>;
  /** Of the node: Service ports that no endpoint serves, where kube-proxy refuses or drops by right. */
  readonly unanswered: readonly string[];
  /** Which releases of kube-proxy may have written the rules, and by which signs. */
  readonly release?: string;
  /** Of the node, or of the Service. */
  readonly findings: readonly Finding[];
  /** Of a Service: what is wrong with all of the node, errors and warnings. */
  readonly around: readonly Finding[];
  /** What is to be seen to before Kubernetes 1.40. */
  readonly upgrade: readonly Finding[];
  readonly answers: readonly NodeAnswer[];
  /** What no dump tells, with the command that would. */
  readonly missing: readonly MissingPart[];
}

export interface ReportRequest {
  readonly objects?: ClusterObjects & ObjectIndex;
  /** `namespace/name`, with or without a port's name: of that Service alone. */
  readonly service?: string;
  /** What is wrong with the node, where that is known already. */
  readonly findings?: readonly Finding[];
}

/** "What is wrong here?": findings, the questions of operators, and what is missing to say more. */
export function* reportOf(
  node: NodeState,
  { objects, service, findings: known }: ReportRequest,
): Work<Report> {
  const all = known ?? (yield* checkNode(node, { objects }));
  const what = yield* programmed(node, objects?.services);
  const ports = service === undefined ? [] : what.ports.filter((port) => isOf(port, service));
  const isUpgrade = ({ code }: Finding) => checkOf(code)?.group === 'ready-for-1.40';
  const faults = all.filter((one) => !isUpgrade(one));
  const by = yield* findingsByService(faults, what.ports);
  const findings = service === undefined ? faults : ownFindings(by.services, ports, service);
  const around =
    service === undefined ? [] : by.node.filter(({ severity }) => severity !== 'information');
  const answers: NodeAnswer[] = [];
  if (service === undefined) {
    answers.push(askAgreement(node, objects?.services));
    if (what.mode.mode !== 'iptables' && what.mode.mode !== 'nftables') {
      answers.push(askNodeToClusterIp(node), askExternalIps(node, objects));
    }
  }
  for (const port of ports) {
    yield undefined;
    for (const one of [...questionsOf(node, port), ...(yield* askService(node, port))]) {
      // The ports of a Service have one address to ping.
      if (!answers.some(({ question }) => question === one.question)) answers.push(one);
    }
  }
  const missing = node.missing ?? [];
  const release = yield* releaseOf(node);
  const verdict = verdictOf(node, {
    mode: what.mode,
    findings: [...findings, ...around],
    answers,
    ...(service !== undefined && ports.length === 0 && { absent: absence(service, objects) }),
  });
  return {
    title: service === undefined ? node.name : l10n.t`${service} on ${node.name}`,
    node: node.name,
    mode: what.mode,
    verdict: verdict.text,
    isFine: verdict.isFine,
    unanswered: service === undefined ? yield* withoutEndpoint(node, what.ports) : [],
    ...(release && { release: releaseText(release) }),
    findings,
    around,
    upgrade: service === undefined ? all.filter(isUpgrade) : [],
    answers,
    missing,
    unread: unreadCodes(node),
  };
}

/** That no rule is about a Service, and why, where the objects tell. */
function absence(wanted: string, objects: ObjectIndex | undefined): string {
  const [namespace = '', name = ''] = wanted.split(/[/:]/);
  const why = objects && notProxied(namespace, name, objects);
  return [
    l10n.t('No rule at hand is about this Service.'),
    ...(why === undefined ? [] : [why]),
  ].join(' ');
}

function ownFindings(
  by: ReadonlyMap<string, readonly Finding[]>,
  ports: readonly ProgrammedPort[],
  service: string,
): readonly Finding[] {
  const names = new Set([service, ...ports.map((port) => serviceName(port.service))]);
  return [...names].flatMap((name) => by.get(name) ?? []);
}

function releaseText(release: ReleaseRange): string {
  const signs = release.signs.map(({ text }) => text).join(l10n.t('; '));
  return l10n.t`kube-proxy ${formatReleases(release)} writes such rules${signs === '' ? '' : l10n.t`: ${signs}`}.`;
}

function isOf({ service }: ProgrammedPort, wanted: string): boolean {
  return service.title === wanted || serviceName(service) === wanted;
}

function questionsOf(
  node: NodeState,
  { service, family: ofRules }: ProgrammedPort,
): readonly NodeAnswer[] {
  const { entries, protocol } = service;
  const clusterIp = entries.find(({ kind, address }) => kind === 'cluster-ip' && address)?.address;
  const nodePort = entries.find(({ kind }) => kind === 'node-port');
  const family = ofRules ?? nodePort?.address?.family;
  return [
    ...(clusterIp ? [askPing(node, clusterIp)] : []),
    ...(nodePort ? [askNodePort(node, { port: nodePort.port, protocol, family })] : []),
  ];
}
