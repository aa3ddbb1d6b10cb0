/**
 * Targets of iptables that always let the packet go on (they return XT_CONTINUE) and change nothing
 * that a trace follows: the queueing class, the security mark, a copy by another route, a counter, a
 * lamp, bits of TCP's options. ECN and TCPOPTSTRIP drop only a packet that can't be written. Of
 * net/netfilter/xt_*.c and net/ipv4/netfilter/ipt_*.c; ACCOUNT, LOGMARK of xtables-addons.
 */
export const passingTargets: ReadonlySet<string> = new Set([
  ...['ACCOUNT', 'CLASSIFY', 'CONNSECMARK', 'ECN', 'IDLETIMER', 'LED', 'LOGMARK', 'RATEEST'],
  ...['SECMARK', 'TCPOPTSTRIP', 'TEE', 'ULOG'],
]);
