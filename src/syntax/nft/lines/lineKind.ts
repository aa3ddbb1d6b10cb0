/** What a line of an nft listing is, by itself: in what block it stands, the lines before it tell. */
export const lineKinds = [
  'blank',
  /** `# Warning: table ip nat is managed by iptables-nft, do not touch!` */
  'comment',
  /** A shell's prompt with a command. */
  'prompt',
  /** `....`: here somebody left lines out. */
  'cut',
  /** `table ip kube-proxy {` */
  'table',
  /** `chain services {` */
  'chain',
  /** `set cluster-ips {` */
  'set',
  /** `map service-ips {` */
  'map',
  /** `counter x {`, `ct helper ftp {`, `flowtable f {` */
  'object',
  /** `type nat hook prerouting priority dstnat; policy accept;` */
  'base',
  /** `elements = { 10.96.0.1,` */
  'elements',
  /** `}` */
  'close',
  /** `add rule ip nat postrouting masquerade` */
  'command',
  /** A rule, a property of a set, a further line of elements. */
  'text',
] as const;

export type LineKind = (typeof lineKinds)[number];

/** The kinds as numbers: `kindCode.table`. */
export const kindCode = Object.fromEntries(lineKinds.map((kind, i) => [kind, i])) as Readonly<
  Record<LineKind, number>
>;
