import assert from 'node:assert/strict';
import { withMaps } from '../../../../src/syntax/pasted/nft/strayElements';

const web = '\t\t\t     10.96.0.7 . tcp . 80 : goto service-AAAAAAAA-shop/web/tcp/,';

function put(...lines: readonly string[]): readonly string[] | undefined {
  return withMaps(lines)?.map(({ text }) => text);
}

suite("elements of kube-proxy's maps without their map", () => {
  test('which map it was, by verdict and key', () => {
    for (const [element, map, family] of [
      ['10.96.0.7 . tcp . 80 : goto service-AAAAAAAA-shop/web/tcp/', 'service-ips', 'ip'],
      ['fd00::7 . udp . 53 : goto local-AAAAAAAA-shop/web/udp/', 'service-ips', 'ip6'],
      ['tcp . 30080 : goto external-AAAAAAAA-shop/web/tcp/', 'service-nodeports', 'ip'],
      ['6 . 30080 : goto external-AAAAAAAA-shop/web/tcp/', 'service-nodeports', 'ip'],
      ['203.0.113.7 . tcp . 80 : goto firewall-AAAAAAAA-shop/web/tcp/', 'firewall-ips', 'ip'],
      ['10.96.0.7 . tcp . 80 comment "shop/web" : goto reject-chain', 'no-endpoint-services', 'ip'],
      ['tcp . 30080 comment "shop/web" : drop', 'no-endpoint-nodeports', 'ip'],
    ] as const) {
      const lines = put(`\t\telements = { ${element} }`, '\t}');
      assert.deepEqual(
        lines?.slice(0, 2),
        [`table ${family} kube-proxy {`, `map ${map} {`],
        element,
      );
      assert.ok(lines.includes(`${element},`), element);
      assert.ok(!lines.includes('\t}'), 'the brace of the map that was left out');
    }
  });

  test('those of one command make one table, and keep their places', () => {
    const six = '             fd00::7 . tcp . 80 : goto service-AAAAAAAA-shop/web/tcp/,';
    const taken = withMaps([
      '$ nft list ruleset | grep web',
      web,
      six,
      web,
      '# nft list ruleset',
      web,
    ]);
    assert.deepEqual(
      taken!.filter(({ text }) => /^(?:table|[\da-f:.]+ \.)/.test(text)),
      [
        { text: 'table ip kube-proxy {', line: 1, column: 0 },
        { text: web.trim(), line: 1, column: 8 },
        { text: web.trim(), line: 3, column: 8 },
        { text: 'table ip6 kube-proxy {', line: 2, column: 0 },
        { text: six.trim(), line: 2, column: 13 },
        { text: 'table ip kube-proxy {', line: 5, column: 0 },
        { text: web.trim(), line: 5, column: 8 },
      ],
    );
  });

  test('a map that is there keeps its own, and so does a listing with its table', () => {
    assert.equal(put('\tmap service-ips {', '\t\ttype ipv4_addr : verdict', web, '\t}'), undefined);
    assert.equal(put('table ip kube-proxy {', web), undefined);
    assert.equal(put('\t\ttcp dport 80 goto web', 'elements = { 10.0.0.1, 10.0.0.2 }'), undefined);
  });

  test('the map of node ports has no address in its key', () => {
    const types = (...lines: readonly string[]) =>
      withMaps(lines)?.flatMap(({ text }) => (text.startsWith('type ') ? [text] : []));
    const chain = 'external-LX3JQ64U-shop/web/tcp/http';
    const verdict = 'inet_proto . inet_service : verdict';
    assert.deepEqual(types(`\t\ttcp . 30080 : goto ${chain},`), [`type ${verdict}`]);
    assert.deepEqual(types('\t\ttcp . 30080 comment "shop/web:http" : drop,'), [`type ${verdict}`]);
    assert.deepEqual(types(`\t\t10.96.0.5 . tcp . 80 : goto ${chain},`), [
      `type ipv4_addr . ${verdict}`,
    ]);
    assert.deepEqual(types(`\t\tfd00::5 . tcp . 80 : goto ${chain},`), [
      `type ipv6_addr . ${verdict}`,
    ]);
  });

  test('thousands of prompts and elements take no longer than their number', () => {
    const many = (n: number) => Array.from({ length: n }, () => ['# nft', web]).flat();
    const cpu = (lines: readonly string[]) => {
      const before = process.cpuUsage();
      withMaps(lines);
      return process.cpuUsage(before).user;
    };
    cpu(many(1000));
    assert.ok(cpu(many(8000)) < 40 * Math.max(cpu(many(1000)), 2000));
  });
});
