import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { findingsOf } from './checkText';

const sample = (path: string) => readFileSync(`samples/kubernetes-${path}`, 'utf8');
const listing = sample('1.36-nftables/node-a/nft-list-ruleset.txt').split(/^table ip6/m)[0]!;
const save = sample('1.36-iptables/node-a/iptables-save.txt');
const rows = sample('1.36-iptables/node-a/iptables-nat-L-nv.txt');
const servers = sample('1.36-ipvs/node-a/ipvsadm-Ln.txt');
const ofNat = ruleList(save);
const ipvsRows = sample('1.36-ipvs/node-a/iptables-nat-L-nv.txt');
const ofIpvsNat = ruleList(sample('1.36-ipvs/node-a/iptables-save.txt'));

/** What `iptables -t nat -S` prints where `iptables-save` prints this. */
function ruleList(saved: string): string {
  return /^\*nat\n[^]*?^COMMIT\n/m
    .exec(saved)![0]
    .replace(/^\*.*\n|^COMMIT\n/gm, '')
    .replace(/^:(\S+) (ACCEPT|DROP) .*$/gm, '-P $1 $2')
    .replace(/^:(\S+) - .*$/gm, '-N $1');
}

function grep(text: string, name: string): string {
  return text
    .split('\n')
    .filter((line) => line.includes(name))
    .join('\n');
}

/** What `grep -A2 -B1` leaves. */
function around(text: string, name: string): string {
  const lines = text.split('\n');
  const isKept = (i: number) =>
    lines.slice(Math.max(i - 2, 0), i + 2).some((line) => line.includes(name));
  return lines
    .flatMap((line, i) => {
      if (!isKept(i)) return [];
      return i > 0 && !isKept(i - 1) ? ['--', line] : [line];
    })
    .join('\n')
    .replace(/^--\n/, '');
}

/** The first part of a text, cut between two lines. */
function head(text: string, part: number): string {
  const lines = text.split('\n');
  return lines.slice(0, Math.floor(lines.length * part)).join('\n');
}

/** What `nft list chain ip kube-proxy NAME` prints. */
function block(name: string): string {
  const own = listing.split(/\n\n/).find((one) => one.trim().startsWith(`${name} {`));
  assert.ok(own, name);
  return `table ip kube-proxy {\n${own.replace(/^table .*\n/, '').replace(/\n\}\s*$/, '\n')}\n}`;
}

const one = (name: string): readonly [string, string] => [
  `nft list ${name.replace(' ', ' ip kube-proxy ')}`,
  block(name),
];
const list = 'iptables -t nat -nvL';

/** Commands of a healthy node, each with what it prints. */
const pastes: readonly (readonly (readonly [string, string])[])[] = [
  ...['map service-ips', 'map service-nodeports', 'set cluster-ips'].map((name) => [one(name)]),
  ...['services', 'masquerading', 'nat-prerouting'].map((name) => [one(`chain ${name}`)]),
  [one('chain nat-prerouting'), one('map service-ips')],
  [one('chain nat-postrouting'), one('chain services'), one('map service-nodeports')],
  ...['KUBE-NODEPORTS', 'MASQ', 'shop/edge', 'DNAT', '10.244.0.'].map(
    (name) => [[`${list} | grep ${name}`, grep(rows, name)]] as const,
  ),
  ...[0.2, 0.5, 0.8].map((part) => [[list, head(rows, part)]] as const),
  ...['KUBE-SERVICES', 'PREROUTING', 'KUBE-POSTROUTING', 'KUBE-NODEPORTS'].map(
    (name) => [[`iptables -t nat -S ${name}`, grep(ofNat, ` ${name} `)]] as const,
  ),
  ...[0.3, 0.6, 0.9].map((part) => [['iptables -t nat -S', head(ofNat, part)]] as const),
  // Within the chain that stands last: one of a Service, and KUBE-SERVICES.
  [['iptables -t nat -S', head(ruleList(sample('1.36-iptables/node-b/iptables-save.txt')), 0.8)]],
  ...[0.5, 0.8].map((part) => [['iptables -t nat -S', head(ofIpvsNat, part)]] as const),
  ...[0.8, 0.9].map((part) => [[list, head(ipvsRows, part)]] as const),
  ...['shop/dual', 'KUBE-SERVICES', 'MASQ', '30089', 'no endpoints'].map(
    (name) => [[`iptables-save | grep ${name}`, grep(save, name)]] as const,
  ),
  ...['edge', 'KUBE-MARK-MASQ', '10.244'].map(
    (name) => [[`${list} | grep -A2 -B1 ${name}`, around(rows, name)]] as const,
  ),
  [['ipvsadm -Ln', head(servers, 0.5)]],
];

/** What is said of the text itself. */
const ofText: ReadonlySet<string> = new Set(['table-incomplete', 'unknown-line']);

suite('findings in parts of what a healthy node prints', () => {
  for (const paste of pastes) {
    const commands = paste.map(([command]) => command).join(', ');
    const lines = paste.map(([, text]) => text.split('\n').length).join(' and ');
    for (const prompt of ['root@node-a:~# ', undefined]) {
      test(`${commands} (${lines} lines${prompt ? '' : ', alone'}) accuses nobody`, async () => {
        const text = paste
          .map(([command, printed]) => `${prompt ? `${prompt}${command}\n` : ''}${printed}\n`)
          .join('');
        const found = (await findingsOf({ 'paste.txt': text })).filter(
          ({ code, severity }) => severity !== 'information' && !ofText.has(code),
        );
        assert.deepEqual(
          found.map(({ code, message }) => `${code}: ${message}`),
          [],
        );
      });
    }
  }
});
