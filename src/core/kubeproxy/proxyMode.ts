/** The modes of kube-proxy on Linux (pkg/proxy/apis/config/types.go; userspace is gone since 1.26). */
export type ProxyModeName = 'iptables' | 'ipvs' | 'nftables' | 'userspace';

/** kube-proxy's mode as it says itself. */
export interface ToldMode {
  readonly name: ProxyModeName;
  /** The file that tells. */
  readonly source: string;
  /** By the running process, or by what it was to be started with. */
  readonly says: 'runs' | 'configured';
}

/** A text in which kube-proxy's mode stands. */
export interface ModeSource {
  /** By the file's name in a node's folder. */
  readonly file: RegExp;
  /** What that kind of file is called where its content tells (`DumpKind`). */
  readonly kind?: string;
  /** Its first group is the mode. */
  readonly mode: RegExp;
  readonly says: ToldMode['says'];
}

/**
 * What kube-proxy says of itself, the surest first: the answer of /proxyMode, that of /configz, its
 * configuration, its flags and its log. An empty mode there means its default, which is not said.
 */
export const modeSources: readonly ModeSource[] = [
  {
    file: /^proxyMode/,
    kind: 'kube-proxy-mode',
    mode: /^\s*(iptables|ipvs|nftables|userspace)\s*$/,
    says: 'runs',
  },
  {
    file: /^configz\.json/,
    mode: /"mode":\s*"(iptables|ipvs|nftables|userspace)"/i,
    says: 'runs',
  },
  {
    file: /^kube-proxy[\w.-]*\.ya?ml/,
    kind: 'kube-proxy-config',
    mode: /^mode:\s*"?(iptables|ipvs|nftables|userspace)\b/m,
    says: 'configured',
  },
  {
    file: /^kube-proxy\.args/,
    mode: /--proxy-mode[= \n](iptables|ipvs|nftables|userspace)\b/,
    says: 'configured',
  },
  {
    // `"Using nftables Proxier"`, before 1.22 `Using ipvs Proxier.` (cmd/kube-proxy/app)
    file: /^kube-proxy[\w.-]*\.log/,
    kind: 'kube-proxy-log',
    mode: /\bUsing (iptables|ipvs|nftables|userspace) Proxier\b/,
    says: 'runs',
  },
];
