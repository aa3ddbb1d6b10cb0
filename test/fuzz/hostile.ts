import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Numbers that are the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const roots = [
  'samples/kubernetes-1.36-iptables/node-a',
  'samples/kubernetes-1.36-ipvs/node-a',
  'samples/kubernetes-1.36-nftables/node-a',
  'samples/kubernetes-1.36-iptables/objects',
  'test/fixtures/dumps',
  'test/fixtures/packet-trace',
];

function* filesIn(folder: string): Iterable<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (/\.(?:txt|ya?ml|json)$/.test(entry.name)) yield path;
  }
}

/** Lines of real texts of all kinds, some of each file. */
export function realLines(random: (below: number) => number, ofEach = 6): readonly string[] {
  const lines = new Set<string>();
  for (const root of roots) {
    for (const file of filesIn(root)) {
      const all = readFileSync(file, 'utf8').slice(0, 200_000).split('\n').filter(Boolean);
      for (let i = 0; i < ofEach && all.length > 0; i++) lines.add(all[random(all.length)]!);
    }
  }
  return [...lines];
}

/** Texts of one pathological form, each as long as asked: n is their length in characters, about. */
export interface Form {
  readonly name: string;
  text(n: number): string;
}

export const repeated = (unit: string): Form => ({
  name: `${JSON.stringify(unit.slice(0, 60))} again and again`,
  text: (n) => unit.repeat(Math.ceil(n / unit.length)),
});

/** After a beginning that a reader knows. */
export const after = (start: string, unit: string, end = ''): Form => ({
  name: `${JSON.stringify(start)} and ${JSON.stringify(unit)} again and again`,
  text: (n) => start + unit.repeat(Math.ceil(n / unit.length)) + end,
});

const units = ['a', ' ', '\t', '"', '\\', '"\\', "'", '!', ',', '-', ':', '/', '.', '0', '9', '#'];
const words = [
  'a ',
  'a,',
  'a=',
  '1-',
  '-a ',
  '! ',
  'a:',
  '1.',
  '::',
  '{ ',
  '} ',
  '[',
  '{"a":',
  '$ ',
];
const lineEnds = ['\r', '\r\n', '\n', '\n\n', ' \n', '\u2028', '\0'];

/** Forms that read nothing, or little, in many characters. */
export const plainForms: readonly Form[] = [
  ...units,
  ...words,
  ...lineEnds,
  '*nat\n',
  '-P INPUT ACCEPT\n',
  'COMMIT\n',
  'Chain X (1 references)\n',
  '$ iptables-save\n',
  'table ip a {\n',
  '---\n',
  '# a\r\n',
  '- &a [*a]\n',
  'a: {',
  '- - ',
  '| a | b | c |\n',
  '|---',
  '│ a │ b │\n',
  '+-A X -j Y\n-',
  '  1  -A X\n',
  'node-a | -A X -j Y\n',
  '> > > ',
  'a\b',
  '\u001b[',
  '\u001b]0;a',
  '"a\\n"+',
  '\\u003c\\n\\t',
  '&lt;a&gt;&amp;',
  '-A X -j Y -A Z -j W ',
  'table ip a { chain b { } } ',
  'root@node-a:~# ',
  '[root@node-b ~]$ a\n',
  '==> node-a <==\n',
  '<ipset name="a">',
  '<!-- ',
  '<![CDATA[',
  'trace id 1 ip a b rule x (verdict accept)\n',
  '[ 1.0] TRACE: raw:PREROUTING:policy:2 IN=eth0 OUT= SRC=1.1.1.1 DST=1.1.1.2\n',
  '{"nftables": ',
  '{"kind":"Service","metadata":{"name":"a"}}\n',
  '\u00a0-A\u00a0X\n',
].map(repeated);

export const begunForms: readonly Form[] = [
  after('-A X -m comment --comment "', 'a\\'),
  after('-A X -m comment --comment "', 'a '),
  after('*nat\n-A X ', '-m '),
  after('*nat\n-A X -p tcp -m multiport --dports ', '1,'),
  after('*nat\n-A X -m set --match-set S ', 'src,'),
  after('*nat\n:', 'X'),
  after('*nat\n-N ', 'X'),
  after('*nat\n', '-I X -j Y\n'),
  after('*nat\n', '-I X 1 -j Y\n'),
  after('*nat\n', ':X - [0:0]\n'),
  after('create S hash:ip,port,net\nadd S ', '1,'),
  after('create S list:set\n', 'add S S\n'),
  after('create S hash:net,net\n', 'add S 1.0.0.1-1.255.255.254,1.0.0.1-1.255.255.254\n'),
  after('Name: a\nType: hash:ip\nHeader: ', 'a '),
  after('TCP  10.0.0.1:80 rr ', '('),
  after('1: lo: <', 'UP,'),
  after('1: lo: <UP>\n', '    inet 127.0.0.1/8 scope host lo\n'),
  after('1.0.0.0/8 ', 'nexthop via 10.0.0.1 dev a weight 1 '),
  after('default ', 'via '),
  after('0: from all ', 'lookup '),
  after('table ip a { chain b { ', '{ '),
  after('table ip a {\n\tchain b {\n\t\t', 'ip saddr '),
  after('table ip a {\n\tset b {\n\t\telements = { ', '1.1.1.1 . ', '} } }'),
  after('table ip a {\n\tset b {\n\t\telements = { ', '1.1.1.1, '),
  after('table ip a {\n\tchain b {\n', '\t\tip daddr { 1.1.1.1, '),
  after('table ip a {\n\tchain b {\n\t\tct state ', '( '),
  after('table ip a {\n\tchain b {\n\t\tmeta mark set ', 'meta mark | '),
  after('{"nftables":', '[', ''),
  after(
    '{"nftables":[{"rule":{"family":"ip","table":"a","chain":"b","expr":[',
    '{"match":{"left":',
    '',
  ),
  after('[{"ifname":"a","addr_info":', '[{"a":'),
  after('TRACE: 2 ', 'a '),
  after('TRACE: raw:PREROUTING:rule:1 ', 'IN=a '),
  after('trace id 1 ip a b packet: ', 'ip saddr 1.1.1.1 '),
  after('tcp      6 10 ESTABLISHED ', 'src=1.1.1.1 '),
  after('a: &a [1]\n', 'b: *a\n'),
  after('a: ', '['),
  after('a: "', '\\x'),
  after('a: |\n', '  a\n'),
  after('apiVersion: v1\nkind: List\nitems:\n', '- kind: Service\n'),
  after('apiVersion: v1\nkind: ConfigMap\ndata:\n  config.conf: |\n', '    mode: ipvs\n'),
  after('<<: ', '[{<<: '),
  after('```\n', '# a\n```\n'),
  // Tables of kubectl, cells, diffs, pagers, numbers and escapes around what was pasted.
  after(
    'NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE\n',
    'a ClusterIP 10.96.0.1 <none> 80/TCP 1d\n',
  ),
  after(
    'NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE\na ClusterIP 10.96.0.1 <none> ',
    '80:30080/TCP,',
  ),
  after('NAME ENDPOINTS AGE\na ', '10.0.0.1:80,'),
  after('NAME   READY   AGE\n', '                '),
  after('Name: a\nNamespace: b\nEndpoints: ', '10.0.0.1:80,'),
  after('@@ -1,3 +1,4 @@\n', ' a\n+b\n-c\n'),
  after('*nat :PREROUTING ACCEPT [0:0] ', '-A PREROUTING -j X '),
  after('table ip a { set b { type ipv4_addr; elements = { ', '10.0.0.1 : drop, '),
  // XML of ipset, JSON of nft, traces.
  after(
    '<ipsets>\n<ipset name="a"><type>hash:ip</type><members>',
    '<member><elem>10.0.0.1</elem></member>',
  ),
  after('<ipsets><ipset name="a"><members>', '<elem>'),
  after('<ipset ', 'name="a" '),
  after('<ipset name="', '&amp;'),
  after(
    '{"nftables":[{"set":{"family":"ip","table":"a","name":"s","type":"x","elem":[',
    '"1.1.1.1",',
  ),
  after(
    '{"nftables":[{"set":{"family":"ip","table":"a","name":"s","type":"x","elem":[{"concat":[',
    '"1.1.1.1",',
  ),
  after('TRACE: 2 1 nat:A:rule:1:', 'x:y:'),
];

/** Of each real line: itself many times, in lines of its own and in one, and one of its words many times. */
export function formsOfLines(
  lines: readonly string[],
  random: (below: number) => number,
): readonly Form[] {
  return lines.flatMap((line) => {
    const parts = line.split(/(?<=[\s,:/=])/);
    const at = random(parts.length);
    const part = parts[at]!;
    const start = parts.slice(0, at).join('');
    const rest = parts.slice(at + 1).join('');
    return [
      repeated(`${line}\n`),
      repeated(`${line} `),
      {
        ...after(start, part, rest),
        name: `${JSON.stringify(line.slice(0, 80))} with ${JSON.stringify(part.slice(0, 40))} many times`,
      },
    ];
  });
}

/** A real line with some of its characters lost, doubled or exchanged. */
export function mutated(line: string, random: (below: number) => number): string {
  const odd = [
    '"',
    '\\',
    ' ',
    '\t',
    '\0',
    '!',
    ',',
    '-',
    '/',
    ':',
    '[',
    '{',
    '}',
    '9',
    '\ud800',
    '\u202e',
  ];
  let text = line;
  for (let times = 1 + random(4); times > 0; times--) {
    const at = random(text.length + 1);
    const length = random(6);
    const what = random(4);
    const piece =
      what === 0
        ? ''
        : what === 1
          ? odd[random(odd.length)]!
          : text.slice(at, at + length).repeat(1 + random(3));
    text = text.slice(0, at) + piece + text.slice(at + (what === 3 ? 0 : length));
  }
  return text;
}
