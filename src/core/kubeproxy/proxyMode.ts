/** The modes of kube-proxy on Linux (pkg/proxy/apis/config/types.go; userspace is gone since 1.26). */
export type ProxyModeName = 'iptables' | 'ipvs' | 'nftables' | 'userspace';

/** A text in which kube-proxy's mode stands. */
export interface ModeSource {
  /** By the file's name in a node's folder. */
  readonly file: RegExp;
  /** What that kind of file is called where its content tells (`DumpKind`). */
  readonly kind?: string;
  /** Its first group is the mode. */
  readonly mode: RegExp;
}

/**
 * What kube-proxy says of itself, the surest first: the answer of /proxyMode, that of /configz, its
 * configuration and its flags. An empty mode there means its default, which is not said.
 */
export const modeSources: readonly ModeSource[] = [
  {
    file: /^proxyMode/,
    kind: 'kube-proxy-mode',
    mode: /^\s*(iptables|ipvs|nftables|userspace)\s*$/,
  },
  { file: /^configz\.json/, mode: /"mode":\s*"(iptables|ipvs|nftables|userspace)"/i },
  {
    file: /^kube-proxy[\w.-]*\.ya?ml/,
    kind: 'kube-proxy-config',
    mode: /^mode:\s*"?(iptables|ipvs|nftables|userspace)\b/m,
  },
  { file: /^kube-proxy\.args/, mode: /--proxy-mode[= \n](iptables|ipvs|nftables|userspace)\b/ },
];

/** kube-proxy's own table in nftables mode: `table ip kube-proxy {`. */
export const nftablesTable = /^table ip6? kube-proxy\b/m;
