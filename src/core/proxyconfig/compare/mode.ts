import * as l10n from '@vscode/l10n';
import { list } from '../../list';
import type { ProxyNode } from '../node';
import { modeOf, modesInForce } from '../../kubeproxy/mode/judge';
import { applied, differs, unknown, type Compare, type Outcome } from './comparison';

/** `mode` against the rules that are in force, and what kube-proxy's log says it started with. */
export const compareMode: Compare = ({ mode }, node) => {
  if (mode === undefined) return undefined;
  const seen = modesInForce(node.state);
  const [first] = seen;
  const { log } = node;
  if (!first) return byLog(mode, node);
  if (seen.length > 1) {
    const modes = list(seen.map((one) => one.mode));
    if (!log?.mode) {
      const text = l10n.t`There are rules of ${modes} mode; kube-proxy's log, which would show which are leftovers, is missing.`;
      return unknown(text);
    }
    const said = l10n.t`There are rules of ${modes} mode; by its log, kube-proxy runs in mode ${log.mode.name}.`;
    return log.mode.name === mode ? applied(said, log.mode.range) : differs(said, log.mode.range);
  }
  if (first.mode !== mode) {
    return differs(l10n.t`The rules are of ${first.mode} mode.`, first.range);
  }
  const left = mode === 'ipvs' ? 0 : virtualServers(node);
  return applied(l10n.t`The rules are of ${mode} mode.${leftovers(left)}`, first.range);
};

function leftovers(servers: number): string {
  if (servers === 0) return '';
  return servers === 1
    ? l10n.t(' 1 virtual server is left of ipvs mode.')
    : l10n.t` ${servers} virtual servers are left of ipvs mode.`;
}

function byLog(mode: string, { log, state }: ProxyNode): Outcome {
  if (log?.mode) {
    const said = l10n.t`By its log, kube-proxy runs in mode ${log.mode.name}.`;
    return log.mode.name === mode ? applied(said, log.mode.range) : differs(said, log.mode.range);
  }
  const servers = state.ipvs?.virtualServers[0];
  if (servers) {
    return unknown(
      l10n.t('There are virtual servers, but no rules that would show whether they are in use.'),
      servers.range,
    );
  }
  return unknown(l10n.t('The dumps hold no rules of kube-proxy.'));
}

/** Virtual servers that nothing but IPVS itself holds, where the rules are of another mode. */
function virtualServers({ state }: ProxyNode): number {
  return modeOf(state).signs.find(({ kind }) => kind === 'virtual-servers')?.count ?? 0;
}
