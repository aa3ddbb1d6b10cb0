import type { NodeDumps } from './cluster';

export interface ProxyMode {
  readonly name: 'iptables' | 'ipvs' | 'nftables' | 'userspace';
  /** The dump that tells. */
  readonly source: string;
}

/** Rules of one mode may be leftovers of a switch, so what kube-proxy says of itself counts first. */
export async function proxyMode({ dumps }: NodeDumps): Promise<ProxyMode | undefined> {
  const told = dumps.filter(({ problem, bytes }) => !problem && bytes > 0);
  const read = async (pattern: RegExp, mode: RegExp): Promise<ProxyMode | undefined> => {
    for (const dump of told.filter(({ name }) => pattern.test(name))) {
      const found = mode.exec(await dump.read())?.[1];
      if (found) return { name: found as ProxyMode['name'], source: dump.name };
    }
    return undefined;
  };
  return (
    (await read(/^proxyMode/, /^\s*(iptables|ipvs|nftables|userspace)\s*$/)) ??
    (await read(/^configz\.json/, /"mode":\s*"(iptables|ipvs|nftables|userspace)"/i)) ??
    (await read(/^kube-proxy[\w.-]*\.ya?ml/, /^mode:\s*"?(iptables|ipvs|nftables|userspace)\b/m)) ??
    (await read(/^kube-proxy\.args/, /--proxy-mode[= \n](iptables|ipvs|nftables|userspace)\b/)) ??
    modeByRules(told)
  );
}

async function modeByRules(dumps: NodeDumps['dumps']): Promise<ProxyMode | undefined> {
  const signs: readonly (readonly [ProxyMode['name'], RegExp, RegExp])[] = [
    ['ipvs', /^(proc-net-)?ip_vs|^ipvsadm/, /^(-A )?(TCP|UDP|SCTP|-t|-u)\s/m],
    ['nftables', /^nft/, /^table ip6? kube-proxy\b/m],
    ['iptables', /^iptables.*save/, /^(\[\d+:\d+\] )?-A KUBE-SVC-/m],
  ];
  for (const [name, file, sign] of signs) {
    for (const dump of dumps.filter((candidate) => file.test(candidate.name))) {
      if (sign.test(await dump.read())) return { name, source: dump.name };
    }
  }
  return undefined;
}
