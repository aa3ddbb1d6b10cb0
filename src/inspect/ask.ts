import { parseArgs } from 'node:util';
import { errorText } from '../cluster/error';
import { parseAddress } from '../core/address';
import { askAgreement } from '../core/questions/agreement';
import { unknownAnswer, type NodeAnswer } from '../core/questions/answer';
import { reportMarkdown, type ReportLinks } from '../core/report/markdown';
import { movedAnswer, movedReport } from '../core/report/moved';
import { reportOf } from '../core/report/report';
import { finish } from '../core/work';
import { notProxied } from '../core/kubeproxy/absence';
import { modeOf } from '../core/kubeproxy/mode/judge';
import type { IndexedObjects } from '../core/objects/types';
import { rulesCommand } from '../core/questions/commands';
import { askExternalIps } from '../core/questions/externalIps';
import { askNodeToClusterIp } from '../core/questions/masquerade';
import { askNodePort } from '../core/questions/nodePort';
import { askPing } from '../core/questions/ping';
import type { NodeState } from '../core/node';
import { protocolNumber } from '../core/protocol';
import { missingOf } from './checkNode';
import { missingText } from './checkReport';
import { complain } from './complain';
import { readObjectsFolder } from './objectsFolder';
import type { Command } from './command';
import { readNodeFolder } from './nodeFiles';
import { print, printJson } from './print';

export const ask: Command = {
  help: `ask NODE_DIR [--ping ADDRESS] [--nodeport PORT[/udp]] [--service NAMESPACE/NAME]
        [--objects DIR] [--healthy NODE_DIR] [--json | --markdown]
    Answers what operators ask of a node, with the rules and rows that say so: is it in ipvs mode
    and do its parts agree (with the Services of --objects, one by one); do its connections to
    ClusterIPs get answers (compared with a healthy node); has kube-ipvs0 taken a node's own address;
    does a ping to an address answer; where does a NodePort go; does a Service answer from here. Answers
    begin with Yes, No, Likely or Unknown, or with where the packet goes; what is unknown names the
    command that would tell. --markdown is the whole report, for a ticket. NODE_DIR may be a support bundle (ARCHIVE, or ARCHIVE/NODE of
    several). Exit code 1 when something is wrong.`,

  async run(args) {
    const request = readArguments(args);
    if ('problem' in request) {
      complain(`${request.problem}\n\n${this.help}`);
      return 2;
    }
    try {
      const { state: node, unread, original } = await readNodeFolder(request.folder);
      const healthy =
        request.healthy === undefined ? undefined : (await readNodeFolder(request.healthy)).state;
      const objects =
        request.objects === undefined ? undefined : await readObjectsFolder(request.objects);
      const answers = [...request.questions.map((question) => question(node))];
      if (request.markdown || request.service !== undefined) {
        const { service } = request;
        const report = finish(reportOf(node, { objects, service }));
        if (request.markdown) {
          print(reportMarkdown(movedReport(report, original), plainLinks));
          return report.findings.some(({ severity }) => severity === 'error') ? 1 : 0;
        }
        answers.push(...report.answers);
        if (report.answers.length === 0) answers.push(absentAnswer(node, service!, objects));
      } else if (answers.length === 0) {
        answers.push(
          askAgreement(node, objects?.services),
          askNodeToClusterIp(node, healthy),
          askExternalIps(node, objects, healthy ? [healthy] : []),
        );
      }
      const placed = answers.map((answer) => movedAnswer(answer, original));
      const missing = missingText({ missing: missingOf(node), unread });
      const text = [...placed.map(answerText), missing.join('\n')].filter(Boolean).join('\n\n');
      if (request.json) printJson(placed);
      else print(text);
      const severe = answers.flatMap(({ findings }) => findings.map(({ severity }) => severity));
      return severe.includes('error') ? 1 : 0;
    } catch (error) {
      complain(error);
      return 2;
    }
  },
};

/** Of a Service that no rule at hand is about. */
function absentAnswer(
  node: NodeState,
  service: string,
  objects: IndexedObjects | undefined,
): NodeAnswer {
  const question = `Why does ${service} not answer?`;
  const [namespace = '', name = ''] = service.split(/[/:]/);
  const why = objects && notProxied(namespace, name, objects);
  if (why !== undefined) return { question, answer: why, certainty: 'certain', findings: [] };
  // Virtual servers have no names: the Services' addresses tell whose they are.
  const isNameless = node.ipvs !== undefined && !objects;
  const { mode } = modeOf(node);
  const rules = mode === undefined ? undefined : rulesCommand(mode, 4);
  const command = isNameless ? 'kubectl get services -A -o yaml' : rules;
  return unknownAnswer(question, `no rule at hand is about ${service}`, command);
}

interface AskRequest {
  readonly folder: string;
  readonly healthy?: string;
  readonly objects?: string;
  readonly json: boolean;
  readonly markdown: boolean;
  readonly service?: string;
  readonly questions: readonly ((node: NodeState) => NodeAnswer)[];
}

function readArguments(args: readonly string[]): AskRequest | { problem: string } {
  let parsed;
  try {
    const text = { type: 'string' } as const;
    const options = { ping: text, nodeport: text, objects: text, healthy: text, service: text };
    const flag = { type: 'boolean' } as const;
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...options, json: flag, markdown: flag },
    });
  } catch (error) {
    return { problem: errorText(error) };
  }
  const { values, positionals } = parsed;
  const [folder, ...others] = positionals;
  if (folder === undefined || others.length > 0) return { problem: 'Name one folder of dumps.' };
  const questions: ((node: NodeState) => NodeAnswer)[] = [];
  if (values.ping !== undefined) {
    const address = parseAddress(values.ping);
    if (!address) return { problem: '--ping is an address, as 10.96.0.1.' };
    questions.push((node) => askPing(node, address));
  }
  if (values.nodeport !== undefined) {
    const [text, name = 'tcp'] = values.nodeport.split('/');
    const [port, protocol] = [Number(text), protocolNumber(name)];
    if (!Number.isInteger(port) || port < 1 || port > 65535 || protocol === undefined) {
      return { problem: '--nodeport is PORT or PORT/PROTOCOL, as 30089 or 30053/udp.' };
    }
    questions.push((node) => askNodePort(node, { port, protocol }));
  }
  const { objects, healthy, service, json = false, markdown = false } = values;
  return { folder, objects, healthy, service, json, markdown, questions };
}

/** In a terminal and a ticket a place is its name. */
const plainLinks: ReportLinks = {
  place: ({ source, line }) => `(${source}:${line + 1})`,
  page: () => undefined,
};

function answerText({ question, answer, findings }: NodeAnswer): string {
  const lines = findings.map(({ severity, message, range }) => {
    // A step of a packet's way is no finding.
    const kind = severity === 'information' ? '' : `${severity}: `;
    return `  ${kind}${message}  (${range.source}:${range.line + 1})`;
  });
  return [`${question}\n  ${answer}`, ...lines].join('\n');
}
