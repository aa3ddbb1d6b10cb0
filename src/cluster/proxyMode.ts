import { modeSources, nftablesTable, type ProxyModeName } from '../core/kubeproxy/proxyMode';
import type { NodeDumps } from './cluster';

export interface ProxyMode {
  readonly name: ProxyModeName;
  /** The dump that tells. */
  readonly source: string;
}

/** Rules of one mode may be leftovers of a switch, so what kube-proxy says of itself counts first. */
export async function proxyMode({ dumps }: NodeDumps): Promise<ProxyMode | undefined> {
  const told = dumps.filter(({ problem, bytes }) => !problem && bytes > 0);
  for (const { file, mode } of modeSources) {
    for (const dump of told.filter(({ name }) => file.test(name))) {
      const found = mode.exec(await dump.read())?.[1];
      if (found) return { name: found as ProxyModeName, source: dump.name };
    }
  }
  return modeByRules(told);
}

async function modeByRules(dumps: NodeDumps['dumps']): Promise<ProxyMode | undefined> {
  const signs: readonly (readonly [ProxyMode['name'], RegExp, RegExp])[] = [
    ['ipvs', /^(proc-net-)?ip_vs|^ipvsadm/, /^(-A )?(TCP|UDP|SCTP|-t|-u)\s/m],
    ['nftables', /^nft/, nftablesTable],
    ['iptables', /^iptables.*save/, /^(\[\d+:\d+\] )?-A KUBE-SVC-/m],
  ];
  for (const [name, file, sign] of signs) {
    for (const dump of dumps.filter((candidate) => file.test(candidate.name))) {
      for await (const piece of dump.pieces()) {
        if (sign.test(piece)) return { name, source: dump.name };
      }
    }
  }
  return undefined;
}
