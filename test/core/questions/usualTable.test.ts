import assert from 'node:assert/strict';
import { formatAddress } from '../../../src/core/address';
import { filledChains } from '../../../src/core/questions/usualNftChain';
import { usualTable } from '../../../src/core/questions/usualTable';
import { rulesIn } from '../../../src/core/rules/lookUp';
import type { Chain } from '../../../src/core/rules/ruleset';
import type { Statement } from '../../../src/core/rules/statement';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';

const maps: Readonly<Record<string, string>> = {
  'service-ips': 'ipv4_addr . inet_proto . inet_service',
  'service-nodeports': 'inet_proto . inet_service',
  'no-endpoint-services': 'ipv4_addr . inet_proto . inet_service',
  'no-endpoint-nodeports': 'inet_proto . inet_service',
};
const map = (name: string) => `\tmap ${name} {\n\t\ttype ${maps[name]} : verdict\n\t}\n`;

/** A table that is cut off, as in an excerpt; with its end where `end` has it. */
const tableOf = (blocks: string, end = '', family = 'ip') =>
  nftRuleset('nft', `table ${family} kube-proxy {\n${blocks}${end}`).tables[0]!;

function statementText(statement: Statement): string {
  switch (statement.kind) {
    case 'jump':
      return `jump ${statement.chain}`;
    case 'vmap': {
      const { key, map: set } = statement;
      const parts = (key.kind === 'concat' ? key.parts : [key]).map((part) =>
        part.kind === 'payload' ? `${part.protocol} ${part.field}` : part.kind,
      );
      return `${parts.join(' . ')} vmap @${set.kind === 'named' ? set.name : '?'}`;
    }
    case 'REJECT':
      return `reject ${statement.with}`;
    default:
      return statement.kind;
  }
}

/** `nat prerouting -100: jump services`, each rule behind a bar. */
function chainText(chain: Chain): string {
  const { base } = chain;
  const rules = rulesIn(chain).map(({ statements }) => statements.map(statementText).join(' '));
  const at = base ? `${base.type} ${base.hook} ${base.priority} ${base.policy}: ` : '';
  return at + rules.join(' | ');
}

const told = (table: ReturnType<typeof tableOf>) =>
  Object.fromEntries(
    [...usualTable(table).chains].map(([name, chain]) => [name, chainText(chain)]),
  );

suite('kube-proxy’s table as it usually is, of which an excerpt has maps alone', () => {
  test('every hook leads to the maps that are there (pkg/proxy/nftables/proxier.go)', () => {
    const all = told(tableOf(Object.keys(maps).map(map).join('')));
    assert.deepEqual(all, {
      'nat-prerouting': 'nat prerouting -100 ACCEPT: jump services',
      'nat-output': 'nat output -100 ACCEPT: jump services',
      'nat-postrouting': 'nat postrouting 100 ACCEPT: jump masquerading',
      services:
        'ip daddr . meta . th dport vmap @service-ips | addrtype meta . th dport vmap @service-nodeports',
      'mark-for-masquerade': all['mark-for-masquerade'],
      masquerading: 'mark MASQUERADE',
      'filter-input': 'filter input 0 ACCEPT: jump service-endpoints-check',
      'filter-forward': 'filter forward 0 ACCEPT: jump service-endpoints-check',
      'filter-output': 'filter output 0 ACCEPT: jump service-endpoints-check',
      'service-endpoints-check':
        'ip daddr . meta . th dport vmap @no-endpoint-services | addrtype meta . th dport vmap @no-endpoint-nodeports',
      'reject-chain': 'reject icmp-port-unreachable',
    });
  });

  test('of IPv6 with IPv6’s addresses and refusal', () => {
    const six = told(tableOf(map('service-ips').replace('ipv4', 'ipv6'), '', 'ip6'));
    assert.match(six['services']!, /^ip6 daddr \. meta \. th dport vmap @service-ips \| /);
    assert.equal(six['reject-chain'], 'reject icmp6-port-unreachable');
  });

  test('a map that the excerpt lacks is not asked', () => {
    assert.equal(
      told(tableOf(map('service-nodeports')))['services'],
      ' | addrtype meta . th dport vmap @service-nodeports',
    );
    assert.equal(told(tableOf(map('service-ips')))['service-endpoints-check'], ' | addrtype');
  });

  test('a chain that the excerpt has stays as it is; whom its sets do not name is in none', () => {
    const own = '\tchain services {\n\t\tjump mine\n\t}\n';
    const table = tableOf(own + map('service-ips'));
    assert.equal(told(table)['services'], 'jump mine');
    assert.ok([...usualTable(table).sets!.values()].every(({ complete }) => complete));
  });

  test('a whole table, one that has them all, and one without a place are the same', () => {
    const whole = tableOf(map('service-ips') + map('service-nodeports'), '}\n');
    assert.equal(usualTable(whole), whole);
    const nothing = { ...tableOf(''), declared: undefined };
    assert.equal(usualTable(nothing), nothing);
    const filled = usualTable(tableOf(map('service-ips')));
    assert.equal(usualTable(filled), filled);
  });
});

suite('chains of a Service of which a search for its name leaves rules out', () => {
  const own = 'ULMVA6XW-ns1/svc1/tcp/p80';
  const endpoint = 'endpoint-5OJB2KTY-ns1/svc1/tcp/p80__10.180.0.1/80';
  const chain = (name: string, ...rules: readonly string[]) =>
    `\tchain ${name} {\n${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}\n`;
  const filled = (...blocks: readonly string[]) => {
    const found = [...filledChains(tableOf(blocks.join('')))];
    return Object.fromEntries(found.map((one) => [one.name, chainText(one)]));
  };
  const leads = `goto service-${own}`;

  test('the mark before the only rule of an external chain that goes to all endpoints', () => {
    const external = (...rules: readonly string[]) =>
      filled(chain(`external-${own}`, ...rules))[`external-${own}`];
    assert.equal(external(leads), 'assign | goto');
    for (const rules of [
      [`counter ${leads}`],
      [`jump service-${own}`],
      [`goto local-${own}`],
      ['goto mine'],
      [`${leads} comment "mine"`],
      ['counter', leads],
      [leads, 'drop'],
      [],
    ]) {
      assert.doesNotMatch(external(...rules) ?? '', /assign/, rules.join('; '));
    }
    assert.doesNotMatch(filled(chain(`local-${own}`, leads))[`local-${own}`]!, /assign/);
  });

  test('the translation of an endpoint by its name, where no rule has it', () => {
    const rules = (...some: readonly string[]) => filled(chain(endpoint, ...some))[endpoint];
    assert.equal(rules(), 'DNAT');
    const nowhere = endpoint.replace('10.180.0.1', 'x.y.z.1');
    assert.deepEqual(filled(chain(nowhere, 'counter'))[nowhere], 'counter');
    const [made] = filledChains(tableOf(chain(endpoint)));
    const [statement] = made!.rule(0).statements;
    assert.ok(statement?.kind === 'DNAT');
    const { addresses, ports, random, fullyRandom, persistent } = statement;
    assert.equal(addresses && formatAddress(addresses.from), '10.180.0.1');
    assert.deepEqual(addresses?.to, addresses?.from);
    assert.deepEqual(ports, { from: 80, to: 80 });
    // kube-proxy names no flag (pkg/proxy/nftables/proxier.go, writeServiceToEndpointRules).
    assert.deepEqual([random, fullyRandom, persistent], [false, false, false]);
    assert.equal(
      rules('ip saddr 10.180.0.1 jump mark-for-masquerade'),
      'compare jump mark-for-masquerade | DNAT',
    );
    assert.equal(rules('meta l4proto tcp dnat to 10.180.0.9:80')!.split('DNAT').length, 2);
  });

  test('a chain of an endpoint that a rule leads to, by jumps and by maps; none of other names', () => {
    for (const rule of [
      `goto ${endpoint}`,
      `jump ${endpoint}`,
      `numgen random mod 1 vmap { 0 : goto ${endpoint} }`,
    ]) {
      assert.equal(filled(chain(`service-${own}`, rule))[endpoint], 'DNAT', rule);
    }
    assert.deepEqual(Object.keys(filled(chain(`service-${own}`, 'goto mine'))), [`service-${own}`]);
    // A chain that chooses and has no rule is not at hand; a chain of others stays.
    assert.deepEqual(Object.keys(filled(chain(`service-${own}`), chain('mine'))), ['mine']);
  });
});
