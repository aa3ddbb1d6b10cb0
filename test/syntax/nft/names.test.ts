import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { listingOf } from '../../language/nft/listing';

const text = readFileSync('test/fixtures/nft/kube-proxy-1.36/nft-list-ruleset.txt', 'utf8');
const lines = text.split('\n');

suite('nft: names of a listing', () => {
  const { names, blocks } = listingOf(text);
  const at = (line: string, part: string) => {
    const number = lines.findIndex((each) => each.includes(line));
    return names.at(number, lines[number]!.indexOf(part) + 1);
  };

  test('from an element to its chain, and from a chain to its uses', () => {
    const chain = at('10.96.0.10 . tcp . 53 : goto', 'service-NWBZK7IH');
    assert.equal(chain?.kind, 'chain');
    assert.match(
      lines[chain.block!.line]!,
      /chain service-NWBZK7IH-kube-system\/kube-dns\/tcp\/dns-tcp \{/,
    );
    assert.ok(names.uses(chain).some(({ line }) => lines[line]!.includes('10.96.0.10 . tcp . 53')));
    const set = at('ip daddr @cluster-ips ip saddr', '@cluster-ips');
    assert.equal(set?.block?.name, 'cluster-ips');
    assert.equal(names.uses(set).length, 2);
  });

  test('the same name in the other family is another chain', () => {
    const [ip, ip6] = blocks.tables;
    const [first, second] = [ip, ip6].map((table) => names.find('chain', table!, 'services'));
    assert.notEqual(first?.block?.line, second?.block?.line);
    assert.ok(names.uses(first!).every(({ line }) => line < ip!.end));
  });

  test('nothing of a whole table is undeclared; a cut name is', () => {
    for (const table of blocks.tables) assert.deepEqual([...names.undeclared(table)], []);
    const cut = listingOf(
      'table ip a {\n\tchain b {\n\t\tjump c\n\t\tip daddr @d drop comment "jump e"\n\t}\n}',
    );
    const [table] = cut.blocks.tables;
    assert.deepEqual(
      [...cut.names.undeclared(table!)].map(({ kind, name }) => `${kind} ${name}`),
      [...['chain c', 'set d']],
    );
  });

  test('objects and flowtables are names as chains are, each kind for itself', () => {
    const text = [
      'table inet t {',
      '\tcounter web {',
      '\t\tpackets 12 bytes 720',
      '\t}',
      '\tquota web {',
      '\t\tover 100 mbytes used 0 bytes',
      '\t}',
      '\tct helper ftp-standard {',
      '\t\ttype "ftp" protocol tcp',
      '\t}',
      '\tflowtable fast {',
      '\t\thook ingress priority filter',
      '\t}',
      '\tchain c {',
      '\t\ttcp dport 80 counter name "web" comment "quota name web"',
      '\t\ttcp dport 21 ct helper set "ftp-standard" flow add @fast',
      '\t\tquota name iifname map { "eth0" : "web", "eth1" : "gone" } @th,16,16 53',
      '\t}',
      '}',
    ];
    const { names, blocks } = listingOf(text.join('\n'));
    const lineOf = (part: string) => text.findIndex((line) => line.includes(part));
    const at = (part: string, word: string) => {
      const line = lineOf(part);
      const found = names.at(line, text[line]!.lastIndexOf(word) + 1);
      return found && [found.kind, found.name, found.block?.line, names.uses(found).length];
    };
    assert.deepEqual(at('counter name', '"web" c'), ['counter', 'web', lineOf('counter web'), 1]);
    assert.deepEqual(at('quota name iif', 'web'), ['quota', 'web', lineOf('quota web'), 1]);
    assert.deepEqual(at('ct helper set', 'ftp-'), [
      ...['ct helper', 'ftp-standard', lineOf('ct helper ftp'), 1],
    ]);
    assert.deepEqual(at('flow add', 'fast'), ['flowtable', 'fast', lineOf('flowtable fast'), 1]);
    assert.deepEqual(at('flowtable fast', 'fast'), at('flow add', 'fast'));
    assert.deepEqual(at('quota name iif', 'eth0'), undefined);
    assert.deepEqual(
      [...names.undeclared(blocks.tables[0]!)].map(({ kind, name }) => `${kind} ${name}`),
      ['quota gone'],
    );
  });

  test('what the elements of a map name are uses of objects', () => {
    const text = [
      'table inet t {',
      '\tcounter web {',
      '\t\tpackets 12 bytes 720',
      '\t}',
      '\tmap ports {',
      '\t\ttype inet_service : counter',
      '\t\tflags interval',
      '\t\telements = { 80 comment "a : " : "web",',
      '\t\t\t     443-444 : "gone" }',
      '\t}',
      '\tmap names {',
      '\t\ttype ifname : mark',
      '\t\telements = { "a" comment ": counter" : 0x00000001, "web" : 0x00000002 }',
      '\t}',
      '\tchain c {',
      '\t\tcounter name tcp dport map @ports',
      '\t\tcounter name tcp dport map { 80 comment ": " : "web" }',
      '\t}',
      '}',
    ];
    const { names, blocks } = listingOf(text.join('\n'));
    const place = (part: string, word: string): [line: number, column: number] => {
      const line = text.findIndex((each) => each.includes(part));
      return [line, text[line]!.lastIndexOf(word) + 1];
    };
    const web = names.at(...place('elements = { 80', 'web'));
    assert.equal(web?.block?.line, 1);
    assert.deepEqual(
      names.uses(web).map(({ line, start, end }) => [line, text[line]!.slice(start, end)]),
      [
        [7, 'web'],
        [16, 'web'],
      ],
    );
    assert.equal(names.at(...place('"web" : 0x', 'web')), undefined);
    assert.deepEqual(
      [...names.undeclared(blocks.tables[0]!)].map(({ kind, name }) => `${kind} ${name}`),
      ['counter gone'],
    );
  });
});
