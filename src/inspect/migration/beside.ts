import { finish } from '../../core/work';
import { savedRules } from '../../syntax/expected/savedRules';

/**
 * kube-proxy's rules put into those of the host, as it does at its start: its jumps stand before
 * what built-in chains hold, and their policies stay.
 */
export function withBeside(own: string, beside: string): string {
  if (beside === '') return own;
  const policies = new Map([...beside.matchAll(/^:(\S+) (\S+) /gm)].map(([, c, p]) => [c!, p!]));
  const hosts = finish(savedRules(beside.split('\n'))).get('filter') ?? new Map<string, never>();
  const lines = (own === '' ? emptyFilter : own).split('\n');
  const start = lines.indexOf('*filter');
  const end = lines.indexOf('COMMIT', start);
  const filter = lines.slice(start, end).map((line) => {
    const [, chain] = /^:(\S+) ACCEPT/.exec(line) ?? [];
    const policy = chain === undefined ? undefined : policies.get(chain);
    return policy === undefined ? line : line.replace('ACCEPT', policy);
  });
  for (const [chain, rules] of hosts) {
    for (const { text } of rules) filter.push(`-A ${chain} ${text}`);
  }
  return [...lines.slice(0, start), ...filter, ...lines.slice(end)].join('\n');
}

const emptyFilter =
  '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n';
