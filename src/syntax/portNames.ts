/**
 * The names of /etc/services that `iptables -L` without -n prints most in a cluster. Any other
 * name stays unread, and the rule unknown: a node may name ports as it likes.
 */
const ports: ReadonlyMap<string, number> = new Map([
  ['tcpmux', 1],
  ['ftp', 21],
  ['ssh', 22],
  ['telnet', 23],
  ['smtp', 25],
  ['domain', 53],
  ['bootps', 67],
  ['bootpc', 68],
  ['http', 80],
  ['kerberos', 88],
  ['pop3', 110],
  ['sunrpc', 111],
  ['ntp', 123],
  ['imap2', 143],
  ['snmp', 161],
  ['ldap', 389],
  ['https', 443],
  ['microsoft-ds', 445],
  ['syslog', 514],
  ['ldaps', 636],
  ['imaps', 993],
  ['mysql', 3306],
  ['postgresql', 5432],
  ['amqp', 5672],
  ['redis', 6379],
  ['http-alt', 8080],
]);

/** `80` or `http`. */
export function portNumber(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) ? Number(text) : ports.get(text);
}
