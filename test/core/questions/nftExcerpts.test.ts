import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { checkNode } from '../../../src/core/findings/checkNode';
import { programmed } from '../../../src/core/kubeproxy/programmed';
import { askNodePort } from '../../../src/core/questions/nodePort';
import { askService } from '../../../src/core/questions/service';
import { finish } from '../../../src/core/work';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';
import { nodeOf } from '../flow/sampleNode';

const listing = readFileSync(
  'samples/kubernetes-1.36-nftables/node-a/nft-list-ruleset.txt',
  'utf8',
);
const [ipv4, ipv6] = listing.split(/^table ip6 kube-proxy \{\n/m);

/** `chain NAME { ... }` or `map NAME { ... }`, as they stand in a listing, without their table. */
function blocks(from: string, name: RegExp): string {
  const all = from.split(/\n\n/).filter((block) => name.test(block.trim().split('\n')[0]!));
  return `${all.join('\n\n')}\n`;
}

async function answers(text: string, title: string) {
  const { node } = await nodeOf(new Map([['excerpt.txt', text]]));
  const own = finish(programmed(node)).ports.filter(({ service }) => service.title === title);
  return own.flatMap((port) => finish(askService(node, port)));
}

suite("questions answered from excerpts of kube-proxy's table of nftables mode", () => {
  test('maps and chains without their table: the chains that ask them are taken to be there', async () => {
    const text = blocks(ipv4!, /^(map service-|chain .*shop\/edge\/tcp)/);
    const all = await answers(text, 'shop/edge:http');
    assert.equal(all.length, 5);
    for (const { answer, command } of all) {
      assert.match(answer, /^Likely: 50 % to 10\.244\.0\.17:8080, .*50 % to 10\.244\.0\.18:8080/);
      assert.equal(command, 'nft list ruleset');
    }
    const { node } = await nodeOf(new Map([['excerpt.txt', text]]));
    assert.match(
      askNodePort(node, { port: 31080 }).answer,
      /^Likely: by shop\/edge:http to 10\.244/,
    );
  });

  test('maps alone: the chain that they lead to is not at hand', async () => {
    const [first] = await answers(blocks(ipv4!, /^map service-/), 'shop/edge:http');
    assert.match(first!.answer, /^Unknown: the dump has no chain service-KD2G2ZC4-/);
    assert.equal(first!.command, 'nft list ruleset');
  });

  /** `nft list ruleset | grep NAME`, as pasted from a terminal. */
  function grepped(from: string, name: string): string {
    const lines = from.split('\n').filter((line) => line.includes(name));
    return `root@node-a:~# nft list ruleset | grep ${name}\n${lines.join('\n')}\n`;
  }

  test('`nft list ruleset | grep NAME`: the elements are of the maps that kube-proxy has for such', async () => {
    // With session affinity, as all of 1.31 and before: the names of the endpoints' chains tell where they send.
    const all = await answers(grepped(ipv4!, 'shop/cart'), 'shop/cart:grpc');
    assert.deepEqual(
      all.map(({ question }) => question),
      ['a pod', 'this node'].map(
        (who) => `Does shop/cart:grpc answer ${who} at 10.99.123.249:9000?`,
      ),
    );
    for (const { answer } of all) {
      assert.match(
        answer,
        /^Likely: 33\.3 % to 10\.244\.0\.10:9000, .*; 33\.3 % to 10\.244\.1\.9:9000, which sees/,
      );
    }
  });

  test('the same of a Service whose endpoints stand in a rule without its name: that chain is not at hand', async () => {
    const [first] = await answers(grepped(ipv4!, 'shop/edge/'), 'shop/edge:http');
    assert.match(first!.answer, /^Unknown: the dump has no chain service-KD2G2ZC4-shop\/edge/);
    assert.equal(first!.command, 'nft list ruleset');
    const around = ipv4!
      .split('\n')
      .flatMap((line, i, lines) =>
        line.includes('shop/edge/') ? ['--', ...lines.slice(i, i + 9)] : [],
      );
    const text = `# nft list ruleset | grep -A8 shop/edge/\n${around.join('\n')}\n`;
    const all = await answers(text, 'shop/edge:http');
    assert.ok(all.length > 3);
    for (const { answer } of all) assert.match(answer, /^Likely: 50 % to 10\.244\.0\.17:8080/);
  });

  test('the same of a Service without endpoints: its elements say that it is refused', async () => {
    const all = await answers(grepped(ipv4!, 'shop/orphan-lb'), 'shop/orphan-lb:http');
    assert.ok(all.length > 3);
    for (const { answer } of all) {
      assert.match(
        answer,
        /^Likely not: REJECT \(a REJECT rule with icmp-port-unreachable: the Service has no endpoint\)/,
      );
    }
  });

  test('what `grep` left out accuses nobody', async () => {
    for (const name of ['shop/cart', 'shop/edge/', 'shop/orphan', 'shop/checkout']) {
      const { node } = await nodeOf(new Map([['excerpt.txt', grepped(listing, name)]]));
      const found = finish(checkNode(node)).filter(({ code }) => code !== 'table-incomplete');
      assert.deepEqual(
        found.map(({ message }) => message),
        [],
      );
    }
  });

  test('chains of one Service alone lead to its endpoints, whoever asks them', async () => {
    const [one, ...others] = await answers(blocks(ipv4!, /shop\/edge\/tcp/), 'shop/edge:http');
    assert.equal(one!.question, 'Where does shop/edge:http lead?');
    assert.match(
      one!.answer,
      /^Likely: its rules lead to 10\.244\.0\.17:8080 and 10\.244\.0\.18:8080\./,
    );
    assert.deepEqual(others, []);
  });

  test('whose table it is: of the names, and of the family of the addresses', () => {
    const tableOf = (text: string) =>
      nftRuleset('x.txt', text).tables.map(({ family, name }) => `${family} ${name}`);
    assert.deepEqual(tableOf(blocks(ipv4!, /^map service-/)), ['ip kube-proxy']);
    assert.deepEqual(tableOf(blocks(ipv6!, /^map service-/)), ['ip6 kube-proxy']);
    const other =
      'chain input {\n\ttcp dport 22 accept\n}\nmap services {\n\ttype ipv4_addr : verdict\n}\n';
    assert.deepEqual(tableOf(other), ['ip ']);
  });
});
