/**
 * Targets of iptables-extensions(8) and the verdicts of iptables(8): a jump to any other name is a
 * jump to a chain. A chain of such a name wins where the table has one, as in iptables.
 */
export const targetNames: ReadonlySet<string> = new Set([
  ...['ACCEPT', 'DROP', 'QUEUE', 'RETURN'],
  ...['AUDIT', 'CHECKSUM', 'CLASSIFY', 'CLUSTERIP', 'CONNMARK', 'CONNSECMARK', 'CT', 'DNAT'],
  ...['DNPT', 'DSCP', 'ECN', 'HL', 'HMARK', 'IDLETIMER', 'LED', 'LOG', 'MARK', 'MASQUERADE'],
  ...['MIRROR', 'NETMAP', 'NFLOG', 'NFQUEUE', 'NOTRACK', 'RATEEST', 'REDIRECT', 'REJECT'],
  ...['SAME', 'SECMARK', 'SET', 'SNAT', 'SNPT', 'SYNPROXY', 'TCPMSS', 'TCPOPTSTRIP', 'TEE'],
  ...['TOS', 'TPROXY', 'TRACE', 'TTL', 'ULOG'],
]);
