import { list } from '../../describe/words';
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
    const both = `There are rules of ${list(seen.map((one) => one.mode))} mode`;
    if (!log?.mode) return unknown(`${both}: which of them are leftovers, the dumps don't tell.`);
    const said = `${both}; by its log, kube-proxy runs in mode ${log.mode.name}.`;
    return log.mode.name === mode ? applied(said, log.mode.range) : differs(said, log.mode.range);
  }
  if (first.mode !== mode) {
    return differs(`The rules are of ${first.mode} mode.`, first.range);
  }
  const left = mode === 'ipvs' ? 0 : virtualServers(node);
  const leftovers =
    left === 0
      ? ''
      : ` ${left === 1 ? '1 virtual server is' : `${left} virtual servers are`} left of ipvs mode.`;
  return applied(`The rules are of ${mode} mode.${leftovers}`, first.range);
};

function byLog(mode: string, { log, state }: ProxyNode): Outcome {
  if (log?.mode) {
    const said = `By its log, kube-proxy runs in mode ${log.mode.name}.`;
    return log.mode.name === mode ? applied(said, log.mode.range) : differs(said, log.mode.range);
  }
  const servers = state.ipvs?.virtualServers[0];
  if (servers) {
    return unknown(
      'There are virtual servers, but no rules that would show whether they are in use.',
      servers.range,
    );
  }
  return unknown('The dumps show no rules of kube-proxy.');
}

/** Virtual servers that nothing but IPVS itself holds, where the rules are of another mode. */
function virtualServers({ state }: ProxyNode): number {
  return modeOf(state).signs.find(({ kind }) => kind === 'virtual-servers')?.count ?? 0;
}
